"""The small knowledge folder of the tests, with the texts that the connectors say themselves."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.knowledge_tree import Tree, make_tree

KA = """
apology: ბოდიში, რაღაც გაფუჭდა. ცხელი ხაზი {hotline}.
slow: პასუხს ვეძებ, ერთი წუთით…
waiting_engine: მივიღე, პასუხს ცოტა ხანში მოგწერთ.
too_many: ცოტა დამაცადეთ.
too_long: ძალიან გრძელია.
bot_speaking: გწერთ C-Bot, პროგრამა.
menu_main_button: მთავარი მენიუ
deletion_unmatched: ვერ ვიპოვეთ. კოდი {code}, {date}.
deletion_unknown: ასეთი კოდი არ გვაქვს.
button_expired:
  text: ეს ღილაკი აღარ მუშაობს.
  buttons:
  - {title: მენიუ, payload: "act:help"}
"""
EN = """
topics: {waste: Waste}
apology: Sorry, something broke. The hotline is {hotline}.
slow: Looking for the answer, one minute…
waiting_engine: I have it and will answer in a little while.
too_many: Give me a moment.
too_long: That is too long.
bot_speaking: This is C-Bot, a program.
menu_main_button: Main menu
deletion_unmatched: We could not find it. Code {code}, {date}.
deletion_unknown: We have no such code.
button_expired:
  text: This button no longer works.
  buttons:
  - {title: Menu, payload: "act:help"}
"""


def write_knowledge(root: Path) -> Tree:
    """Write the folder into ``root``."""
    tree = make_tree(root)
    for code, more in (("ka", KA), ("en", EN)):
        name = f"texts/{code}.yml"
        tree.write(name, (root / name).read_text(encoding="utf-8") + more)
    return tree

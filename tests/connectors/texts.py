"""The small knowledge folder of the tests, with the texts that the connectors say themselves."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.knowledge_tree import Tree, make_tree

KA = """
apology: ბოდიში, რაღაც გაფუჭდა. ცხელი ხაზი {hotline}.
slow: პასუხს ვეძებ, ერთი წუთით…
waiting_engine: მივიღე, პასუხს ცოტა ხანში მოგწერთ.
too_many: ცოტა დამაცადეთ.
private_only: მხოლოდ პირადად ვპასუხობ.
contact_not_own: ეს ნომერი თქვენი არ ჩანს.
bot_description: მე C-Bot ვარ, {city_hall}.
bot_short_description: "{city_hall}: პასუხები"
command_start: თავიდან
command_menu: მენიუ
too_long: ძალიან გრძელია.
bot_speaking: გწერთ C-Bot, პროგრამა.
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
private_only: I answer in private only.
contact_not_own: That number is not yours.
bot_description: I am C-Bot, {city_hall}.
bot_short_description: "{city_hall}: answers"
command_start: Start over
command_menu: Menu
too_many: Give me a moment.
too_long: That is too long.
bot_speaking: This is C-Bot, a program.
deletion_unmatched: We could not find it. Code {code}, {date}.
deletion_unknown: We have no such code.
button_expired:
  text: This button no longer works.
  buttons:
  - {title: Menu, payload: "act:help"}
"""


#: A string of the page that Telegram's messages use too.
SOURCE = {"ka": "page: {source: წყარო, ", "en": "page: {source: Source, "}


def write_knowledge(root: Path) -> Tree:
    """Write the folder into ``root``."""
    tree = make_tree(root)
    for code, more in (("ka", KA), ("en", EN)):
        name = f"texts/{code}.yml"
        given = (root / name).read_text(encoding="utf-8")
        tree.write(name, given.replace("page: {", SOURCE[code]) + more)
    return tree

"""A small knowledge folder that passes every check, for tests to change one thing in it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from bot.core.knowledge_folder import Loaded, check_all, load_all

CATALOGUE = """\
version: 1
topics:
  waste:
    name: {ka: ნარჩენები, en: Waste}
    services:
      fee:     {what: how much the fee is, how it is counted}
      payment: {what: where to pay}
  parks:
    name: {ka: პარკები, en: Parks}
    services:
      trees: {what: felling a tree}
dialogue:
  greet: {what: hello}
  help:  {what: what can you do}
  human: {what: a person}
"""

NATIONAL = """\
waste.fee:
  title: {ka: დასუფთავება, en: Cleaning fee}
  long_title: {ka: დასუფთავების მოსაკრებელი, en: Household cleaning fee}
  answer:
    ka: თვეში {cap} ლარზე მეტს არ იხდით. ჰკითხეთ ცხელ ხაზზე {hotline}.
    en: You pay at most {cap} GEL a month. Ask the hotline {hotline}.
  attributes:
    price:
      ka: ზღვარი {cap} ლარია.
      en: The cap is {cap} GEL.
    documents:
      ka: საბუთი არ გჭირდებათ.
      en: No papers needed.
    penalty:
      ka: ჯარიმა {fine} ლარია.
      en: The fine is {fine} GEL.
    law:
      ka: კანონი მოსაკრებლების შესახებ.
      en: The law on fees.
  facts:
    cap:
    - value: 2.50
      unit: GEL
      valid_from: 2020-01-01
      valid_until: 2023-12-31
      source: law
    - value: 3
      unit: GEL
      valid_from: 2024-01-01
      valid_until: null
      source: law
    fine:
    - value: 10000
      valid_from: 2020-01-01
      valid_until: 2025-12-31
      source: code
  sources:
    law:
      title: {ka: კანონი, en: Law}
      url: https://example.ge/law
      date: 2024-01-01
    code:
      title: {ka: კოდექსი, en: Code}
      url: https://example.ge/code
      date: 2020-01
  related: [waste.payment, parks.trees]
  verified_on: 2026-01-10
  review_by: 2026-07-10
  owner: finance
waste.payment:
  title: {ka: გადახდა, en: Payment, ru: Оплата}
  long_title: {ka: სად გადავიხადო, en: Where to pay}
  answer: {ka: ბანკში., en: At a bank., ru: В банке.}
  sources:
    law:
      title: {ka: კანონი, en: Law}
      url: https://example.ge/law
      date: 2024
  verified_on: 2026-01-10
  review_by: 2026-07-10
  owner: finance
"""

RUSTAVI = """\
waste.fee:
  answer:
    ka: რუსთავში {rate} ლარს იხდით.
    en: In Rustavi you pay {rate} GEL.
  facts:
    rate:
    - value: 0.40
      unit: GEL
      valid_from: 2015-02-26
      source: decree
  sources:
    decree:
      title: {ka: დადგენილება, en: Decree}
      url: https://example.ge/decree
      date: 2015-02-26
  links:
  - title: {ka: გვერდი, en: Page}
    url: https://example.ge/fee
"""

TOWN = """\
id: {id}
name: {{ka: {ka}, en: {en}}}
city_hall: {{ka: {ka} მერია, en: {en} City Hall}}
contacts:
  {contact}: {{value: "1300", source: site}}
  address: {{ka: კოსტავას 20, en: 20 Kostava Ave, source: site}}
sources:
  site:
    title: {{ka: საიტი, en: Site}}
    url: https://example.ge
    date: 2026-01-01
verified_on: 2026-01-10
review_by: 2026-07-10
"""

KA = """\
greet:
  text: |
    გამარჯობა, {city_hall}!
    ცხელი ხაზი: {hotline}
    ელფოსტა: {email}
    გამოდის {count}
  buttons:
  - {title: მენიუ, payload: "act:help"}
human: დარეკეთ. ცხელი ხაზია {hotline}.
menu_title: აირჩიეთ თემა
topic_title: "{topic}: აირჩიეთ"
offer: რომელი?
none_of_these_title: არცერთი
not_understood: ვერ გავიგე
no_answer_yet: ჯერ არ ვიცი
attribute_missing: "{service}: არ ვიცი"
all_told: "{service}: მეტი არ ვიცი"
only_in_english: ინგლისურად
sources_title: "აქედან:"
next_step: "შემდეგ: {step}"
national_only: საერთო წესია ({municipality})
expired: მოძველებულია
checked_on: შემოწმდა {date}
person_button: ადამიანი
attributes:
  price: ფასი
  documents: საბუთები
  steps: ნაბიჯები
  deadline: ვადა
  place: სად
  contact: ვის
  who: ვინ
  exceptions: გამონაკლისი
  penalty: ჯარიმა
  law: კანონი
topics: {waste: ნაგავი}
page: {send: გაგზავნა, again: თავიდან}
national_rule: ყველგან ასეა
"""

EN = """\
greet:
  text: |
    Hello, {city_hall}!
    Hotline: {hotline}
    E-mail: {email}
    Makes {count}
  buttons:
  - {title: Menu, payload: "act:help"}
human: Call us. The hotline is {hotline}.
menu_title: Choose a topic
topic_title: "{topic}: choose"
offer: Which one?
none_of_these_title: None
not_understood: I did not get that
no_answer_yet: I do not know yet
attribute_missing: "{service}: I do not know"
all_told: "{service}: no more"
only_in_english: In English
sources_title: "From:"
next_step: "Next: {step}"
national_only: The general rule ({municipality})
expired: It is out of date
checked_on: Checked {date}
person_button: A person
attributes:
  price: Price
  documents: Papers
  steps: Steps
  deadline: Deadline
  place: Where
  contact: Whom
  who: Who
  exceptions: Exceptions
  penalty: Fine
  law: Law
page: {send: Send, again: Again}
national_rule: It is so everywhere
"""

RU = """\
greet:
  text: |
    Привет!
    Линия: {hotline}
    Почта: {email}
    Выходит {count}
  buttons:
  - {title: Меню, payload: "act:help"}
page: {send: Отправить}
"""


class Tree:
    """A knowledge folder on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> None:
        """Put ``text`` into the file ``name`` of the folder."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Put ``new`` in place of the first ``old`` of a file; ``old`` must stand in it."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        (self.root / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def load(self) -> Loaded:
        return load_all(self.root)

    def findings(self) -> list[str]:
        return [str(finding) for finding in check_all(self.root)[0]]


def make_tree(root: Path) -> Tree:
    """Write the small folder into ``root``."""
    tree = Tree(root)
    tree.write("catalogue.yml", CATALOGUE)
    tree.write("national/waste.yml", NATIONAL)
    tree.write("rustavi/waste.yml", RUSTAVI)
    for id, ka, en, contact in (
        ("rustavi", "რუსთავის", "Rustavi", "hotline"),
        ("bolnisi", "ბოლნისის", "Bolnisi", "phone"),
    ):
        tree.write(f"{id}/municipality.yml", TOWN.format(id=id, ka=ka, en=en, contact=contact))
    tree.write("texts/ka.yml", KA)
    tree.write("texts/en.yml", EN)
    tree.write("texts/ru.yml", RU)
    return tree

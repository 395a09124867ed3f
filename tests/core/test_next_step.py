from __future__ import annotations

from datetime import date

import pytest

from bot.core import answers
from bot.core.knowledge import Entry
from bot.core.next_step import is_story, next_step
from tests.fakes.knowledge_tree import Tree

DAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("attributes", "step"),
    [
        ({"steps": {"en": "1. Call us.\n2. Come in.\n"}}, "Call us."),
        ({"steps": {"en": "1. Write. Then sign.\n2. Wait.\n"}}, "Write."),
        ({"steps": {"en": "1. Come to 20 Kostava Ave. 20, flat 3. Then sign."}},
         "Come to 20 Kostava Ave. 20, flat 3."),
        ({"steps": {"en": "So it was in 2019:\n1. City hall chose.\n2. People voted.\n"}}, None),
        ({"steps": {"en": "• fever\n• cough\n"}}, None),
        ({"steps": {"en": "In 2022 people applied at the office."}}, None),
        ({"steps": {"en": "Ask city hall. It is open."}}, "Ask city hall."),
        ({"steps": {"en": "Ask at 3.5 km"}}, "Ask at 3.5 km"),
        ({"steps": {"ka": "დარეკეთ."}, "contact": {"en": "City Hall."}}, None),
        ({"price": {"en": "Free."}}, None),
    ],
)  # fmt: skip
def test_the_first_step_is_one_sentence(
    attributes: dict[str, dict[str, str]], step: str | None
) -> None:
    assert next_step(Entry("x", attributes=attributes), "en", DAY) == step


def test_a_story_is_answered_with_the_next_step(tree: Tree) -> None:
    tree.change(
        "national/waste.yml", "    documents:\n",
        "    steps:\n      ka: დარეკეთ ცხელ ხაზზე {hotline}. მერე მოდით.\n"
        "      en: Call the hotline {hotline}. Then come.\n    documents:\n",
    )  # fmt: skip
    loaded = tree.load()
    for language, text in (("en", "Next: Call the hotline 1300."), ("ka", "დარეკეთ ცხელ")):
        told = answers.card(
            loaded.knowledge, loaded.texts, loaded.catalogue, "waste.fee", "rustavi", language,
            today=DAY, story=True,
        )  # fmt: skip
        assert text in told.text.split("\n\n")[1]


def test_long_messages_are_stories() -> None:
    assert not is_story("რა ღირს დასუფთავება?")
    assert is_story("we moved " * 6)

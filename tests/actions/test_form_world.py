"""The message that opens a form, also when a button had to say that it does."""

from __future__ import annotations

from typing import Any

import pytest

from bot.actions import form_world
from tests.actions.conversation import tracker

PROBLEM = "participation.report_problem"
SAID = "მშვიდობის ქუჩაზე ორმოა"
STREET = {"entity": "street", "value": "მშვიდობის ქუჩა", "text": "მშვიდობის ქუჩაზე"}


def pressed_after(action: str, offered: list[str]) -> Any:
    asked = tracker(PROBLEM, slots={"offered": offered})
    asked.latest_message["outcome"] = None
    asked.events = [
        {"event": "user", "text": "გამარჯობა"},
        {"event": "action", "name": "action_menu"},
        {"event": "user", "text": SAID, "parse_data": {"entities": [STREET]}},
        {"event": "action", "name": action},
        {"event": "user", "text": "/button"},
    ]
    return asked


def test_what_was_said_before_the_offer_opens_the_form() -> None:
    opening = form_world.opening(pressed_after("action_not_sure", [PROBLEM]))
    assert opening.text == SAID
    assert [(one.kind, one.value) for one in opening.named] == [("street", "მშვიდობის ქუჩა")]


@pytest.mark.parametrize(
    ("action", "offered"),
    [("action_menu", [PROBLEM]), ("action_not_sure", ["participation.submit_idea"])],
)
def test_a_button_of_anything_else_opens_it_empty(action: str, offered: list[str]) -> None:
    opening = form_world.opening(pressed_after(action, offered))
    assert (opening.text, opening.named) == ("", ())


def test_a_message_that_opens_it_by_itself_is_read_as_it_is() -> None:
    said = tracker(PROBLEM, SAID)
    said.latest_message["outcome"] = "answered"
    assert form_world.opening(said).text == SAID

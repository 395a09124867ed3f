"""What was told before a form was opened by a button or a yes is what the form is about."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import form_world
from bot.actions.accept_offer import AcceptOffer
from bot.core.submissions.model import Kind
from tests.actions.conversation import tracker

HOLE = "კოსტავაზე დიდი ორმოა"


def after(text: str, action: str, outcome: str | None = "offered", **slots: Any) -> Tracker:
    """A conversation whose last message but one was ``text``, answered by ``action``."""
    street = {"entity": "street", "value": "კოსტავას გამზირი", "text": "კოსტავაზე"}
    events = [
        {
            "event": "user",
            "text": text,
            "parse_data": {"entities": [street], **({"outcome": outcome} if outcome else {})},
        },
        {"event": "action", "name": action},
        {"event": "bot"},
        {"event": "action", "name": "action_listen"},
        {"event": "user"},
    ]
    now = tracker("dialogue.affirm", slots={"language": "ka", **slots})
    return Tracker("web:a", now.slots, now.latest_message, events, False, None, {}, "action_listen")


def test_words_that_were_offered_services_are_what_the_form_is_about() -> None:
    said = form_world.said_before(after(HOLE, "action_not_sure"), Kind.PROBLEM)
    assert said.text == HOLE
    assert [place.value for place in said.named] == ["კოსტავას გამზირი"]


@pytest.mark.parametrize(
    ("text", "action", "outcome", "kind"),
    [
        # Thanks, a button, a question about an idea, a question that a card answered.
        ("დიდი მადლობა დახმარებისთვის", "utter_thank", "answered", Kind.PROBLEM),
        ("service:local_fees.cleaning_fee", "action_answer_service", None, Kind.PROBLEM),
        ("როგორ ჩავაბარო პლასტმასი?", "action_not_sure", "offered", Kind.IDEA),
        ("ვინ ჭრის ხმელ ხეს?", "action_answer_service", "answered", Kind.PROBLEM),
    ],
)
def test_what_tells_of_nothing_is_not_taken_along(
    text: str, action: str, outcome: str | None, kind: Kind
) -> None:
    assert form_world.said_before(after(text, action, outcome), kind).text == ""


def test_a_problem_may_have_been_told_as_a_question() -> None:
    asked = after("როდის დააგებთ ორმოს კოსტავაზე?", "action_not_sure")
    assert form_world.said_before(asked, Kind.PROBLEM).text


def test_yes_to_the_one_offer_of_a_form_opens_it_with_the_words_of_before() -> None:
    told = after(HOLE, "action_not_sure", offered=["participation.report_problem"])
    events = AcceptOffer().run(CollectingDispatcher(), told, {})
    (draft,) = (event["value"] for event in events if event.get("name") == "draft")
    assert draft["answers"]["body"] == HOLE
    assert events[-1]["name"] == "problem_form"

"""Somebody in danger is told whom to call before anything else is said."""

from __future__ import annotations

import uuid

import pytest

from bot.actions import library
from bot.engine.alarm import alarmed
from bot.engine.context import intent_of
from bot.engine.processor import CityAgent
from bot.nlu.outcome import ANSWERED, OUTCOME
from tests.engine.resident import Resident

DANGER = library.say("danger", "ka").text


@pytest.mark.anyio
async def test_danger_is_answered_with_the_number_to_call(resident: Resident) -> None:
    (reply,) = (await resident.says("ხანძარია, დაგვეხმარეთ")).replies
    assert reply.text == DANGER
    assert [button.payload for button in reply.buttons] == ["act:human"]


@pytest.mark.anyio
async def test_despair_is_never_answered_with_anything_else(resident: Resident) -> None:
    (reply,) = (await resident.says("აღარ მინდა სიცოცხლე")).replies
    assert reply.text == library.say("despair", "ka").text


@pytest.mark.parametrize(
    ("service", "intent"),
    [
        ("participation.report_problem", "participation.report_problem"),
        ("social_programmes.housing_support", "social_programmes.housing_support"),
        ("local_fees.cleaning_fee", "danger"),
    ],
)
def test_only_what_helps_is_said_after_the_warning(service: str, intent: str) -> None:
    parsed = {"intent": {"name": service, "confidence": 0.9}, OUTCOME: ANSWERED}
    assert intent_of(alarmed(parsed, "ხანძარია", in_a_form=False)) == intent
    assert intent_of(alarmed(parsed, "ნაგავია", in_a_form=False)) == service
    assert intent_of(alarmed(parsed, "თავს მოვიკლავ", in_a_form=False)) == "despair"


@pytest.mark.anyio
async def test_a_form_goes_on_after_the_warning(resident: Resident, agent: CityAgent) -> None:
    await resident.presses("start:problem")
    await resident.presses("form:yes")
    key, text = uuid.uuid4().hex, "სადარბაზოში გაზის სუნია მესამე დღეა"
    told = (await resident.says(text, message_id=key)).replies
    assert told[0].text == DANGER
    assert len(told) > 1
    agent.tracker_store.clear()
    assert (await resident.says(text, message_id=key)).replies == told

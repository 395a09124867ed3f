"""Somebody in danger is told whom to call before anything else is said."""

from __future__ import annotations

import uuid

import pytest

from bot.actions import library
from bot.engine.processor import CityAgent
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


@pytest.mark.anyio
async def test_a_question_beside_the_danger_is_answered_after_it(
    resident: Resident, agent: CityAgent
) -> None:
    key, text = uuid.uuid4().hex, "ხანძარია. რა ღირს დასუფთავება?"
    told = (await resident.says(text, message_id=key)).replies
    assert told[0].text == DANGER
    assert told[1].service == "local_fees.cleaning_fee"
    agent.tracker_store.clear()
    assert (await resident.says(text, message_id=key)).replies == told


@pytest.mark.anyio
async def test_a_form_goes_on_after_the_warning(resident: Resident) -> None:
    await resident.presses("start:problem")
    await resident.presses("form:yes")
    told = (await resident.says("სადარბაზოში გაზის სუნია მესამე დღეა")).replies
    assert told[0].text == DANGER
    assert len(told) > 1

from __future__ import annotations

import pytest

from bot.actions import library
from bot.engine.processor import CityAgent
from tests.engine.resident import Resident

pytestmark = pytest.mark.anyio


async def draft(agent: CityAgent, resident: Resident) -> dict[str, object]:
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    assert tracker is not None
    return dict((tracker.get_slot("draft") or {}).get("answers") or {})


async def test_27_an_edit_changes_the_answer_while_the_form_waits(
    agent: CityAgent, resident: Resident
) -> None:
    await resident.presses("start:problem")
    await resident.presses("form:yes")
    before = await draft(agent, resident)
    text = "კოსტავას ქუჩაზე დიდი ორმოა და მანქანები ზიანდება"
    await resident.says(text, message_id="m1")
    assert text in str(await draft(agent, resident))
    edited = "კოსტავას გამზირზე დიდი ორმოა და მანქანები ზიანდება"
    result = await resident.says(edited, message_id="m2", edit_of="m1")
    assert result.replies
    after = await draft(agent, resident)
    assert edited in str(after)
    assert text not in str(after)
    assert before != after


async def test_27_an_edit_of_what_was_answered_long_ago_does_nothing(
    agent: CityAgent, resident: Resident
) -> None:
    await resident.says("nagvis fuli ramdenia", message_id="m1")
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    assert tracker is not None
    events = len(tracker.events)
    for edit_of in ("m1", "m0"):
        result = await resident.says("nagvis gadasaxadi", message_id="m2", edit_of=edit_of)
        assert result.replies == ()
    assert len(tracker.events) == events


async def test_27_an_edit_of_an_earlier_answer_of_the_form_does_nothing(
    agent: CityAgent, resident: Resident
) -> None:
    await resident.presses("start:problem")
    await resident.presses("form:yes")
    await resident.says("კოსტავას ქუჩაზე დიდი ორმოა და მანქანები ზიანდება", message_id="m1")
    await resident.says("კოსტავას ქუჩა 12", message_id="m2")
    before = await draft(agent, resident)
    result = await resident.says("სხვა რამ სულ სხვა ადგილას", message_id="m3", edit_of="m1")
    assert result.replies == ()
    assert await draft(agent, resident) == before


async def test_27_what_is_taken_back_is_forgotten_and_asked_again(
    agent: CityAgent, resident: Resident
) -> None:
    await resident.presses("start:problem")
    await resident.presses("form:yes")
    text = "კოსტავას ქუჩაზე დიდი ორმოა და მანქანები ზიანდება"
    asked = await resident.says(text, message_id="m1")
    gone = await resident.presses("form:resume", edit_of="m1")
    assert text not in str(await draft(agent, resident))
    assert gone.replies[-1].text != asked.replies[-1].text
    assert gone.replies[-1].text == library.say("form_ask_body_problem", "ka").text
    # Once more, or without any form, it is nothing.
    assert (await resident.presses("form:resume", edit_of="m0")).replies == ()

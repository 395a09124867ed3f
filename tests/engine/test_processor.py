"""Sessions: bounded, and nothing the resident relies on is lost at their border."""

from __future__ import annotations

import asyncio
import json

import pytest
from rasa.shared.core.events import SessionStarted, SlotSet, UserUttered
from sqlalchemy import select

from bot.engine.processor import MOST_EVENTS, CityAgent
from bot.store.database import Database
from bot.store.tables import events
from tests.engine.resident import Resident

#: The most that one turn adds.
A_TURN = 15


def sessions(database: Database) -> int:
    with database.engine.connect() as connection:
        rows = connection.execute(
            select(events.c.id).where(events.c.type_name == SessionStarted.type_name)
        )
        return len(rows.all())


@pytest.mark.anyio
async def test_long_conversation_begins_a_new_session_with_focus_and_language(
    resident: Resident, database: Database
) -> None:
    await resident.presses("language:en")
    await resident.says("nagvis fuli ramdenia")
    turns = 0
    while sessions(database) < 3:
        result = await resident.says("and where do I go?")
        assert result.replies[0].service == "local_fees.cleaning_fee"
        assert result.language == "en"
        turns += 1
        assert turns < MOST_EVENTS
    result = await resident.says("და სად მივიდე?")
    assert (result.replies[0].service, result.language) == ("local_fees.cleaning_fee", "en")


@pytest.mark.anyio
async def test_new_session_carries_over_one_value_of_each_slot(
    resident: Resident, agent: CityAgent, database: Database
) -> None:
    while sessions(database) < 4:
        await resident.says("nagvis fuli ramdenia")
        await resident.says("რამდენია პარკირების საფასური?")
    agent.tracker_store.clear()
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    begin = [
        event.key
        for event in list(tracker.events)[
            : [isinstance(event, UserUttered) for event in tracker.events].index(True)
        ]
        if isinstance(event, SlotSet)
    ]
    assert "service" in begin
    assert "language" in begin
    assert len(begin) == len(set(begin))


@pytest.mark.slow
@pytest.mark.anyio
async def test_three_hundred_turns_stay_bounded_in_memory_and_complete_in_the_database(
    resident: Resident, agent: CityAgent, database: Database
) -> None:
    await resident.says("nagvis fuli ramdenia")
    for number in range(300):
        text = "და სად მივიდე?" if number % 3 else "asdf qwer 😀"
        result = await resident.says(text)
        assert result.replies
        if number % 3:
            assert result.replies[0].service == "local_fees.cleaning_fee"
        tracker = await agent.tracker_store.retrieve(resident.conversation)
        assert len(tracker.events) <= MOST_EVENTS + A_TURN
    with database.engine.connect() as connection:
        rows = connection.execute(
            select(events.c.data).where(events.c.type_name == UserUttered.type_name)
        )
        said = [json.loads(data)["text"] for (data,) in rows]
    assert len(said) == 301


@pytest.mark.anyio
async def test_municipality_of_the_resident_is_kept(resident: Resident, agent: CityAgent) -> None:
    resident.given["municipality"] = "rustavi"
    await resident.says("გამარჯობა")
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    assert tracker.get_slot("municipality") == "rustavi"


@pytest.mark.anyio
async def test_others_go_on_while_a_message_is_being_understood(agent: CityAgent) -> None:
    ticks = 0

    async def others() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    running = asyncio.create_task(others())
    await asyncio.sleep(0)
    before = ticks
    await agent.parse_message("nagvis fuli ramdenia " * 20)
    running.cancel()
    assert ticks > before + 1

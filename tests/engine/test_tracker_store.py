"""What the store promises: memory and database always tell the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.core.errors import MissingError
from bot.engine.processor import CityAgent
from bot.engine.start import build_agent
from bot.engine.tracker_store import MemoryStore, WriteThroughStore
from bot.store import migrate
from bot.store.database import Database, open_database
from bot.store.events import latest_session
from bot.store.tables import events
from tests.engine.resident import Resident
from tests.fakes.databases import fresh_url

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
TALK = ["nagvis fuli ramdenia", "და სად მივიდე?", "asdf", "how much is the garbage bill?", "ok 👍"]


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with fresh_url(request.param, tmp_path) as url:
        migrate.upgrade(url)
        opened = open_database(url)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def loaded(small_model: Path) -> CityAgent:
    return build_agent(small_model, None)


@pytest.fixture
def agent(loaded: CityAgent, database: Database) -> Iterator[CityAgent]:
    """The loaded agent on a store of this test's own."""
    before = loaded.tracker_store
    store = WriteThroughStore(database, loaded.domain)
    loaded.tracker_store = loaded.processor.tracker_store = store
    yield loaded
    loaded.tracker_store = loaded.processor.tracker_store = before


@pytest.fixture
async def talked(resident: Resident) -> Resident:
    for text in TALK:
        await resident.says(text)
    return resident


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    return {
        "events": [event.as_dict() for event in tracker.events],
        "slots": tracker.current_slot_values(),
        "latest": tracker.latest_message.as_dict(),
        "action": tracker.latest_action_name,
        "loop": tracker.active_loop,
        "paused": tracker.is_paused(),
    }


def stored(database: Database) -> int:
    with database.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(events)).scalar_one())


@pytest.mark.anyio
async def test_reloaded_conversation_equals_the_live_one(
    talked: Resident, agent: CityAgent
) -> None:
    live = await agent.tracker_store.retrieve(talked.conversation)
    assert live is await agent.tracker_store.retrieve(talked.conversation)
    agent.tracker_store.clear()
    reloaded = await agent.tracker_store.retrieve(talked.conversation)
    assert reloaded is not live
    assert state(reloaded) == state(live)
    assert reloaded.get_slot("service") == "local_fees.cleaning_fee"
    assert reloaded.get_slot("language") == "en"


@pytest.mark.anyio
async def test_conversation_is_the_same_whether_kept_or_reloaded_between_its_turns(
    agent: CityAgent, residents: Callable[[], Resident]
) -> None:
    kept, reloaded = residents(), residents()
    for number, text in enumerate(TALK):
        # The slots name the message that was answered.
        expected = await kept.says(text, message_id=f"m{number}")
        agent.tracker_store.evict(reloaded.conversation)
        again = await reloaded.says(text, message_id=f"m{number}")
        assert again.replies == expected.replies
    trackers = [await agent.tracker_store.retrieve(r.conversation) for r in (kept, reloaded)]
    assert len(trackers[0].events) == len(trackers[1].events)
    assert trackers[0].current_slot_values() == trackers[1].current_slot_values()


@pytest.mark.anyio
async def test_each_event_is_written_once(
    talked: Resident, agent: CityAgent, database: Database
) -> None:
    tracker = await agent.tracker_store.retrieve(talked.conversation)
    written = [json.loads(data) for data in database.call(latest_session, talked.conversation)]
    assert written == [event.as_dict() for event in tracker.events]
    rows = stored(database)
    await agent.tracker_store.save(tracker)
    assert stored(database) == rows


FAILURES = {
    "sqlite": (
        "CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.type_name = 'bot' "
        "BEGIN SELECT RAISE(ABORT, 'full'); END",
        "DROP TRIGGER full",
    ),
    "postgresql": (
        "ALTER TABLE events ADD CONSTRAINT full_up CHECK (type_name <> 'bot') NOT VALID",
        "ALTER TABLE events DROP CONSTRAINT full_up",
    ),
}


@pytest.mark.anyio
async def test_save_that_fails_in_its_middle_leaves_nothing_half_done(
    talked: Resident, agent: CityAgent, database: Database
) -> None:
    before = state(await agent.tracker_store.retrieve(talked.conversation))
    rows = stored(database)
    fail, mend = FAILURES[database.dialect]
    with database.engine.begin() as connection:
        connection.exec_driver_sql(fail)
    with pytest.raises((DBAPIError, MissingError)):
        await talked.says("parkingis jarima", message_id="7")
    assert stored(database) == rows
    assert talked.conversation not in await agent.tracker_store.keys()
    with database.engine.begin() as connection:
        connection.exec_driver_sql(mend)
    assert state(await agent.tracker_store.retrieve(talked.conversation)) == before
    assert (await talked.says("parkingis jarima", message_id="7")).replies


@pytest.mark.anyio
async def test_tracker_that_could_not_be_saved_is_read_anew(
    talked: Resident, agent: CityAgent, database: Database
) -> None:
    tracker = await agent.tracker_store.retrieve(talked.conversation)
    before = state(tracker)
    tracker.update(SlotSet("service", "local_fees.debt"), agent.domain)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO away")
    with pytest.raises((DBAPIError, MissingError)):
        await agent.tracker_store.save(tracker)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO events")
    assert state(await agent.tracker_store.retrieve(talked.conversation)) == before


@pytest.mark.anyio
async def test_memory_holds_the_conversations_spoken_last(
    agent: CityAgent, database: Database, residents: Callable[[], Resident]
) -> None:
    store = WriteThroughStore(database, agent.domain, capacity=2)
    agent.tracker_store = agent.processor.tracker_store = store
    people = [residents() for _ in range(3)]
    for person in people:
        await person.says("nagvis fuli ramdenia")
    for person in (people[0], people[2], people[0], people[1]):
        await store.retrieve(person.conversation)
    assert await store.keys() == [people[0].conversation, people[1].conversation]
    assert set(store._saved) == set(await store.keys())
    for person in people:
        reply = (await person.says("და სად მივიდე?")).replies[0]
        assert reply.service == "local_fees.cleaning_fee"
        assert len(await store.keys()) <= 2


@pytest.mark.anyio
async def test_unknown_conversation_is_none(agent: CityAgent) -> None:
    assert await agent.tracker_store.retrieve("web:nobody") is None


@pytest.mark.anyio
async def test_conversations_do_not_mix(
    agent: CityAgent, residents: Callable[[], Resident]
) -> None:
    one, other = residents(), residents()
    await one.says("nagvis fuli ramdenia")
    await other.says("გამარჯობა")
    agent.tracker_store.clear()
    tracker = await agent.tracker_store.retrieve(other.conversation)
    assert tracker.get_slot("service") is None
    assert tracker.sender_id == other.conversation


@pytest.mark.anyio
async def test_conversation_in_memory_keeps_only_its_last_session(loaded: CityAgent) -> None:
    assert isinstance(loaded.tracker_store, MemoryStore)
    resident = Resident(loaded)
    for _ in range(40):
        await resident.says("nagvis fuli ramdenia")
    tracker = await loaded.tracker_store.retrieve(resident.conversation)
    assert len(tracker.events) < 130
    assert tracker.get_slot("service") == "local_fees.cleaning_fee"

"""Check 66: what the city sends between two turns is known to the tracker and harms no form."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core.errors import MissingError
from bot.core.replies import Button
from bot.engine import notices
from bot.engine.processor import CityAgent
from bot.store import inbox, outbox
from bot.store.database import Database
from bot.store.notices import Sender
from tests.engine.resident import Resident

pytestmark = pytest.mark.anyio

NEWS = "თქვენი იდეა განიხილება"
CONFIRM, DISPUTE = "form:confirm:P-26-0001-W", "form:dispute:P-26-0001-W"


class City:
    """Sends notices to residents as the console and the connectors do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sender = Sender(database, lambda: library.keeper().current().texts, "rustavi")

    def meets(self, resident: Resident) -> None:
        """Let the resident be known to the connectors."""
        id = resident.conversation
        event = inbox.Event("web", id, uuid.uuid4().hex, id, "text", {"text": "x"}, 0.0)
        self._database.call(inbox.add, event, time.time())

    def queues(
        self, resident: Resident, words: str = NEWS, author: str = "person", **more: Any
    ) -> None:
        """Queue a notice."""
        key = uuid.uuid4().hex
        self._sender.notify(
            resident.conversation, "person_says", key=key, author=author, free_text=words, **more
        )

    def sends(self) -> None:
        """Deliver what is queued."""
        for message in self._database.call(outbox.claim, ["web"], "me", 60.0, time.time() + 1, 99):
            self._database.call(outbox.sent, message, None, time.time())


@pytest.fixture
def city(database: Database) -> City:
    return City(database)


async def tracker_of(agent: CityAgent, resident: Resident) -> DialogueStateTracker:
    """Read the conversation as another engine would."""
    agent.tracker_store.clear()
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    assert tracker is not None
    return tracker


def told(tracker: DialogueStateTracker) -> list[str]:
    return [e.text for e in tracker.events if isinstance(e, BotUttered) and "notice" in e.metadata]


def gathered(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Give what the form knows, without when and by which message."""
    draft = dict(tracker.get_slot("draft"))
    return {
        key: value for key, value in draft.items() if key not in ("id", "began_at", "touched_at")
    }


async def begin_idea(resident: Resident) -> Any:
    await resident.presses("start:idea")
    return await resident.presses("form:yes")


async def test_66_a_form_goes_on_and_the_tracker_knows_what_was_sent_in_its_middle(
    residents: Callable[[], Resident], agent: CityAgent, city: City
) -> None:
    told_in_between, undisturbed = residents(), residents()
    for resident in (told_in_between, undisturbed):
        await begin_idea(resident)
    city.meets(told_in_between)
    city.queues(told_in_between)
    city.sends()
    answers = [
        await resident.says("მინდა ველობილიკი მეჩვიდმეტეში")
        for resident in (told_in_between, undisturbed)
    ]
    assert answers[0].replies == answers[1].replies
    one, other = [await tracker_of(agent, r) for r in (told_in_between, undisturbed)]
    assert one.active_loop_name == other.active_loop_name is not None
    assert gathered(one) == gathered(other)
    assert "ველობილიკი" in str(gathered(one))
    assert [NEWS in words for words in told(one)] == [True]
    kinds = [type(event).__name__ for event in one.events if "notice" not in event.metadata]
    assert kinds == [type(event).__name__ for event in other.events]
    # In the order in which the resident read and wrote.
    events = list(one.events)
    [at] = [n for n, event in enumerate(events) if "notice" in event.metadata]
    assert isinstance(events[at + 1], UserUttered)
    assert events[at].metadata["author"] == "person"


async def test_66_it_is_known_once_and_answers_no_message(
    resident: Resident, agent: CityAgent, city: City
) -> None:
    city.meets(resident)
    city.queues(resident)
    await resident.says("გამარჯობა")
    # Queued is not sent.
    first = await resident.says("nagvis fuli ramdenia", message_id="first")
    assert told(await tracker_of(agent, resident)) == []
    city.sends()
    second = await resident.says("და სად მივიდე?", message_id="second")
    for _ in range(2):
        await resident.says("გამარჯობა")
        assert len(told(await tracker_of(agent, resident))) == 1
    for words, id, answer in (
        ("nagvis fuli ramdenia", "first", first),
        ("და სად მივიდე?", "second", second),
    ):
        assert (await resident.says(words, message_id=id)).replies == answer.replies
    city.queues(resident, "მეორე ამბავი")
    city.sends()
    await resident.says("გამარჯობა")
    assert len(told(await tracker_of(agent, resident))) == 2


@pytest.mark.parametrize(
    ("buttons", "meant"),
    [((Button("დიახ, მოგვარდა", CONFIRM), Button("არა", DISPUTE)), CONFIRM), ((), "კი")],
    ids=["asked", "only told"],
)
async def test_a_yes_is_for_what_the_city_said_last(
    resident: Resident, agent: CityAgent, city: City, buttons: tuple[Button, ...], meant: str
) -> None:
    await resident.says("/deletemydata")
    city.meets(resident)
    city.queues(resident, "ორმო მოგვარდა?", buttons=buttons)
    city.sends()
    await resident.says("კი")
    tracker = await tracker_of(agent, resident)
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == meant
    assert not tracker.get_slot("erased")


async def test_66_a_turn_that_fails_takes_it_back(
    resident: Resident, agent: CityAgent, city: City, database: Database
) -> None:
    await resident.says("გამარჯობა")
    city.meets(resident)
    city.queues(resident)
    city.sends()
    with database.engine.begin() as connection:
        # It can be read and not be written, as on a full disk.
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(Exception, match="full"):
        await resident.says("nagvis fuli ramdenia", message_id="again")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    answer = await resident.says("nagvis fuli ramdenia", message_id="again")
    assert answer.replies[0].service == "local_fees.cleaning_fee"
    assert len(told(await tracker_of(agent, resident))) == 1


async def test_66_many_notices_are_bounded_and_a_new_session_repeats_none(
    resident: Resident, agent: CityAgent, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    await resident.says("გამარჯობა")
    city.meets(resident)
    for number in range(notices.MOST + 5):
        city.queues(resident, f"ამბავი {number}.")
        city.sends()
    await resident.says("გამარჯობა")
    known = told(await tracker_of(agent, resident))
    assert len(known) == notices.MOST
    assert f"ამბავი {notices.MOST + 4}." in known[-1]
    monkeypatch.setattr("bot.engine.processor.MOST_EVENTS", 0)
    await resident.says("გამარჯობა")
    monkeypatch.undo()
    assert told(await tracker_of(agent, resident)) == []
    await resident.says("გამარჯობა")
    assert told(await tracker_of(agent, resident)) == []


async def test_66_a_database_that_is_away_lets_the_message_wait(
    resident: Resident, agent: CityAgent, database: Database
) -> None:
    await resident.says("გამარჯობა")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox RENAME TO away")
    with pytest.raises(MissingError):
        await resident.says("nagvis fuli ramdenia")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO outbox")
    assert (await resident.says("nagvis fuli ramdenia")).replies[0].service

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import keeping
from bot.actions.human import Human, leaves_a_number
from bot.actions.not_sure import NotSure
from bot.core.staff import Role
from bot.store import inbox, migrate, staff, waiting
from bot.store.database import Database, open_database
from bot.store.inbox import Event
from bot.store.staff import Invitation, NewMember
from tests.actions.conversation import tracker

AGAIN = [
    {"event": "user"},
    {"event": "action", "name": "action_human"},
    {"event": "bot"},
    {"event": "action", "name": "action_listen"},
    {"event": "user"},
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'cbot.sqlite'}"
    migrate.upgrade(url)
    opened = open_database(url)
    opened.call(inbox.add, Event("web", "a", "1", "web:a", "text", {"text": "?"}, 1.0), 1.0)
    keeping.use(opened)
    yield opened
    keeping.use(None)
    opened.close()


@pytest.fixture
def clerk(database: Database) -> None:
    new = NewMember("nino", "ნინო", Role.CLERK, None)
    member = database.call(staff.add, new, Invitation("", 0.0, "salt"), 1.0)
    database.call(staff.enrol, member.id, "hash", [], 1.0)


def said(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = tracker("dialogue.human")
    given = Tracker(
        "web:a", asked.slots, asked.latest_message, events, False, None, {}, "action_listen"
    )
    dispatcher = CollectingDispatcher()
    asyncio.run(Human().run(dispatcher, given, {}))
    return dispatcher.messages


def test_without_staff_the_contacts_are_told_each_time(database: Database) -> None:
    for events in ([{"event": "user"}], AGAIN):
        (message,) = said(events)
        assert "1300" in message["text"]
    assert database.call(waiting.open_ones) == []


@pytest.mark.usefixtures("clerk")
def test_waiting_is_offered_first_and_begins_when_it_is_asked_for_again(database: Database) -> None:
    contacts, offer = said([{"event": "user"}])
    assert "1300" in contacts["text"]
    assert [button["payload"] for button in offer["buttons"]] == ["act:human"]
    assert database.call(waiting.open_ones) == []
    (called,) = said(AGAIN)
    assert "writes to you" in called["text"] or "write to you" in called["text"]
    (one,) = database.call(waiting.open_ones)
    assert (one.conversation, one.municipality) == ("web:a", "rustavi")


@pytest.mark.usefixtures("clerk")
def test_asking_again_after_something_else_begins_anew(database: Database) -> None:
    other = [*AGAIN[:-1], {"event": "user"}, {"event": "action", "name": "action_menu"}]
    assert len(said([*other, {"event": "user"}])) == 2
    assert database.call(waiting.open_ones) == []


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize("text", ["599123456", "+995 599 12-34-56", " 0599 123 456 "])
def test_number_of_who_waits_is_passed_on(database: Database, text: str) -> None:
    given = tracker(text=text)

    def answered() -> str:
        dispatcher = CollectingDispatcher()
        asyncio.run(NotSure().run(dispatcher, given, {}))
        return str(dispatcher.messages[0]["text"])

    assert "passed the number on" not in answered()
    database.call(waiting.ask, "web:a", "rustavi", 2.0)
    assert "passed the number on" in answered()


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize("text", ["123", "5991234567", "599123456 რა ღირს"])
def test_other_words_of_who_waits_are_no_number(database: Database, text: str) -> None:
    database.call(waiting.ask, "web:a", "rustavi", 2.0)
    assert not asyncio.run(leaves_a_number(tracker(text=text)))

"""What became of what the city sent, on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.knowledge_folder import load_all
from bot.core.submissions.guards import DAY
from bot.core.submissions.model import Kind
from bot.store import channels, conversations, holds, outbox, sendings, submissions, waiting
from bot.store.database import Database
from bot.store.notices import Sender
from bot.store.outbox import Message
from bot.store.sendings import AGAIN, PAUSED, STOPPED, Sending, Told
from bot.store.submissions_followers import follow
from bot.store.telling import Teller
from tests.store.participation import ANSWER, ME, NOW, YOU, happen, meet, taken

ROOT = Path(__file__).resolve().parents[2]
LATER = NOW + 300


@pytest.fixture(scope="module")
def loaded():  # type: ignore[no-untyped-def]
    return load_all(ROOT / "knowledge")


@pytest.fixture
def teller(database: Database, loaded) -> Teller:  # type: ignore[no-untyped-def]
    meet(database, ME, YOU)

    def texts():  # type: ignore[no-untyped-def]
        return loaded.texts

    return Teller(database, Sender(database, texts, "rustavi"), texts, "rustavi")


def told(database: Database, code: str, now: float = LATER) -> Told:
    def read(connection):  # type: ignore[no-untyped-def]
        found = submissions.by_code(connection, code)
        assert found is not None
        return sendings.of_submission(connection, found, now)

    return database.call(read)


def one(database: Database, code: str, now: float = LATER) -> Sending:
    [sending] = told(database, code, now).author
    return sending


@pytest.fixture
def code(database: Database, teller: Teller) -> str:
    """A submission whose author is to be told of its end."""
    code = taken(database)
    happen(database, code, "decline", ANSWER, "no_money")
    teller.tell(NOW + 120)
    return code


def claimed(database: Database, conversation: str = ME) -> Message:
    # What is stored carries the real time, so it is claimed as of a day far from now.
    found = database.call(outbox.claim, ["telegram"], "me", 60.0, 4e9, 9)
    return next(message for message in found if message.conversation == conversation)


def test_60_what_the_platform_took_is_sent_with_its_id(database: Database, code: str) -> None:
    assert (one(database, code).state, one(database, code).reason) == ("queued", "")
    database.call(outbox.sent, claimed(database), "mid.7", LATER)
    sending = one(database, code)
    assert (sending.state, sending.platform_id, sending.at) == ("sent", "mid.7", LATER)
    assert ANSWER in sending.body["text"]


def test_61_what_is_held_says_why_and_goes_out_later(database: Database, code: str) -> None:
    database.call(holds.hold, claimed(database), holds.WINDOW, LATER)
    assert (one(database, code).state, one(database, code).reason) == ("held", "window")
    database.call(holds.release, ME, LATER)
    assert one(database, code).state == "queued"


def test_56_who_blocked_the_bot_is_unreachable_until_they_write(
    database: Database, code: str
) -> None:
    database.call(holds.unreachable, ME, holds.BLOCKED, LATER)
    assert (one(database, code).state, one(database, code).reason) == ("unreachable", "blocked")


def test_65_what_was_given_up_is_sent_again_once(database: Database, code: str) -> None:
    database.call(outbox.give_up, claimed(database), "chat not found", LATER)
    sending = one(database, code)
    assert (sending.state, sending.reason) == ("failed", "chat not found")
    assert not database.call(sendings.send_again, sending.id, YOU, LATER)
    assert not database.call(sendings.send_again, sending.id, None, LATER)
    assert not database.call(sendings.send_again, 10**6, ME, LATER)
    assert database.call(sendings.send_again, sending.id, ME, LATER)
    assert not database.call(sendings.send_again, sending.id, ME, LATER)
    assert one(database, code).state == "queued"


def test_what_waits_says_for_what(database: Database, code: str) -> None:
    statement = text("UPDATE outbox SET attempts = 2, not_before = :due")
    database.call(lambda c: c.execute(statement, {"due": LATER + 8}) and None)
    sending = one(database, code)
    assert (sending.reason, sending.attempts, sending.next_at) == (AGAIN, 2, LATER + 8)
    database.call(channels.pause, "telegram", "account", LATER + 50)
    assert (one(database, code).reason, one(database, code).next_at) == (PAUSED, LATER + 50)
    assert one(database, code, LATER + 60).reason == AGAIN
    database.call(channels.stop, "telegram", "account", "bad token", LATER)
    assert one(database, code).reason == STOPPED


def test_news_not_told_yet_say_when_they_will_be(database: Database, teller: Teller) -> None:
    code = taken(database, kind=Kind.PROBLEM)
    assert [news.next_at for news in told(database, code).pending] == [None]
    happen(database, code, "start", now=NOW + 60)
    assert told(database, code).pending[-1].next_at == NOW + 60
    teller.tell(NOW + 120)
    assert told(database, code).pending == []
    happen(database, code, "fix", "ორმო ამოივსო უკვე", now=NOW + 200)
    waits = told(database, code).pending
    assert [news.event for news in waits] == ["fix"]
    assert waits[-1].next_at == NOW + 120 + DAY


def test_followers_are_counted_and_not_shown(database: Database, teller: Teller) -> None:
    code = taken(database)
    happen(database, code, "publish", now=NOW + 30, checked=True)
    database.call(follow, code, YOU, NOW + 40)
    happen(database, code, "decline", ANSWER, "no_money")
    teller.tell(NOW + 120)
    assert told(database, code).followers == {"queued": 1}
    assert one(database, code).conversation == ME


def test_messages_of_a_conversation_are_found_by_their_place(
    database: Database, teller: Teller
) -> None:
    database.call(waiting.ask, ME, "rustavi", NOW)
    teller._sender.notify(ME, "person_says", key="k1", author="person", free_text="გამარჯობა")
    place = database.call(conversations.last_positions, [ME])[ME]
    found = database.call(sendings.of_conversation, ME, [place, place + 1], LATER)
    assert list(found) == [place]
    assert (found[place].author, found[place].state) == ("person", "queued")
    assert database.call(sendings.of_conversation, YOU, [place], LATER) == {}
    assert database.call(sendings.of_conversation, ME, [], LATER) == {}

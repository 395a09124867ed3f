from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from bot.store import inbox, leases, letters, migrate, outbox, queues, transcript
from bot.store.database import Database, open_database
from bot.store.queues import Queue
from tests.store.samples import ME, WEB, YOU, reply, said


def dead(database: Database, conversation: str, ext_id: str) -> int:
    claimed = database.call(inbox.add, said(conversation, ext_id), 100.0, ME).claimed
    assert claimed is not None
    database.call(inbox.complete, claimed, [reply("ბოდიში")], 101.0, error="error 500")
    return claimed.id


def words(database: Database, conversation: str) -> list[str]:
    lines = database.call(transcript.after, conversation, 0)
    return [line.body["text"] for line in lines if line.sender == "bot"]


def test_states_tell_what_waits_and_for_how_long(database: Database) -> None:
    assert database.call(queues.inbox_state, 100.0) == Queue(0, 0.0, 0, 0)
    database.call(inbox.add, said("a", "1"), 100.0)
    database.call(inbox.add, said("b", "2"), 103.0, ME)
    dead(database, "c", "3")
    assert database.call(queues.inbox_state, 110.0) == Queue(2, 10.0, 1, 0)
    assert database.call(queues.outbox_state, 111.0) == Queue(1, 10.0, 0, 0)


def test_dead_letters_tell_the_error_and_not_the_words(database: Database) -> None:
    number = dead(database, "a", "1")
    (letter,) = database.call(letters.letters, leases.INBOX, "dead")
    assert (letter.id, letter.conversation, letter.error) == (number, "a", "error 500")
    assert "დასუფთავება" not in repr(letter)


def test_replay_lets_a_dead_letter_be_answered_after_all(database: Database) -> None:
    number = dead(database, "a", "1")
    assert database.call(letters.replay, number, 200.0)
    (claimed,) = database.call(inbox.claim, ME, WEB, 202.0, 10)
    assert (claimed.id, claimed.attempts) == (number, 0)
    database.call(inbox.complete, claimed, [reply("კი")], 203.0)
    assert words(database, "a") == ["ბოდიში", "კი"]
    assert database.call(queues.inbox_state, 204.0).dead == 0


def test_replay_twice_keeps_both_apologies(database: Database) -> None:
    number = dead(database, "a", "1")
    for _ in range(2):
        database.call(letters.replay, number, 200.0)
        (claimed,) = database.call(inbox.claim, ME, WEB, 202.0, 10)
        database.call(inbox.complete, claimed, [reply("ბოდიში ისევ")], 203.0, error="ისევ")
    assert words(database, "a") == ["ბოდიში", "ბოდიში ისევ", "ბოდიში ისევ"]


def test_replay_of_what_is_no_dead_letter_does_nothing(database: Database) -> None:
    added = database.call(inbox.add, said("a", "1"), 100.0, ME).claimed
    assert added is not None
    assert not database.call(letters.replay, added.id, 200.0)
    assert not database.call(letters.replay, 4711, 200.0)


def test_replay_waits_for_a_later_event_under_way(database: Database) -> None:
    number = dead(database, "a", "1")
    later = database.call(inbox.add, said("a", "2"), 199.0, ME).claimed
    assert later is not None
    database.call(letters.replay, number, 200.0)
    assert database.call(inbox.claim, YOU, WEB, 205.0, 10) == []
    database.call(inbox.complete, later, [], 206.0)
    assert [row.id for row in database.call(inbox.claim, YOU, WEB, 207.0, 10)] == [number]


def test_replay_does_not_lock_the_conversation_when_the_later_one_died(database: Database) -> None:
    number = dead(database, "a", "1")
    database.call(inbox.add, said("a", "2"), 199.0, ME)
    database.call(letters.replay, number, 200.0)
    assert [row.id for row in database.call(inbox.claim, YOU, WEB, 220.0, 10)] == [number]


def test_hold_keeps_the_bot_from_a_conversation(database: Database) -> None:
    running = database.call(inbox.add, said("a", "1"), 100.0, ME).claimed
    assert running is not None
    database.call(inbox.add, said("a", "2"), 100.0)
    database.call(queues.hold, "a")
    database.call(inbox.add, said("a", "3"), 101.0, ME)
    database.call(inbox.complete, running, [reply("კი")], 102.0, next_lease=ME)
    assert database.call(inbox.claim, ME, WEB, 200.0, 10) == []
    assert database.call(queues.inbox_state, 200.0).held == 2
    assert len(database.call(transcript.after, "a", 0)) == 4


def test_resume_answers_what_was_held_in_its_order(database: Database) -> None:
    database.call(inbox.add, said("a", "0"), 90.0, ME)
    database.call(queues.hold, "a")
    for ext_id in ("1", "2"):
        database.call(inbox.add, said("a", ext_id), 101.0)
    database.call(queues.resume, "a", 150.0, answer_held=True)
    order = []
    for step in range(3):
        (claimed,) = database.call(inbox.claim, YOU, WEB, 200.0 + step, 10)
        order.append(claimed.ext_id)
        database.call(inbox.complete, claimed, [], 200.0 + step)
    assert order == ["0", "1", "2"]


def test_resume_may_take_what_was_held_as_answered(database: Database) -> None:
    database.call(inbox.add, said("a", "1"), 100.0)
    database.call(queues.hold, "a")
    database.call(queues.resume, "a", 150.0, answer_held=False)
    assert database.call(inbox.claim, ME, WEB, 200.0, 10) == []
    assert database.call(inbox.add, said("a", "2"), 201.0, ME).claimed is not None


def test_who_waits_for_long_is_told_once_for_all_they_wait_for(database: Database) -> None:
    database.call(inbox.add, said("a", "1"), 100.0, ME)
    database.call(inbox.add, said("a", "2"), 101.0)
    database.call(inbox.add, said("b", "3"), 115.0)
    (waiting,) = database.call(queues.impatient, 110.0)
    assert waiting.target.conversation == "a"
    told = [
        len(database.call(queues.tell_slow, waiting, reply("ვეძებ…"), 120.0, delivered=True))
        for _ in range(2)
    ]
    assert told == [1, 0]
    assert words(database, "a") == ["ვეძებ…"]
    assert database.call(queues.impatient, 102.0) == []


def test_who_was_answered_meanwhile_is_not_told(database: Database) -> None:
    claimed = database.call(inbox.add, said("a", "1"), 100.0, ME).claimed
    assert claimed is not None
    (waiting,) = database.call(queues.impatient, 110.0)
    database.call(inbox.complete, claimed, [reply("კი")], 111.0, delivered=True)
    assert not database.call(queues.tell_slow, waiting, reply("ვეძებ…"), 120.0, delivered=True)
    assert words(database, "a") == ["კი"]


def test_the_sign_of_patience_does_not_replace_the_reply(database: Database) -> None:
    claimed = database.call(inbox.add, said("a", "1"), 100.0, ME).claimed
    assert claimed is not None
    (waiting,) = database.call(queues.impatient, 110.0)
    database.call(queues.tell_slow, waiting, reply("ვეძებ…"), 120.0, delivered=False)
    database.call(inbox.complete, claimed, [reply("კი")], 121.0)
    assert words(database, "a") == ["ვეძებ…", "კი"]
    assert len(database.call(outbox.claim, WEB, "me", 10.0, 122.0, 10)) == 1


#: What every process asks all the time, however little there is to do.
LOOKS = {
    "what residents said": lambda c: inbox.claim(c, ME, WEB, 200.0, 10),
    "what goes out": lambda c: outbox.claim(c, WEB, "me", 10.0, 200.0, 10),
    "who waits for long": lambda c: queues.impatient(c, 200.0),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_looks_go_through_what_is_open_and_not_through_all_that_was_said(
    tmp_path: Path, look: Callable[[Connection], object]
) -> None:
    url = f"sqlite:///{tmp_path}/x.sqlite"
    migrate.upgrade(url)
    database = open_database(url)
    asked: list[tuple[str, Any]] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, values: Any, *_more: object) -> None:
        asked.append((statement, values))

    database.call(look)
    ((statement, values),) = [one for one in asked if " AS head" in one[0]]
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    database.close()
    ways = [row.detail for row in rows if " head " in f"{row.detail} "]
    assert len(ways) == 1
    assert "_due" in ways[0] or "_open" in ways[0]

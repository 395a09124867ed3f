from __future__ import annotations

from bot.store import inbox, leases, outbox, transcript
from bot.store.database import Database
from bot.store.inbox import Claimed, Event
from tests.store.samples import ME, reply


def add(database: Database, ext_id: str, rank: float, now: float, hold: float = 1.0) -> None:
    event = Event("web", "p", ext_id, "a", "text", {"text": ext_id}, now, rank=rank, hold=hold)
    assert database.call(inbox.add, event, now, ME).claimed is None


def claim(database: Database, now: float) -> list[Claimed]:
    return database.call(inbox.claim, ME, ["web"], now, 10)


def test_31_events_that_arrive_within_the_hold_window_are_taken_by_rank(
    database: Database,
) -> None:
    for ext_id, rank in (("3", 30.0), ("1", 10.0), ("2", 20.0)):
        add(database, ext_id, rank, 100.0)
    assert claim(database, 100.9) == []
    order = []
    while found := claim(database, 101.1):
        order += [event.ext_id for event in found]
        database.call(inbox.complete, found[0], [reply(found[0].ext_id)], 101.2)
    assert order == ["1", "2", "3"]
    lines = database.call(transcript.after, "a", 0)
    assert [line.ext_id for line in lines if line.sender == "resident"] == ["1", "2", "3"]


def test_31_what_is_being_answered_keeps_its_place(database: Database) -> None:
    add(database, "2", 20.0, 100.0)
    (first,) = claim(database, 101.5)
    add(database, "1", 10.0, 101.6)
    database.call(inbox.complete, first, [], 101.7)
    assert [event.ext_id for event in claim(database, 103.0)] == ["1"]


def test_31_nobody_changes_places_across_one_that_waits(database: Database) -> None:
    add(database, "2", 20.0, 100.0)
    (head,) = claim(database, 101.5)
    add(database, "3", 30.0, 101.5)
    # The engine is away: the head is given back, and waits behind it what was due meanwhile.
    database.call(leases.retry_later, leases.INBOX, head, 103.0, 3.0, "away", False)
    add(database, "1", 10.0, 104.0)
    order = []
    while found := claim(database, 110.0):
        order += [event.ext_id for event in found]
        database.call(inbox.complete, found[0], [], 111.0)
    assert order == ["1", "2", "3"]


def test_26_an_album_gets_the_answer_of_its_last_event(database: Database) -> None:
    for number in range(3):
        event = Event("web", "p", f"{number}", "a", "raw", {}, 1.0, {"photo": number}, album="g")
        database.call(inbox.add, event, 100.0)
    for number in range(3):
        (found,) = claim(database, 101.0)
        assert (found.raw, found.album) == ({"photo": number}, "g")
        completed = database.call(inbox.complete, found, [reply(f"{number}")], 102.0)
        assert completed is not None
    sent = database.call(outbox.claim, ["web"], "me", 1.0, 103.0, 10)
    assert [message.body["text"] for message in sent] == ["2"]

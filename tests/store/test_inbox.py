from __future__ import annotations

import random
import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.store import inbox, leases, outbox, transcript
from bot.store.database import Database
from bot.store.inbox import Claimed
from tests.store.samples import ME, WEB, YOU, reply, said


def claim(database: Database, now: float, limit: int = 10, lease: inbox.Lease = ME) -> list[str]:
    return [row.ext_id for row in database.call(inbox.claim, lease, WEB, now, limit)]


def states(database: Database) -> dict[str, str]:
    def read(connection: Connection) -> dict[str, str]:
        return dict(connection.execute(text("SELECT ext_id, state FROM inbox")).all())

    return database.call(read)


def add_claimed(database: Database, conversation: str, ext_id: str, now: float = 100.0) -> Claimed:
    claimed = database.call(inbox.add, said(conversation, ext_id), now, ME).claimed
    assert claimed is not None
    return claimed


def texts_of(database: Database, conversation: str) -> list[str]:
    return [line.body["text"] for line in database.call(transcript.after, conversation, 0)]


def test_add_stores_an_event_once_however_often_it_comes(database: Database) -> None:
    news = [database.call(inbox.add, said("a", "1"), 100.0).new for _ in range(3)]
    assert news == [True, False, False]
    claimed = database.call(inbox.claim, ME, WEB, 100.0, 10)
    assert [row.ext_id for row in claimed] == ["1"]
    database.call(inbox.complete, claimed[0], [reply("კი")], 101.0)
    assert not database.call(inbox.add, said("a", "1"), 102.0).new
    assert texts_of(database, "a") == ["რა ღირს დასუფთავება?", "კი"]


def test_add_keeps_the_ids_of_two_accounts_apart(database: Database) -> None:
    assert database.call(inbox.add, said("a", "1"), 100.0).new
    assert database.call(inbox.add, said("b", "1"), 100.0).new


def test_add_at_once_from_many_threads_stores_one_row(database: Database, other: Database) -> None:
    added: list[bool] = []

    def add(store: Database) -> None:
        added.append(store.call(inbox.add, said("a", "1"), 100.0, ME).new)

    threads = [threading.Thread(target=add, args=(s,)) for s in (database, other) * 12]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == [False] * 23 + [True]


def test_add_claims_an_event_that_nothing_is_before(database: Database) -> None:
    first = database.call(inbox.add, said("a", "1", "გამარჯობა"), 100.0, ME)
    second = database.call(inbox.add, said("a", "2"), 100.0, ME)
    elsewhere = database.call(inbox.add, said("b", "3"), 100.0, YOU)
    assert first.claimed is not None
    assert first.claimed.body == {"text": "გამარჯობა"}
    assert second.new
    assert second.claimed is None
    assert elsewhere.claimed is not None
    assert elsewhere.claimed.owner == "you"


def test_positions_follow_the_order_of_storing(database: Database) -> None:
    first = add_claimed(database, "a", "1")
    database.call(inbox.add, said("a", "2"), 100.0)
    database.call(inbox.complete, first, [reply("ერთი"), reply("ორი")], 101.0)
    lines = database.call(transcript.after, "a", 0)
    assert [(line.position, line.sender) for line in lines] == [
        (1, "resident"),
        (2, "resident"),
        (3, "bot"),
        (4, "bot"),
    ]


def test_claim_takes_the_oldest_of_each_conversation(database: Database) -> None:
    for conversation, ext_id in [("a", "a1"), ("a", "a2"), ("b", "b1"), ("b", "b2")]:
        database.call(inbox.add, said(conversation, ext_id), 100.0)
    assert claim(database, 100.0) == ["a1", "b1"]
    assert claim(database, 101.0, lease=YOU) == []


def test_claim_takes_no_more_than_the_limit_the_oldest_first(database: Database) -> None:
    for number in range(5):
        database.call(inbox.add, said(f"c{number}", str(number)), 100.0 + number)
    assert claim(database, 200.0, limit=3) == ["0", "1", "2"]


def test_claim_takes_only_its_channels(database: Database) -> None:
    database.call(inbox.add, said("a", "1"), 100.0)
    assert database.call(inbox.claim, ME, ["telegram"], 100.0, 5) == []
    assert len(database.call(inbox.claim, ME, ["telegram", "web"], 100.0, 5)) == 1


def test_claim_takes_over_a_lease_that_ran_out_and_counts_it(database: Database) -> None:
    add_claimed(database, "a", "1")
    database.call(inbox.add, said("a", "2"), 100.0)
    assert claim(database, 109.0, lease=YOU) == []
    taken = database.call(inbox.claim, YOU, WEB, 110.5, 10)
    assert [(row.ext_id, row.attempts, row.owner) for row in taken] == [("1", 1, "you")]


def test_renew_keeps_a_lease_and_tells_those_that_are_lost(database: Database) -> None:
    kept, lost = add_claimed(database, "a", "1"), add_claimed(database, "b", "2", 90.0)
    assert claim(database, 101.0, lease=YOU) == ["2"]
    assert database.call(leases.renew, leases.INBOX, ME.owner, [kept.id, lost.id], 119.0) == [
        kept.id
    ]
    assert claim(database, 115.0, lease=YOU) == ["2"]


def test_release_gives_back_what_the_owner_holds_uncounted(database: Database) -> None:
    add_claimed(database, "a", "1")
    assert database.call(leases.release, leases.INBOX, "you", 101.0) == 0
    assert database.call(leases.release, leases.INBOX, "me", 101.0) == 1
    taken = database.call(inbox.claim, YOU, WEB, 101.0, 10)
    assert [row.attempts for row in taken] == [0]


def test_complete_stores_replies_and_done_together(database: Database) -> None:
    claimed = add_claimed(database, "a", "1")
    completed = database.call(inbox.complete, claimed, [reply("კი"), reply("არა")], 101.0)
    assert completed is not None
    assert [message.body["text"] for message in completed.replies] == ["კი", "არა"]
    assert states(database) == {"1": "done"}


def test_complete_keeps_nothing_when_storing_a_reply_fails(database: Database) -> None:
    claimed = add_claimed(database, "a", "1")
    broken = outbox.Draft({"text": object()})
    with pytest.raises(TypeError):
        database.call(inbox.complete, claimed, [reply("კი"), broken], 101.0)
    assert states(database) == {"1": "leased"}
    assert len(texts_of(database, "a")) == 1


def test_complete_does_nothing_when_the_lease_is_lost(database: Database) -> None:
    claimed = add_claimed(database, "a", "1")
    taken = database.call(inbox.claim, YOU, WEB, 111.0, 10)[0]
    assert database.call(inbox.complete, claimed, [reply("გვიან")], 112.0) is None
    assert database.call(inbox.complete, taken, [reply("კი")], 113.0) is not None
    assert database.call(inbox.complete, taken, [reply("ისევ")], 114.0) is None
    assert texts_of(database, "a")[1:] == ["კი"]


def test_complete_claims_the_next_of_the_conversation(database: Database) -> None:
    claimed = add_claimed(database, "a", "1")
    for ext_id in ("2", "3"):
        database.call(inbox.add, said("a", ext_id), 100.0, ME)
    completed = database.call(inbox.complete, claimed, [], 101.0, next_lease=ME)
    assert completed is not None
    assert completed.next is not None
    assert completed.next.ext_id == "2"
    assert claim(database, 102.0, lease=YOU) == []


def test_complete_with_an_error_is_a_dead_letter_and_later_ones_go_on(database: Database) -> None:
    claimed = add_claimed(database, "a", "1")
    database.call(inbox.add, said("a", "2"), 100.0)
    database.call(inbox.complete, claimed, [reply("ბოდიში")], 101.0, error="გაფუჭდა")
    assert states(database) == {"1": "dead", "2": "new"}
    assert claim(database, 102.0) == ["2"]


def test_retry_later_waits_counts_and_holds_back_the_later_ones(database: Database) -> None:
    claimed = add_claimed(database, "a", "1")
    database.call(inbox.add, said("a", "2"), 100.0)
    assert database.call(leases.retry_later, leases.INBOX, claimed, 101.0, 5.0, "error 500", True)
    assert claim(database, 105.9) == []
    again = database.call(inbox.claim, ME, WEB, 106.0, 10)
    assert [(row.ext_id, row.attempts) for row in again] == [("1", 1)]
    assert database.call(leases.retry_later, leases.INBOX, again[0], 107.0, 0.0, "away", False)
    assert database.call(inbox.claim, ME, WEB, 107.0, 10)[0].attempts == 1


def test_retry_later_leaves_alone_what_is_no_longer_ours(database: Database) -> None:
    claimed = add_claimed(database, "a", "1")
    database.call(inbox.claim, YOU, WEB, 111.0, 10)
    assert not database.call(
        leases.retry_later, leases.INBOX, claimed, 112.0, 0.0, "error 500", True
    )
    assert states(database) == {"1": "leased"}


def test_a_reply_marked_delivered_is_not_sent_again(database: Database) -> None:
    one, two = add_claimed(database, "a", "1"), add_claimed(database, "b", "2")
    database.call(inbox.complete, one, [reply("კი")], 101.0, delivered=True)
    database.call(inbox.complete, two, [reply("არა")], 101.0, delivered=False)
    sent = database.call(outbox.claim, WEB, "me", 10.0, 102.0, 10)
    assert [message.body["text"] for message in sent] == ["არა"]


@pytest.mark.parametrize("workers", [6])
def test_workers_of_two_processes_answer_each_once_and_in_order(
    database: Database, other: Database, workers: int
) -> None:
    """Residents write while workers claim, fail now and then, and complete."""
    conversations = [f"c{number}" for number in range(5)]
    each = 8
    answered: list[tuple[str, str]] = []
    active: set[str] = set()
    overlaps: list[str] = []
    writing = threading.Event()
    # One that breaks lets the others wait, but not for ever.
    deadline = time.monotonic() + 240

    def write(conversation: str, store: Database) -> None:
        for number in range(each):
            added = store.call(inbox.add, said(conversation, f"{number:03}"), time.time())
            assert added.new

    def work(store: Database, seed: int) -> None:
        chance = random.Random(seed)
        lease = inbox.Lease(f"worker {seed}", 30.0)
        claimed: list[Claimed] = []
        while not (writing.is_set() and not claimed and len(answered) == each * 5):
            assert time.monotonic() < deadline
            claimed = claimed or store.call(inbox.claim, lease, WEB, time.time(), 2)
            for row in claimed:
                if row.conversation in active:
                    overlaps.append(row.conversation)
                active.add(row.conversation)
            following = []
            for row in claimed:
                active.discard(row.conversation)
                if chance.random() < 0.2:
                    store.call(
                        leases.retry_later, leases.INBOX, row, time.time(), 0.0, "error 500", True
                    )
                    continue
                answered.append((row.conversation, row.ext_id))
                done = store.call(
                    inbox.complete, row, [reply(row.ext_id)], time.time(), next_lease=lease
                )
                assert done is not None
                if done.next is not None:
                    following.append(done.next)
            claimed = following

    threads = [
        threading.Thread(target=work, args=((database, other)[n % 2], n)) for n in range(workers)
    ]
    writers = [
        threading.Thread(target=write, args=(c, (database, other)[n % 2]))
        for n, c in enumerate(conversations)
    ]
    for thread in writers + threads:
        thread.start()
    for thread in writers:
        thread.join(300)
    writing.set()
    for thread in threads:
        thread.join(300)
    assert not overlaps
    for conversation in conversations:
        expected = [f"{number:03}" for number in range(each)]
        assert [ext_id for c, ext_id in answered if c == conversation] == expected
        lines = database.call(transcript.after, conversation, 0, 100)
        assert [line.body["text"] for line in lines if line.sender == "bot"] == expected

from __future__ import annotations

from sqlalchemy import text

from bot.store import conversations, holds, inbox, leases, outbox, queues
from bot.store.database import Database
from bot.store.inbox import Event
from bot.store.outbox import Draft, Message, Target
from tests.store.samples import ME, said

CHAT = Target("web", "page", "a")


def notice(database: Database, key: str, priority: int = outbox.NOTICE) -> Message | None:
    draft = Draft({"text": key}, "notice", priority)
    return database.call(outbox.add_notice, CHAT, key, draft, 100.0)


def claim(database: Database, now: float, **limits: int) -> list[Message]:
    return database.call(outbox.claim, ["web"], "me", 10.0, now, 10, **limits)


def states(database: Database) -> list[tuple[str, str | None]]:
    return database.call(
        lambda connection: [
            tuple(row)
            for row in connection.execute(text("SELECT state, error FROM outbox ORDER BY id"))
        ]
    )


def test_a_held_message_goes_out_before_the_answer_to_the_residents_next_message(
    database: Database,
) -> None:
    notice(database, "old")
    (message,) = claim(database, 101.0)
    assert database.call(holds.hold, message, holds.WINDOW, 102.0)
    assert states(database) == [("held", "window")]
    assert claim(database, 103.0) == []
    assert database.call(queues.outbox_state, 103.0).held == 1
    claimed = database.call(inbox.add, said("a", "1"), 200.0, ME).claimed
    assert claimed is not None
    database.call(inbox.complete, claimed, [Draft({"text": "answer"})], 201.0)
    order = []
    while found := claim(database, 202.0):
        order += [message.body["text"] for message in found]
        database.call(outbox.sent, found[0], None, 202.0)
    assert order == ["old", "answer"]


def test_holding_needs_the_lease(database: Database) -> None:
    notice(database, "n")
    (message,) = claim(database, 101.0)
    database.call(leases.release, leases.OUTBOX, "me", 102.0)
    assert not database.call(holds.hold, message, holds.WINDOW, 103.0)
    assert states(database) == [("new", None)]


def test_nothing_is_sent_to_whom_nobody_reaches_until_they_write(database: Database) -> None:
    for key in ("1", "2"):
        notice(database, key)
    claim(database, 101.0)
    database.call(holds.unreachable, "a", holds.BLOCKED, 102.0)
    notice(database, "3")
    assert states(database) == [("held", "blocked")] * 3
    contact = database.call(conversations.contact, "a")
    assert contact is not None
    assert contact.unreachable == "blocked"
    database.call(inbox.add, said("a", "1"), 200.0)
    contact = database.call(conversations.contact, "a")
    assert contact is not None
    assert contact.unreachable is None
    assert [state for state, _error in states(database)] == ["new"] * 3


def test_what_is_no_action_of_the_resident_releases_nothing(database: Database) -> None:
    database.call(inbox.add, said("a", "1"), 50.0)
    database.call(holds.unreachable, "a", holds.BLOCKED, 102.0)
    quiet = Event("web", "page", "x", "a", "raw", {}, 103.0, heard=False)
    database.call(inbox.add, quiet, 103.0)
    contact = database.call(conversations.contact, "a")
    assert contact is not None
    assert (contact.unreachable, contact.heard_at) == ("blocked", 50.0)


def test_the_last_action_counts_by_the_platforms_time_and_never_goes_back(
    database: Database,
) -> None:
    for ext_id, sent_at in (("1", 500.0), ("2", 300.0), ("3", 9_999.0)):
        database.call(inbox.add, Event("web", "p", ext_id, "a", "text", {}, sent_at), 600.0)
        contact = database.call(conversations.contact, "a")
        assert contact is not None
        assert contact.heard_at == {"1": 500.0, "2": 500.0, "3": 600.0}[ext_id]


def test_news_for_many_never_hold_back_an_answer_to_the_same_resident(
    database: Database,
) -> None:
    notice(database, "bulk", outbox.BULK)
    claimed = database.call(inbox.add, said("a", "1"), 100.0, ME).claimed
    assert claimed is not None
    database.call(inbox.complete, claimed, [Draft({"text": "answer"})], 101.0)
    urgent = claim(database, 102.0, most=outbox.BULK - 1)
    assert [message.body["text"] for message in urgent] == ["answer"]
    # While it is being sent, nothing else is sent to them.
    assert claim(database, 103.0) == []


def test_claims_can_be_for_urgent_or_for_other_messages(database: Database) -> None:
    notice(database, "bulk", outbox.BULK)
    assert claim(database, 101.0, most=outbox.BULK - 1) == []
    assert len(claim(database, 101.0, least=outbox.BULK)) == 1

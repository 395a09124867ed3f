from __future__ import annotations

from bot.store import conversations, inbox, leases, outbox, transcript
from bot.store.database import Database
from bot.store.outbox import Draft, Message, Target
from tests.store.samples import ME, WEB, reply, said


def answer(database: Database, conversation: str, *texts: str, now: float = 100.0) -> None:
    ext_id = f"{conversation}-{now}-{texts}"
    claimed = database.call(inbox.add, said(conversation, ext_id), now, ME).claimed
    assert claimed is not None
    database.call(inbox.complete, claimed, [reply(text) for text in texts], now)


def claim(database: Database, now: float, owner: str = "me", limit: int = 10) -> list[Message]:
    return database.call(outbox.claim, WEB, owner, 10.0, now, limit)


def texts(messages: list[Message]) -> list[str]:
    return [message.body["text"] for message in messages]


def test_claim_takes_the_oldest_of_each_conversation(database: Database) -> None:
    answer(database, "a", "ა1", "ა2")
    answer(database, "b", "ბ1")
    first = claim(database, 101.0)
    assert texts(first) == ["ა1", "ბ1"]
    assert claim(database, 101.0, "you") == []
    database.call(outbox.sent, first[0], "platform-1", 102.0)
    assert texts(claim(database, 103.0)) == ["ა2"]


def test_claim_takes_only_its_channels(database: Database) -> None:
    answer(database, "a", "ა1")
    assert database.call(outbox.claim, ["telegram"], "me", 10.0, 101.0, 10) == []


def test_claim_takes_what_is_urgent_first(database: Database) -> None:
    for number in range(3):
        target = Target("web", "x", f"bulk{number}")
        draft = Draft({"text": f"ამბავი {number}"}, "notice", priority=5)
        database.call(outbox.add_notice, target, f"news-{number}", draft, 100.0)
    answer(database, "a", "პასუხი", now=101.0)
    assert texts(claim(database, 102.0, limit=2)) == ["პასუხი", "ამბავი 0"]


def test_claim_takes_over_a_lease_that_ran_out(database: Database) -> None:
    answer(database, "a", "ა1")
    old = claim(database, 101.0)[0]
    assert claim(database, 110.0, "you") == []
    new = claim(database, 111.5, "you")[0]
    assert not database.call(outbox.sent, old, None, 112.0)
    assert database.call(outbox.sent, new, None, 112.0)


def test_retry_later_waits_and_holds_back_the_later_ones(database: Database) -> None:
    answer(database, "a", "ა1", "ა2")
    message = claim(database, 101.0)[0]
    assert database.call(leases.retry_later, leases.OUTBOX, message, 101.0, 30.0, "error 500", True)
    assert claim(database, 130.0) == []
    again = claim(database, 131.0)
    assert [(message.body["text"], message.attempts) for message in again] == [("ა1", 1)]


def test_give_up_lets_the_later_ones_go(database: Database) -> None:
    answer(database, "a", "ა1", "ა2")
    database.call(outbox.give_up, claim(database, 101.0)[0], "blocked", 101.0)
    assert texts(claim(database, 102.0)) == ["ა2"]


def test_release_gives_back_what_the_owner_holds(database: Database) -> None:
    answer(database, "a", "ა1")
    claim(database, 101.0)
    assert database.call(leases.release, leases.OUTBOX, "me", 102.0) == 1
    assert texts(claim(database, 102.0, "you")) == ["ა1"]


def test_a_notice_is_stored_once_and_stands_in_the_transcript(database: Database) -> None:
    target = Target("web", "x", "a")
    draft = Draft({"text": "თქვენი იდეა განიხილება"}, "notice")
    first = database.call(outbox.add_notice, target, "idea-7:review", draft, 100.0)
    again = database.call(outbox.add_notice, target, "idea-7:review", draft, 101.0)
    assert first is not None
    assert again is None
    lines = database.call(transcript.after, "a", 0)
    assert [(line.sender, line.kind, line.body["text"]) for line in lines] == [
        ("bot", "notice", "თქვენი იდეა განიხილება")
    ]


def test_the_language_of_the_last_answer_is_remembered(database: Database) -> None:
    assert database.call(conversations.language, "a") is None
    for number, language in enumerate(["en", None, "ka", None]):
        claimed = database.call(inbox.add, said("a", str(number)), 100.0, ME).claimed
        assert claimed is not None
        database.call(inbox.complete, claimed, [], 101.0, language=language)
    assert database.call(conversations.language, "a") == "ka"


def test_transcript_gives_pages_and_the_end(database: Database) -> None:
    for number in range(30):
        answer(database, "a", f"პასუხი {number}", now=100.0 + number)
    answer(database, "b", "სხვისი")
    page = database.call(transcript.after, "a", 10, 20)
    assert [line.position for line in page] == list(range(11, 31))
    end = database.call(transcript.last, "a", 3)
    assert [line.position for line in end] == [58, 59, 60]
    assert end[-1].body["text"] == "პასუხი 29"
    assert end[-1].created_at == 129.0
    assert database.call(transcript.after, "a", 60) == []
    assert database.call(transcript.last, "nobody") == []


def test_last_positions_tell_the_newest_of_each(database: Database) -> None:
    answer(database, "a", "კი")
    answer(database, "b", "კი", "არა")
    found = database.call(conversations.last_positions, ["a", "b", "nobody"])
    assert found == {"a": 2, "b": 3}

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.core.errors import InputError
from bot.core.replies import Button
from bot.store import conversations, holds, inbox, notices, outbox
from bot.store.database import Database
from bot.store.inbox import Event
from bot.store.notices import Sender
from bot.store.outbox import Message
from tests.fakes.knowledge_tree import make_tree

TEXTS = {
    "ka": 'news: "იდეა {code}: {city_hall}"\nanswer: "პასუხი:"\nquote: "იყო: {free_text}"\n',
    "en": 'news: "Idea {code}: {city_hall}"\nanswer: "An answer:"\nquote: "It was: {free_text}"\n',
}


@pytest.fixture
def sender(database: Database, tmp_path: Path) -> Sender:
    tree = make_tree(tmp_path / "knowledge")
    for code, more in TEXTS.items():
        name = f"texts/{code}.yml"
        tree.write(name, (tree.root / name).read_text(encoding="utf-8") + more)
    texts = tree.load().texts
    return Sender(database, lambda: texts, "rustavi")


def write(database: Database, conversation: str, language: str | None = None) -> None:
    now = time.time()
    event = Event("telegram", "99", f"{conversation}{now}", conversation, "text", {}, now)
    database.call(inbox.add, event, now)
    database.call(conversations.advance, conversation, 0, language)


def sent(database: Database) -> list[Message]:
    return database.call(outbox.claim, ["telegram"], "me", 10.0, time.time() + 1, 10)


def test_a_notice_goes_out_in_the_residents_language_on_their_channel(
    database: Database, sender: Sender
) -> None:
    write(database, "tg:1", "en")
    write(database, "tg:2")
    for number in (1, 2):
        state = sender.notify(f"tg:{number}", "news", key=f"k{number}", values={"code": "RU-7"})
        assert (state.state, state.reason) == ("queued", None)
    english, georgian = sent(database)
    assert english.body["text"] == "Idea RU-7: Rustavi City Hall"
    assert georgian.body["text"] == "იდეა RU-7: რუსთავის მერია"
    assert (english.channel, english.account, english.conversation) == ("telegram", "99", "tg:1")
    assert (english.kind, english.priority, english.author) == ("notice", outbox.NOTICE, "bot")


def test_65_the_same_key_queues_one_message(database: Database, sender: Sender) -> None:
    write(database, "tg:1")
    given = [sender.notify("tg:1", "news", key="once", values={"code": "1"}) for _ in range(3)]
    assert [(one.state, one.new) for one in given] == [("queued", n == 0) for n in range(3)]
    assert len(sent(database)) == 1


def test_words_of_a_person_follow_the_text_or_fill_it(database: Database, sender: Sender) -> None:
    write(database, "tg:1")
    words = "გუშინ გავაკეთეთ {code}"
    button = Button("მენიუ", "act:help")
    for text_id in ("answer", "quote"):
        sender.notify("tg:1", text_id, key=text_id, free_text=words, author="person")
    sender.notify("tg:1", "answer", key="bulk", buttons=[button], bulk=True)
    found = []
    while messages := sent(database):
        found += messages
        for message in messages:
            database.call(outbox.sent, message, f"p{message.id}", 1.0)
    assert [message.body["text"] for message in found] == [
        f"პასუხი:\n{words}",
        f"იყო: {words}",
        "პასუხი:",
    ]
    assert [message.author for message in found] == ["person", "person", "bot"]
    assert found[2].priority == outbox.BULK
    assert found[2].body["buttons"] == [{"title": "მენიუ", "payload": "act:help"}]


def test_60_the_state_tells_what_became_of_it(database: Database, sender: Sender) -> None:
    write(database, "tg:1")
    sender.notify("tg:1", "answer", key="k")

    def state() -> tuple[str, str | None, str | None]:
        found = database.call(notices.state, "k")
        assert found is not None
        return found.state, found.reason, found.platform_id

    (message,) = sent(database)
    assert state() == ("queued", None, None)
    database.call(holds.hold, message, holds.WINDOW, 5.0)
    assert state() == ("held", "window", None)
    write(database, "tg:1")
    (message,) = sent(database)
    database.call(outbox.sent, message, "4711", 6.0)
    assert state() == ("sent", None, "4711")
    assert database.call(notices.state, "nothing") is None


def test_56_a_notice_to_whom_nobody_reaches_says_so_and_waits(
    database: Database, sender: Sender
) -> None:
    write(database, "tg:1")
    database.call(holds.unreachable, "tg:1", holds.BLOCKED, 5.0)
    state = sender.notify("tg:1", "answer", key="k")
    assert (state.state, state.reason) == ("unreachable", "blocked")
    assert sent(database) == []
    write(database, "tg:1")
    assert len(sent(database)) == 1


def test_a_notice_that_was_given_up_says_why(database: Database, sender: Sender) -> None:
    write(database, "tg:1")
    sender.notify("tg:1", "answer", key="k")
    (message,) = sent(database)
    database.call(outbox.give_up, message, "chat not found", 5.0)
    state = database.call(notices.state, "k")
    assert state is not None
    assert (state.state, state.reason) == ("failed", "chat not found")


@pytest.mark.parametrize(
    ("conversation", "text_id", "key"),
    [("tg:404", "news", "k"), ("tg:1", "no_such_text", "k"), ("tg:1", "news", "k" * 121)],
)
def test_what_cannot_be_sent_is_told_at_once(
    database: Database, sender: Sender, conversation: str, text_id: str, key: str
) -> None:
    write(database, "tg:1")
    with pytest.raises(InputError):
        sender.notify(conversation, text_id, key=key)
    assert sent(database) == []


def test_a_notice_belongs_to_the_callers_transaction(database: Database, sender: Sender) -> None:
    write(database, "tg:1")

    def change(connection: object) -> None:
        sender.add(connection, "tg:1", "answer", key="k")  # type: ignore[arg-type]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.call(change)
    assert sent(database) == []


def test_66_what_the_city_sent_is_given_in_its_order_and_what_only_waits_is_not(
    database: Database,
) -> None:
    write(database, "tg:1")
    write(database, "tg:2")
    target = outbox.Target("telegram", "99", "tg:1")
    for number, kind in enumerate(("notice", "reply", "echo", "emergency", "notice")):
        draft = outbox.Draft({"text": f"{number}"}, kind, author="person")
        database.call(outbox.add_notice, target, f"k{number}", draft, 5.0)
    for at in (10.0, 11.0, 12.0, 13.0):
        (message,) = sent(database)
        database.call(outbox.sent, message, None, at)

    def told(since: float, most: int = 9, conversation: str = "tg:1") -> list[str]:
        found = database.call(notices.told_since, conversation, since, most)
        assert {one.author for one in found} <= {"person"}
        return [one.body["text"] for one in found]

    assert told(0.0) == ["0", "2", "3"]
    assert told(10.0) == ["2", "3"]
    assert told(0.0, most=2) == ["2", "3"]
    assert told(13.0) == told(0.0, conversation="tg:2") == []

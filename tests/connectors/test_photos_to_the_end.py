"""Photos and pins from a resident's telephone to the submission, with the engine itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions import keeping
from bot.core.submissions.model import Event, Submission
from bot.engine.server import create_app
from bot.engine.start import build_agent
from bot.settings import Settings
from bot.store import migrate, submissions
from bot.store.database import Database, open_database
from bot.store.media_tables import media
from tests.connectors.messenger_world import Town, town
from tests.connectors.telegram_world import TelegramWorld, telegram_world
from tests.connectors.world import World
from tests.fakes import meta
from tests.fakes.engine import FakeEngine, ServerThread
from tests.fakes.files import photo

__all__ = ["town"]

#: The engine answers a turn in a moment, but the machine may be busy.
PATIENCE = 30


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    migrate.upgrade(settings.database_url)
    opened = open_database(settings.database_url)
    yield opened
    opened.close()


@pytest.fixture
def engine_url(
    settings: Settings, database: Database, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The engine on the database of the connectors."""
    monkeypatch.setattr(keeping, "secrets_folder", lambda: settings.var)
    with ServerThread(create_app(build_agent(small_model, database))) as server:
        yield server.url
    keeping.use(None)


@pytest.fixture
def world(settings: Settings, engine_url: str) -> World:
    own = replace(settings, engine_urls=(engine_url,))
    # Its own engine is never asked.
    return World(FakeEngine(), None, own)  # type: ignore[arg-type]


@pytest.fixture
def telegram(settings: Settings, engine_url: str) -> Iterator[TelegramWorld]:
    with telegram_world(settings) as found:
        found.settings = replace(found.settings, engine_urls=(engine_url,))
        found.start()
        yield found


def only(database: Database, conversation: str) -> Submission:
    (found,) = database.call(submissions.mine, conversation)
    return found


def kept(database: Database, conversation: str) -> set[str]:
    query = select(media.c.id).where(media.c.conversation == conversation)
    return set(database.call(lambda connection: connection.execute(query).scalars().all()))


class OnTelegram:
    """Somebody with Telegram, who waits for what the bot says."""

    def __init__(self, world: TelegramWorld) -> None:
        self.chat, self.fake = world.chat(), world.telegram
        self.conversation = f"tg:{self.chat}"

    def reads(self, words: str) -> dict[str, Any]:
        """Wait for a message with these words (a line break stands before each); gives it."""
        found: list[dict[str, Any]] = []

        def look() -> bool:
            sent = [each for each in self.fake.sent if each["chat"]["id"] == self.chat]
            found[:] = [each for each in sent if words in "\n" + each.get("text", "")]
            return bool(found)

        self.fake.wait(look, PATIENCE)
        return found[-1]

    def presses(self, below: str, title: str) -> None:
        self.fake.press(self.chat, self.reads(below), title)

    def sends_photo(self, name: str, **more: Any) -> None:
        file = f"{name}{self.chat}"
        self.fake.files[f"photos/{file}"] = photo((120, 80))
        self.fake.photo(self.chat, file, **more)


def test_a_photo_on_telegram_becomes_a_report_and_another_answers_the_clerk(
    telegram: TelegramWorld, database: Database
) -> None:
    resident = OnTelegram(telegram)
    resident.sends_photo("first")
    resident.presses("ფოტო მივიღე", "პრობლემა მაქვს")
    resident.reads("ფოტო დავამატე")
    resident.presses("სანამ დავიწყებთ", "თანახმა ვარ")
    resident.reads("რა მოხდა?")
    resident.fake.say(resident.chat, "კოსტავაზე ორმოა")
    resident.presses("\nრას ეხება?", "გზები და ტროტუარი")
    resident.presses("გადახედეთ", "გაგზავნა")
    resident.reads("კოდი: P-")
    sent = only(database, resident.conversation)
    assert set(sent.photos) == kept(database, resident.conversation)
    assert sent.place is not None
    assert sent.place.text == "კოსტავას გამზირი"
    question = Event("ask", "გამოგვიგზავნეთ კიდევ ერთი ფოტო")
    database.call(submissions.apply, sent.code, question, "staff:1", time.time())
    resident.sends_photo("second", caption="აი, ეს არის ახლოდან")
    resident.reads("დავამატე და მერიას გადავეცი")
    answered = only(database, resident.conversation)
    assert answered.stage == "in_review"
    assert len(answered.photos) == 2
    assert set(answered.photos) == kept(database, resident.conversation)
    history = database.call(submissions.history, sent.code)
    assert [(e.type, e.text) for e in history[-2:]] == [
        ("reply", "აი, ეს არის ახლოდან"),
        ("add", ""),
    ]


def test_an_unwanted_photo_on_telegram_is_deleted(
    telegram: TelegramWorld, database: Database
) -> None:
    resident = OnTelegram(telegram)
    resident.sends_photo("cat")
    resident.reads("ფოტო მივიღე")
    (id,) = kept(database, resident.conversation)
    file = telegram.settings.var / "media" / id[:2] / f"{id}.jpg"
    assert file.exists()
    resident.presses("ფოტო მივიღე", "არაფერი, წაშალეთ")
    resident.reads("წავშალე")
    assert kept(database, resident.conversation) == set()
    assert not file.exists()


def test_photo_and_pin_on_messenger_become_a_report(town: Town, database: Database) -> None:
    conversation = "fb:100:200"

    def reads(words: str) -> Any:
        def found() -> list[Any]:
            return [sent for sent in town.sent("200") if words in "\n" + sent.text]

        town.wait(found, PATIENCE)
        return found()[-1]

    def presses(below: str, title: str) -> None:
        button = next(b for b in reads(below).buttons if b["title"] == title)
        if button.get("content_type") == "text":
            quick = {"payload": button["payload"]}
            town.meta.deliver(meta.message("200", text=title, quick_reply=quick))
        else:
            town.meta.deliver(meta.postback("200", button["payload"], title))

    assert town.settings.messenger is not None
    town.graph.files.files["p.jpg"] = photo((300, 200))
    url = f"{town.settings.messenger.graph_url}/_files/p.jpg"
    town.meta.deliver(meta.message("200", attachments=[{"type": "image", "payload": {"url": url}}]))
    reads("ფოტო მივიღე")
    pin = {"type": "location", "payload": {"coordinates": {"lat": 41.551, "long": 45.002}}}
    town.meta.deliver(meta.message("200", attachments=[pin]))
    presses("ადგილი მივიღე", "პრობლემა მაქვს")
    presses("სანამ დავიწყებთ", "თანახმა ვარ")
    reads("რა მოხდა?")
    town.meta.say("200", "აქ დიდი ორმოა გზაზე")
    presses("\nრას ეხება?", "გზები და ტროტუარი")
    presses("გადახედეთ", "გაგზავნა")
    reads("კოდი: P-")
    sent = only(database, conversation)
    assert set(sent.photos) == kept(database, conversation)
    assert sent.place is not None
    assert (sent.place.lat, sent.place.lon) == (41.551, 45.002)
    question = Event("ask", "გამოგვიგზავნეთ კიდევ ერთი ფოტო")
    database.call(submissions.apply, sent.code, question, "staff:1", time.time())
    town.meta.deliver(meta.message("200", attachments=[{"type": "image", "payload": {"url": url}}]))
    reads("პასუხი მერიას გადავეცი")
    assert len(only(database, conversation).photos) == 2

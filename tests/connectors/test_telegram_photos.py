"""Photos of Telegram's residents. Names begin with the numbers of the checks."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from bot.store import queues, transcript
from connectors import telegram_updates
from tests.connectors.telegram_world import TelegramWorld
from tests.connectors.world import said


def picture(color: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(file, "JPEG")
    return file.getvalue()


def test_25_photos_are_kept_and_pictures_sent_as_files_too(town: TelegramWorld) -> None:
    chat, telegram = town.chat(), town.telegram
    telegram.files[f"photos/p{chat}"] = picture()
    telegram.photo(chat, f"p{chat}", caption="ორმო კოსტავას ქუჩაზე")
    document = {"file_id": f"p{chat}", "file_unique_id": "d", "mime_type": "image/png"}
    telegram.send(chat, document=document)
    telegram.send(chat, document={**document, "mime_type": "application/pdf"})
    telegram.photo(chat, "gone")
    telegram.replies(chat, 5)
    assert town.texts(chat) == said(
        "ორმო კოსტავას ქუჩაზე", "[image]", "[image]", "[unsupported]", "[unsupported]"
    )
    ids = {
        turn["attachment"]["media_id"]  # type: ignore[index]
        for turn in town.turns(chat)
        if "[image]" in str(turn) or (turn.get("attachment") or {}).get("type") == "image"  # type: ignore[attr-defined]
    }
    assert len(ids) == 2
    for id in ids:
        assert (town.settings.var / "media" / id[:2] / f"{id}.jpg").exists()


def test_26_an_album_of_three_photos_is_three_files_and_one_answer(
    town: TelegramWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough for all three to arrive on a machine that stands still in between.
    monkeypatch.setattr(telegram_updates, "ALBUM_SECONDS", 4.0)
    chat, telegram = town.chat(), town.telegram
    for number in range(3):
        telegram.files[f"photos/a{chat}{number}"] = picture()
        telegram.photo(chat, f"a{chat}{number}", album=f"g{chat}")
    telegram.say(chat, "მორჩა")
    telegram.replies(chat, 2)
    time.sleep(0.3)
    assert town.texts(chat) == said("[image]", "მორჩა")
    assert len(town.turns(chat)) == 4


def test_the_words_under_an_album_are_told_as_such_and_answered(
    town: TelegramWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_updates, "ALBUM_SECONDS", 4.0)
    chat, telegram = town.chat(), town.telegram
    for number in range(2):
        telegram.files[f"photos/c{chat}{number}"] = picture()
        under = {} if number else {"caption": "რა ღირს დასუფთავება?"}
        telegram.photo(chat, f"c{chat}{number}", album=f"h{chat}", **under)
    telegram.replies(chat, 2)
    time.sleep(0.3)
    # Two photos have one answer; the question under them has its own.
    assert town.texts(chat) == said("რა ღირს დასუფთავება?", "[image]")
    assert [turn.get("caption") for turn in town.turns(chat)] == [True, None, None]


def test_what_comes_while_a_person_talks_is_shown_to_them(town: TelegramWorld) -> None:
    chat, telegram = town.chat(), town.telegram
    telegram.say(chat, "ოპერატორი მინდა")
    telegram.replies(chat, 1)
    conversation = f"tg:{chat}"
    town.store(queues.hold, conversation)
    telegram.files[f"photos/q{chat}"] = picture()
    telegram.say(chat, "აქ ხართ? ჩემი ნომერია 01017012345")
    telegram.send(chat, location={"latitude": 41.5, "longitude": 45.0})
    telegram.photo(chat, f"q{chat}")

    def told() -> list[dict[str, object]]:
        lines = town.store(transcript.last, conversation)
        return [dict(line.body) for line in lines if line.sender == "resident"][1:]

    telegram.wait(lambda: len(told()) == 3 and "media_id" in str(told()[2]))
    assert told()[0]["text"] == "აქ ხართ? ჩემი ნომერია ●●●●●"
    assert told()[1]["attachment"] == {"type": "location", "lat": 41.5, "lon": 45.0}
    # The bot stays silent.
    assert len(town.turns(chat)) == 1

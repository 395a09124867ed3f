from __future__ import annotations

import json

from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.store import queues, transcript
from tests.connectors.telegram_world import TelegramWorld
from tests.connectors.test_telegram_photos import picture


def lines(town: TelegramWorld, chat: int) -> list[tuple[str, dict[str, object]]]:
    """Give what a resident sent, as a clerk reads it."""
    found = town.store(transcript.last, f"tg:{chat}")
    return [(line.kind, dict(line.body)) for line in found if line.sender == "resident"]


def raws(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(raw) FROM inbox")).scalar_one())


def test_what_comes_while_a_person_answers_is_made_out_for_them_and_not_answered(
    town: TelegramWorld,
) -> None:
    chat, telegram = town.chat(), town.telegram
    telegram.say(chat, "ადამიანი მინდა")
    telegram.replies(chat, 1)
    town.store(queues.hold, f"tg:{chat}")
    telegram.say(chat, "ჩემი ნომერია 01234567890, გამარჯობა")
    telegram.files[f"photos/h{chat}"] = picture()
    telegram.photo(chat, f"h{chat}", caption="აი სკამი")
    telegram.send(chat, location={"latitude": 41.55, "longitude": 45.01})
    telegram.photo(chat, "gone")
    telegram.send(chat, voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
    telegram.wait(lambda: len(lines(town, chat)) == 7)
    telegram.wait(lambda: all(kind != "raw" for kind, _body in lines(town, chat)))
    (_first, said, caption, photo, place, gone, voice) = lines(town, chat)
    assert said[0] == "text"
    assert "გამარჯობა" in str(said[1]["text"])
    assert "01234567890" not in json.dumps(said[1])
    assert caption[1]["text"] == "აი სკამი"
    sent = photo[1]["attachment"]
    assert isinstance(sent, dict)
    assert (town.settings.var / "media" / sent["media_id"][:2]).is_dir()
    assert place[1]["attachment"] == {"type": "location", "lat": 41.55, "lon": 45.01}
    assert [one[1]["attachment"]["type"] for one in (gone, voice)] == ["unsupported"] * 2  # type: ignore[index]
    assert town.store(raws) == 0
    assert len(telegram.texts(chat)) == 1
    assert len(town.turns(chat)) == 1
    assert town.store(queues.inbox_state, 0.0).held == 6
    # What came meanwhile is done when the bot is back, and the next message is answered.
    town.store(_resume, f"tg:{chat}")
    telegram.say(chat, "ისევ ბოტი")
    telegram.replies(chat, 2)
    assert len(town.turns(chat)) == 2


def _resume(connection: Connection, conversation: str) -> None:
    queues.resume(connection, conversation, 0.0, answer_held=False)

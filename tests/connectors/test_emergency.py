from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from bot.store import emergency, inbox, migrate, outbox
from bot.store.database import Database, open_database
from bot.store.inbox import Event
from connectors.emergency import LOOK, Emergency
from connectors.words import Words

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]
ANA = "web:ana"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'cbot.sqlite'}"
    migrate.upgrade(url)
    opened = open_database(url)
    yield opened
    opened.close()


async def test_notice_stands_above_the_first_answer_while_it_holds(database: Database) -> None:
    clock = Clock()
    notices = Emergency(database, Words(ROOT / "knowledge", "rustavi"), clock)
    assert await notices.above(ANA, "ka") == []
    texts = {"ka": "წყალი არ იქნება", "en": "No water"}
    database.call(emergency.begin, "rustavi", texts, 2_000.0, "staff:1", clock.now)
    clock.now += LOOK
    (draft,) = await notices.above(ANA, "ka")
    assert draft.body["text"].endswith("\nწყალი არ იქნება")
    (russian,) = await notices.above("tg:7", "ru")
    assert russian.body["text"].endswith("\nNo water")

    def answered(connection: Connection) -> None:
        inbox.add(
            connection, Event("web", ANA, "1", ANA, "text", {"text": "?"}, clock.now), clock.now
        )
        outbox.add_notice(connection, outbox.Target("web", ANA, ANA), "k", draft, clock.now)

    database.call(answered)
    assert await notices.above(ANA, "ka") == []
    assert len(await notices.above("tg:7", "ru")) == 1
    clock.now = 2_000.0
    assert await notices.above("tg:7", "ru") == []


async def test_notice_of_another_town_is_not_told(database: Database) -> None:
    database.call(emergency.begin, "marneuli", {"ka": "წყალი"}, 2_000.0, "staff:1", 1_000.0)
    notices = Emergency(database, Words(ROOT / "knowledge", "rustavi"), Clock())
    assert await notices.above(ANA, "ka") == []

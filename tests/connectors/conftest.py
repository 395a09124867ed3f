from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import Settings, load
from tests.connectors.telegram_world import TelegramWorld, telegram_settings
from tests.connectors.texts import write_knowledge
from tests.connectors.world import QUICK, World
from tests.fakes.databases import fresh_url
from tests.fakes.engine import FakeEngine, ServerThread
from tests.fakes.telegram import FakeTelegram

__all__ = ["QUICK", "World"]

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_url(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    write_knowledge(tmp_path / "knowledge")
    return load(
        {
            "CBOT_ROOT": str(tmp_path),
            "CBOT_DATABASE_URL": database_url,
            "CBOT_SECRET_KEY": "გასაღები-" * 8,
            "CBOT_PUBLIC_URL": "http://chat.example.ge",
        }
    )


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    engine = FakeEngine()
    with ServerThread(engine.app()) as server:
        world = World(engine, server, replace(settings, engine_urls=(server.url,)))
        yield world
        world.stop()


@pytest.fixture
def tg(settings: Settings) -> Iterator[TelegramWorld]:
    engine, telegram = FakeEngine(), FakeTelegram()
    with ServerThread(engine.app()) as server, ServerThread(telegram.app()) as platform:
        own = telegram_settings(platform.url)
        world = TelegramWorld(
            engine, server, replace(settings, engine_urls=(server.url,), telegram=own)
        )
        world.telegram = telegram
        yield world
        world.stop()

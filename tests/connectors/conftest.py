from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import Settings, load
from tests.connectors.telegram_world import TelegramWorld, telegram_world
from tests.connectors.texts import write_knowledge
from tests.connectors.world import QUICK, World
from tests.fakes.databases import fresh_url
from tests.fakes.engine import FakeEngine, ServerThread

__all__ = ["QUICK", "World"]

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_url(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return own_settings(tmp_path, database_url)


def own_settings(root: Path, database_url: str) -> Settings:
    write_knowledge(root / "knowledge")
    return load(
        {
            "CBOT_ROOT": str(root),
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
    """Telegram for a test that breaks something."""
    with telegram_world(settings) as world:
        yield world


@pytest.fixture(scope="module", params=BOTH)
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TelegramWorld]:
    """Telegram that is asked for updates, for tests that share it; each has chats of its own."""
    root = tmp_path_factory.mktemp("town")
    with (
        fresh_url(request.param, root) as url,
        telegram_world(own_settings(root, url)) as world,
    ):
        world.start()
        yield world

"""A console on a database of its own, over real HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import settings
from bot.core.knowledge_watch import KnowledgeKeeper
from bot.store import migrate
from bot.store.database import open_database
from console.app import create_app
from console.site import Site
from tests.console.people import Clock, Desk
from tests.fakes.engine import ServerThread

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all tables, to be copied."""
    path = tmp_path_factory.mktemp("database") / "cbot.sqlite"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def given(tmp_path: Path, migrated: Path) -> settings.Settings:
    """Settings of a console whose engine and connectors are away."""
    (tmp_path / "var").mkdir()
    shutil.copy(migrated, tmp_path / "var" / "cbot.sqlite")
    (tmp_path / "knowledge").symlink_to(ROOT / "knowledge")
    environment = {
        "CBOT_ROOT": str(tmp_path),
        "CBOT_ENGINE_PORT": "9",
        "CBOT_CONNECTORS_PORT": "9",
        "CBOT_SECRET_KEY": "a key of the tests",
    }
    return settings.load(environment)


@pytest.fixture(scope="session")
def shipped() -> KnowledgeKeeper:
    """The knowledge of the repository, read once."""
    return KnowledgeKeeper(ROOT / "knowledge")


@pytest.fixture
def keeper(shipped: KnowledgeKeeper) -> KnowledgeKeeper | None:
    """What the console reads the knowledge with; None when a test has one of its own."""
    return shipped


@pytest.fixture
def site(given: settings.Settings, keeper: KnowledgeKeeper | None) -> Site:
    return Site(given, open_database(given.database_url), now=Clock(), keeper=keeper)


@pytest.fixture
def desk(site: Site) -> Iterator[Desk]:
    with ServerThread(create_app(site)) as server:
        desk = Desk(site, server.url)
        yield desk
        for client in desk.clients:
            client.close()

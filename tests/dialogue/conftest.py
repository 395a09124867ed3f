from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.actions import keeping, library
from bot.core.knowledge_watch import KnowledgeKeeper
from bot.engine.processor import CityAgent
from bot.engine.start import build_agent
from bot.store.database import Database, open_database
from bot.store.every_table import every_table
from bot.store.migrate import upgrade

#: A programme that takes enquiries, as a town would write one when a round opens.
OPEN_PROGRAMME = Path(__file__).with_name("open_programme.yml")


@pytest.fixture(scope="session")
def knowledge_with_a_programme(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "knowledge"
    shutil.copytree(root / "knowledge", folder)
    with (folder / "rustavi" / "programmes.yml").open("a", encoding="utf-8") as file:
        file.write("\n" + OPEN_PROGRAMME.read_text(encoding="utf-8"))
    return folder


@pytest.fixture(scope="session")
def _town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('town') / 'bot.sqlite'}"
    upgrade(url)
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def _agent(small_model: Path) -> CityAgent:
    # Conversations in memory; what is handed in goes to the town's database.
    return build_agent(small_model, None)


@pytest.fixture
def agent(_agent: CityAgent, _town: Database) -> CityAgent:
    """The engine, shared by all tests of this folder; nothing was sent to the town yet."""
    keeping.use(_town)
    with _town.engine.begin() as connection:
        for table in reversed(every_table()):
            # The journal is only ever added to.
            if table.name != "journal":
                connection.execute(table.delete())
    return _agent


@pytest.fixture
def town(_town: Database) -> Database:
    return _town


@pytest.fixture(scope="session")
def _keeper(knowledge_with_a_programme: Path) -> KnowledgeKeeper:
    return KnowledgeKeeper(knowledge_with_a_programme)


@pytest.fixture
def open_programme(_keeper: KnowledgeKeeper, monkeypatch: pytest.MonkeyPatch) -> None:
    """The town's knowledge while a co-funding programme is open."""
    monkeypatch.setattr(library, "keeper", lambda: _keeper)

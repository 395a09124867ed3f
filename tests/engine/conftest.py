from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.engine.processor import CityAgent
from bot.engine.start import build_agent
from bot.store.database import Database, open_database
from bot.store.migrate import upgrade
from tests.engine.resident import Resident


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'bot.sqlite'}"
    upgrade(url)
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def agent(small_model: Path, database: Database) -> CityAgent:
    return build_agent(small_model, database)


@pytest.fixture
def resident(agent: CityAgent) -> Resident:
    return Resident(agent)


@pytest.fixture
def residents(agent: CityAgent) -> Callable[[], Resident]:
    return lambda: Resident(agent)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import migrate
from bot.store.database import Database, open_database
from tests.fakes.databases import fresh_url

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_url(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def url(empty_url: str) -> str:
    migrate.upgrade(empty_url)
    return empty_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def other(url: str) -> Iterator[Database]:
    """The same database, as another process sees it."""
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"

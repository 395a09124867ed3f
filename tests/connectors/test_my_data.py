from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.core import data_links
from bot.store import inbox, journal, migrate
from bot.store.database import Database, open_database
from connectors.my_data import MyDataFile
from tests.fakes.engine import ServerThread
from tests.store.samples import said

NOW = time.time()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    address = f"sqlite:///{tmp_path / 'cbot.sqlite'}"
    migrate.upgrade(address)
    database = open_database(address)
    for conversation in ("web:mine", "web:other"):
        database.call(inbox.add, said(conversation, f"id-{conversation}"), NOW)
    yield database
    database.close()


@pytest.fixture
def url(database: Database, tmp_path: Path) -> Iterator[str]:
    app = Starlette(routes=MyDataFile(database, tmp_path, "key").routes())
    with ServerThread(app) as server:
        yield server.url


def test_link_gives_all_of_ones_own_as_a_file_and_is_journalled(
    url: str, database: Database
) -> None:
    token = data_links.make("key", "web:mine", time.time())
    answer = httpx.get(f"{url}/my-data/{token}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert [row["conversation"] for row in answer.json()["inbox"]] == ["web:mine"]
    assert "web:other" not in answer.text
    lines = database.call(journal.entries)
    assert [(line.actor, line.action, line.subject) for line in lines] == [
        ("resident", "data.fetch", "web:mine")
    ]


def test_link_that_has_ended_gives_nothing(url: str) -> None:
    token = data_links.make("key", "web:mine", time.time() - data_links.GOOD_FOR - 1)
    assert httpx.get(f"{url}/my-data/{token}").status_code == 404


def test_invented_link_gives_nothing(url: str) -> None:
    token = data_links.make("guess", "web:mine", time.time())
    assert httpx.get(f"{url}/my-data/{token}").status_code == 404

"""A connectors process with Messenger, the fake Graph API behind it and Meta before it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.settings import Credential, MessengerSettings, Secret, Settings
from bot.store.database import Database, open_database
from tests.connectors.world import QUICK, World
from tests.fakes.engine import ServerThread
from tests.fakes.graph import FakeGraph, Sent
from tests.fakes.meta import Meta


def credential(value: str) -> Credential:
    """Give a secret as the environment would."""
    return Credential(Secret(value))


def messenger_settings(graph_url: str, **changes: Any) -> MessengerSettings:
    """Give the settings of two pages at the fake Graph API."""
    settings = MessengerSettings(
        pages=("100", "101"),
        page_token=credential("EAAG-token,EAAG-token"),
        app_secret=credential("app-secret"),
        verify_token=credential("verify-me"),
        graph_url=graph_url,
        graph_version="v26.0",
    )
    return replace(settings, **changes)


@dataclass
class Town:
    """Everything between a resident on Messenger and the engine."""

    world: World
    graph: FakeGraph
    settings: Settings
    url: str
    meta: Meta
    database: Database

    def start(self, **changes: Any) -> None:
        """Start another process, with other settings of Messenger."""
        assert self.settings.messenger is not None
        own = replace(self.settings.messenger, **changes)
        server = self.world.start(QUICK, messenger=own)
        self.url = server.url
        self.meta = Meta(f"{server.url}/webhooks/messenger")

    def wait(self, condition: Callable[[], object], seconds: float = 60.0) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, (self.graph.texts(), self.rows("inbox"))
            time.sleep(0.01)

    def replies(self, count: int, psid: str | None = None, seconds: float = 60.0) -> list[Sent]:
        """Give the messages that Meta took, once there are so many."""
        self.wait(lambda: len(self.sent(psid)) >= count, seconds)
        return self.sent(psid)

    def sent(self, psid: str | None = None) -> list[Sent]:
        """Give the messages that Meta took, without who is speaking."""
        return [
            sent
            for sent in self.graph.sent
            if psid in (None, sent.psid) and not sent.text.startswith("გწერთ C-Bot")
        ]

    def answers(self, psid: str | None = None) -> list[str]:
        """Give what the engine was asked, as its answers repeat it."""
        return [
            sent.text.removeprefix("თქვენ თქვით: ").partition("\n")[0] for sent in self.sent(psid)
        ]

    def quiet(self, seconds: float = 0.5) -> None:
        """Let all that is under way settle."""
        time.sleep(seconds)
        self.wait(lambda: not self.count("inbox", "state IN ('new', 'leased')"))
        self.wait(lambda: not self.count("outbox", "state IN ('new', 'leased')"))

    def rows(self, table: str, columns: str = "state, kind, body, error") -> list[Any]:
        """Give rows of the database."""
        return self.database.call(
            lambda connection: connection.execute(
                text(f"SELECT {columns} FROM {table} ORDER BY id")
            ).all()
        )

    def count(self, table: str, where: str = "1 = 1") -> int:
        """Count rows of the database."""
        return int(
            self.database.call(
                lambda connection: connection.execute(
                    text(f"SELECT count(*) FROM {table} WHERE {where}")
                ).scalar()
            )
        )

    def run(self, statement: str, **values: Any) -> None:
        """Change the database."""
        self.database.call(lambda connection: connection.execute(text(statement), values) and None)


@pytest.fixture
def town(world: World, settings: Settings) -> Iterator[Town]:
    """A town on Messenger whose connectors run."""
    graph = FakeGraph()
    with ServerThread(graph.app()) as server:
        found = replace(world.settings, messenger=messenger_settings(server.url))
        world.settings = found
        connectors = world.start(QUICK)
        database = open_database(found.database_url)
        try:
            yield Town(
                world,
                graph,
                found,
                connectors.url,
                Meta(f"{connectors.url}/webhooks/messenger"),
                database,
            )
        finally:
            world.stop()
            database.close()


__all__ = ["Town", "credential", "messenger_settings", "town"]

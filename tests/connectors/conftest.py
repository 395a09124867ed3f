from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import Settings, load
from connectors.app import make_server
from connectors.inbox import Pace
from connectors.service import Timing
from tests.connectors.resident import Resident
from tests.connectors.texts import write_knowledge
from tests.fakes.databases import fresh_url
from tests.fakes.engine import FakeEngine, ServerThread

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]

#: Everything a little faster than in earnest.
QUICK = Timing(pace=Pace(look=0.1, lease=3.0, grace=3.0), turn=5.0, patience=20.0)


class World:
    """A connectors process with its engine, and the residents who write to it."""

    def __init__(self, engine: FakeEngine, engine_server: ServerThread, settings: Settings) -> None:
        self.engine = engine
        self.engine_server = engine_server
        self.settings = settings
        self._servers: list[ServerThread] = []

    def start(self, timing: Timing = QUICK, **changes: object) -> ServerThread:
        """Start a connectors server; several may share the database."""
        settings = replace(self.settings, connectors_port=0, **changes)  # type: ignore[arg-type]
        server = ServerThread(make_server(settings, timing, host="127.0.0.1"))
        server.__enter__()
        self._servers.append(server)
        return server

    def stop(self) -> None:
        """Stop all connectors servers."""
        while self._servers:
            self._servers.pop().__exit__()

    def resident(self, server: ServerThread | None = None) -> Resident:
        """Give a resident with a session of their own."""
        if server is None:
            server = self._servers[0] if self._servers else self.start()
        return Resident(server.url)


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

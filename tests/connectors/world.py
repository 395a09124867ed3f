"""A connectors process in a thread, with its engine, and the residents who write to it."""

from __future__ import annotations

from dataclasses import replace

from bot.settings import Settings
from connectors.app import make_server
from connectors.inbox import Pace
from connectors.service import Timing
from tests.connectors.resident import Resident
from tests.fakes.engine import FakeEngine, ServerThread

#: Looks often, so that tests need not wait. Leases and turns are long and nobody grows impatient,
#: so that a machine that stands still for seconds changes nothing.
QUICK = Timing(pace=Pace(look=0.1, lease=30.0, grace=10.0), turn=60.0, patience=120.0)


def said(*texts: str) -> list[str]:
    """Give the fake engine's answers to messages."""
    return [f"თქვენ თქვით: {words}" for words in texts]


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

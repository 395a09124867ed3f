"""What machines ask: is it alive, is it ready, how does it fare."""

from __future__ import annotations

import time
from dataclasses import asdict

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.store import queues
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.queues import Queue
from connectors.engine_client import EngineClient
from connectors.metrics import Metrics, gauge

_NO_STORE = {"Cache-Control": "no-store"}


class Health:
    """The routes ``/healthz``, ``/readyz`` and ``/metrics``."""

    def __init__(self, database: Database, engine: EngineClient, metrics: Metrics) -> None:
        self._database = database
        self._engine = engine
        self._metrics = metrics

    def routes(self) -> list[Route]:
        """Give the routes."""
        return [
            Route("/healthz", self.alive, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
        ]

    async def alive(self, _request: Request) -> Response:
        """Answer 200 as long as the process serves requests at all."""
        return JSONResponse({"status": "alive"}, headers=_NO_STORE)

    async def ready(self, _request: Request) -> Response:
        """Answer 200 when messages are stored and an engine answers them, else 503."""
        try:
            inbox, outbox = await self._queues()
        except StoreUnavailable:
            return JSONResponse(
                {"ready": False, "engine": self._engine.ready, "database": False},
                status_code=503,
                headers=_NO_STORE,
            )
        return JSONResponse(
            {
                "ready": self._engine.ready,
                "engine": self._engine.ready,
                "database": True,
                "inbox": _rounded(inbox),
                "outbox": _rounded(outbox),
            },
            status_code=200 if self._engine.ready else 503,
            headers=_NO_STORE,
        )

    async def metrics(self, _request: Request) -> Response:
        """Give the numbers in Prometheus' text form."""
        lines = self._metrics.lines()
        lines += gauge("cbot_engine_ready", "1 when an engine answers.", int(self._engine.ready))
        try:
            inbox, outbox = await self._queues()
        except StoreUnavailable:
            lines += gauge("cbot_database_up", "1 when the database answers.", 0)
        else:
            lines += gauge("cbot_database_up", "1 when the database answers.", 1)
            lines += _lines("inbox", inbox) + _lines("outbox", outbox)
        return PlainTextResponse(
            "\n".join(lines) + "\n",
            media_type="text/plain; version=0.0.4",
            headers=_NO_STORE,
        )

    async def _queues(self) -> tuple[Queue, Queue]:
        return await self._database.read(_states, time.time())


def _states(connection: Connection, now: float) -> tuple[Queue, Queue]:
    return queues.inbox_state(connection, now), queues.outbox_state(connection, now)


def _rounded(queue: Queue) -> dict[str, float]:
    return {**asdict(queue), "age": round(queue.age, 1)}


def _lines(name: str, queue: Queue) -> list[str]:
    return [
        *gauge(f"cbot_{name}_waiting", f"Rows of the {name} that wait.", queue.waiting),
        *gauge(f"cbot_{name}_age_seconds", "Age of the oldest of them.", round(queue.age, 3)),
        *gauge(f"cbot_{name}_dead", f"Dead letters of the {name}.", queue.dead),
        *gauge(f"cbot_{name}_held", f"Rows of the {name} on hold.", queue.held),
    ]

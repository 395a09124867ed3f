"""What machines ask: is it alive, is it ready, how does it fare."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.store import channels, queues
from bot.store.channels import ChannelState
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.queues import Queue
from connectors.channel import Platform
from connectors.engine_client import EngineClient
from connectors.metrics import Metrics, gauge, gauges

_NO_STORE = {"Cache-Control": "no-store"}


class Health:
    """The routes ``/healthz``, ``/readyz`` and ``/metrics``."""

    def __init__(
        self,
        database: Database,
        engine: EngineClient,
        metrics: Metrics,
        platforms: Sequence[Platform] = (),
    ) -> None:
        self._database = database
        self._engine = engine
        self._metrics = metrics
        self._platforms = {platform.name: platform for platform in platforms}

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
            inbox, outbox, channels = await self._states()
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
                "channels": {name: _told(channels.get(name)) for name in self._platforms},
            },
            status_code=200 if self._engine.ready else 503,
            headers=_NO_STORE,
        )

    async def metrics(self, _request: Request) -> Response:
        """Give the numbers in Prometheus' text form."""
        lines = self._metrics.lines()
        lines += gauge("cbot_engine_ready", "1 when an engine answers.", int(self._engine.ready))
        try:
            inbox, outbox, channels = await self._states()
        except StoreUnavailable:
            lines += gauge("cbot_database_up", "1 when the database answers.", 0)
        else:
            lines += gauge("cbot_database_up", "1 when the database answers.", 1)
            lines += _lines("inbox", inbox) + _lines("outbox", outbox)
            lines += self._channel_lines(channels)
        return PlainTextResponse(
            "\n".join(lines) + "\n",
            media_type="text/plain; version=0.0.4",
            headers=_NO_STORE,
        )

    async def _states(self) -> tuple[Queue, Queue, dict[str, ChannelState]]:
        return await self._database.read(_states, time.time())

    def _channel_lines(self, states: Mapping[str, ChannelState]) -> list[str]:
        now = time.time()
        up = {name: float(_works(states.get(name))) for name in self._platforms}
        ages = {
            name: round(now - state.last_event_at, 1)
            for name, state in states.items()
            if name in self._platforms and state.last_event_at is not None
        }
        return [
            *gauges("cbot_channel_up", "1 when the channel may send; 0 stopped.", "channel", up),
            *gauges(
                "cbot_channel_last_event_age_seconds",
                "Since the channel's last event.",
                "channel",
                ages,
            ),
        ]


def _states(connection: Connection, now: float) -> tuple[Queue, Queue, dict[str, ChannelState]]:
    return (
        queues.inbox_state(connection, now),
        queues.outbox_state(connection, now),
        {state.channel: state for state in channels.states(connection)},
    )


def _works(state: ChannelState | None) -> bool:
    return state is None or state.stopped is None


def _told(state: ChannelState | None) -> dict[str, object]:
    """Tell of a channel: whether its token is good, and when it was last heard of."""
    return {
        "token": "ok" if _works(state) else "refused",
        "last_event_at": state.last_event_at if state is not None else None,
        "paused": state is not None and (state.paused_until or 0.0) > time.time(),
    }


def _rounded(queue: Queue) -> dict[str, float]:
    return {**asdict(queue), "age": round(queue.age, 1)}


def _lines(name: str, queue: Queue) -> list[str]:
    return [
        *gauge(f"cbot_{name}_waiting", f"Rows of the {name} that wait.", queue.waiting),
        *gauge(f"cbot_{name}_age_seconds", "Age of the oldest of them.", round(queue.age, 3)),
        *gauge(f"cbot_{name}_dead", f"Dead letters of the {name}.", queue.dead),
        *gauge(f"cbot_{name}_held", f"Rows of the {name} on hold.", queue.held),
    ]

"""An engine that speaks the real HTTP contract and does as it is told.

It echoes what it was asked, keeps its replies by message id as the real one does, and can be
slow, broken or away. Run it alone with ``python -m tests.fakes.engine --port 5005``.
"""

from __future__ import annotations

import argparse
import asyncio
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

#: Seconds, or an event that a test sets when the turn may go on: then no clock decides what
#: happens while a turn is slow, on however slow a machine.
Delay = float | threading.Event


class FakeEngine:
    """Records what it is asked.

    Attributes:
        turns: the bodies of all requests, in their order.
        runs: per message id, how often a turn was really run (not replayed).
        delay: seconds a turn takes, or what it waits for, or a function of the request's body
            that tells which.
        status: what to answer instead of 200, or a function of the body; None for a real answer.
        ready: whether it says so.
    """

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.runs: Counter[str] = Counter()
        self.overlaps = 0
        self.delay: Delay | Callable[[dict[str, Any]], Delay] = 0.0
        self.status: int | Callable[[dict[str, Any]], int | None] | None = None
        self.ready = True
        self._stored: dict[str, dict[str, Any]] = {}
        self._busy: set[str] = set()

    def app(self) -> Starlette:
        """Give the ASGI application."""
        return Starlette(
            routes=[
                Route("/turns", self._turn, methods=["POST"]),
                Route("/readyz", self._readyz, methods=["GET"]),
            ]
        )

    async def _readyz(self, _request: Request) -> Response:
        return JSONResponse({"ready": self.ready}, status_code=200 if self.ready else 503)

    async def _turn(self, request: Request) -> Response:
        try:
            body = await request.json()
        except ClientDisconnect:  # the connectors were killed
            return Response(status_code=400)
        self.turns.append(body)
        return await self._run(body)

    async def _run(self, body: dict[str, Any]) -> Response:
        status = self.status(body) if callable(self.status) else self.status
        if body["message_id"] in self._stored and status is None:
            return JSONResponse(self._stored[body["message_id"]])
        self.overlaps += body["conversation"] in self._busy
        self._busy.add(body["conversation"])
        try:
            await _take(self.delay(body) if callable(self.delay) else self.delay)
        finally:
            self._busy.discard(body["conversation"])
        if status is not None:
            return JSONResponse({"error": "told to"}, status_code=status)
        self.runs[body["message_id"]] += 1
        answer = self._stored[body["message_id"]] = self.answer(body)
        return JSONResponse(answer)

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        """Give the answer to a request: its words again, with two buttons and a source."""
        said = body.get("text") or body.get("payload") or _shown(body.get("attachment"))
        return {
            "conversation": body["conversation"],
            "language": body.get("locale") or "ka",
            "replies": [
                {
                    "text": f"თქვენ თქვით: {said}",
                    "buttons": [
                        {"title": "ფასი", "payload": "attribute:local_fees.cleaning_fee:price"},
                        {"title": "მენიუ", "payload": "act:help"},
                    ],
                    "service": "local_fees.cleaning_fee",
                    "sources": [
                        {"title": "წყარო", "url": "https://rustavi.gov.ge/", "date": "2026-01-01"}
                    ],
                    "links": [],
                    "images": [],
                    "checked_on": "2026-10-01",
                }
            ],
        }


class OrderlyEngine(FakeEngine):
    """Runs a conversation's turns one at a time, as the real one: what a process that was killed
    had asked goes on here while the next process asks again."""

    def __init__(self) -> None:
        super().__init__()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def _run(self, body: dict[str, Any]) -> Response:
        async with self._locks[body["conversation"]]:
            return await super()._run(body)


async def _take(delay: Delay) -> None:
    """Let the time pass, or wait until the test lets the turn go on."""
    if isinstance(delay, threading.Event):
        while not delay.is_set():  # noqa: ASYNC110 -- the test sets it in another thread
            await asyncio.sleep(0.01)
    elif delay:
        await asyncio.sleep(delay)


def _shown(attachment: Any) -> str:
    """Give an attachment in words; ? without one."""
    return f"[{attachment['type']}]" if isinstance(attachment, dict) else "?"


class ServerThread:
    """Any ASGI application, or a whole server, on a free port of this machine, in a thread."""

    def __init__(self, app: Any, port: int = 0) -> None:
        if isinstance(app, uvicorn.Server):
            self._server = app
        else:
            self._server = self._make(app, port)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @staticmethod
    def _make(app: Any, port: int) -> uvicorn.Server:
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            ws="none",
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
        return uvicorn.Server(config)

    def __enter__(self) -> ServerThread:
        self._thread.start()
        deadline = time.monotonic() + 60
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError("the server did not start")
            time.sleep(0.01)
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.should_exit = True
        self._thread.join(60)

    @property
    def app(self) -> Any:
        """The application it serves."""
        return self._server.config.app

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds a turn takes")
    options = parser.parse_args()
    engine = FakeEngine()
    engine.delay = options.delay
    uvicorn.run(engine.app(), host="127.0.0.1", port=options.port, ws="none", log_level="warning")


if __name__ == "__main__":
    main()

"""The web page's channel and its API under ``/chat``."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.core.languages import DEFAULT, NAMES
from bot.store import transcript
from bot.store.database import Database
from bot.store.inbox import Claimed
from bot.store.outbox import Message
from bot.store.transcript import Line
from connectors import web_session
from connectors.bodies import Refused, read_json
from connectors.channel import Reading
from connectors.inbox import InboxWorker
from connectors.metrics import Metrics
from connectors.signing import sign
from connectors.web_guard import Guard, conversation_of
from connectors.web_items import event_of, item, line_of_event, line_of_message
from connectors.web_stream import Streams
from connectors.words import Words

#: Messages shown when the page is opened.
HISTORY = 50
#: Seconds between two signs of life on a stream without messages.
HEARTBEAT = 15.0
#: The longest a request for replies waits, seconds.
LONGEST_WAIT = 55.0
#: Open streams and waiting requests of one conversation: tabs of one browser.
MOST_LISTENERS = 20
#: The same of all conversations.
MOST_STREAMS = 5000

_NO_STORE = {"Cache-Control": "no-store"}


class WebChannel:
    """Residents fetch what is stored; this only hands it on at once to open pages."""

    name = "web"
    stored_is_delivered = True
    limits = None

    def __init__(self, streams: Streams) -> None:
        self._streams = streams

    async def deliver(self, message: Message) -> str | None:
        """Hand a stored message to the open pages of its conversation."""
        self._streams.push(line_of_message(message))
        return None

    async def typing(self, conversation: str) -> None:
        """Show the open pages that an answer is being written."""
        self._streams.typing(conversation)

    async def read(self, event: Claimed) -> Reading:
        """Give what the page sent: it needs no making out."""
        return Reading(event.kind, event.body)


class WebChat:
    """The API that the page and scripts speak."""

    def __init__(
        self,
        database: Database,
        worker: InboxWorker,
        streams: Streams,
        words: Words,
        guard: Guard,
        metrics: Metrics,
        secret: str,
        public_url: str,
    ) -> None:
        self._database = database
        self._worker = worker
        self._streams = streams
        self._words = words
        self._guard = guard
        self._metrics = metrics
        self._secret = secret
        self._secure = public_url.startswith("https:")

    def routes(self) -> list[Route]:
        """Give the routes, to be mounted at ``/chat``."""
        return [
            Route("/session", self.session, methods=["GET"]),
            Route("/messages", self.messages, methods=["POST"]),
            Route("/events", self.events, methods=["GET"]),
            Route("/replies", self.replies, methods=["GET"]),
        ]

    async def session(self, request: Request) -> Response:
        """Give the page all it needs to begin; makes the session when there is none."""
        token = web_session.token_of(request)
        is_new = token is None
        token = token or web_session.new_token()
        conversation = web_session.conversation_of(token)
        lines = await self._database.read(transcript.last, conversation, HISTORY)
        response = JSONResponse(
            self._begin(conversation, _language(request), lines), headers=_NO_STORE
        )
        if is_new:
            web_session.keep(response, token, self._secure)
        return response

    def _begin(self, conversation: str, language: str, lines: list[Line]) -> dict[str, Any]:
        def payload(text: str) -> str:
            return sign(self._secret, conversation, text)

        return {
            "municipality": {
                "id": self._words.municipality,
                "name": self._words.town(language),
            },
            "language": language,
            "languages": [
                {"code": code, "name": name, "payload": payload(f"language:{code}")}
                for code, name in self._words.languages()
            ],
            "topics": [
                {"id": id, "name": name, "payload": payload(f"topic:{id}")}
                for id, name in self._words.topics(language)
            ],
            "texts": self._words.page(language),
            "history": [item(line, self._secret) for line in lines],
            "cursor": lines[-1].position if lines else 0,
        }

    async def messages(self, request: Request) -> Response:
        """Store a message; the answer comes by the stream."""
        start = time.perf_counter()
        conversation = self._guard.writer(request)
        now = time.time()
        event = event_of(await read_json(request), conversation, self._secret, now)
        added = await self._worker.accept(event)
        if added.new:
            self._streams.push(line_of_event(event, added, now))
            self._metrics.messages.add()
        self._metrics.acknowledgements.observe(time.perf_counter() - start)
        return JSONResponse({"id": event.ext_id}, status_code=202, headers=_NO_STORE)

    async def events(self, request: Request) -> Response:
        """Stream messages and the typing sign as server-sent events."""
        conversation = self._listening(request)
        resumed = request.headers.get("last-event-id", "")
        after = int(resumed) if _is_count(resumed) else _number(request, "after")
        return StreamingResponse(
            self._events(conversation, after),
            media_type="text/event-stream",
            headers={**_NO_STORE, "X-Accel-Buffering": "no"},
        )

    async def _events(self, conversation: str, after: int) -> AsyncIterator[bytes]:
        # Something must come at once, or browsers and proxies do not take the stream as open.
        yield b"retry: 2000\n\n"
        async with aclosing(self._streams.follow(conversation, after, HEARTBEAT)) as stream:
            async for lines in stream:
                if lines is None:
                    yield b": here\n\n"
                elif not lines:
                    yield b"event: typing\ndata: {}\n\n"
                else:
                    yield b"".join(self._event(line) for line in lines)

    def _event(self, line: Line) -> bytes:
        data = json.dumps(item(line, self._secret), ensure_ascii=False, separators=(",", ":"))
        return f"id: {line.position}\nevent: message\ndata: {data}\n\n".encode()

    async def replies(self, request: Request) -> Response:
        """Give the messages after a position, waiting for one when there is none.

        Comes back earlier with ``typing`` when an answer is being written.
        """
        conversation = self._listening(request)
        after = _number(request, "after")
        wait = min(_number(request, "wait"), LONGEST_WAIT)
        async with aclosing(self._streams.follow(conversation, after, wait)) as stream:
            lines = await anext(stream, None)
        answer = {
            "items": [item(line, self._secret) for line in lines or ()],
            "cursor": lines[-1].position if lines else after,
            "typing": lines == [],
        }
        return JSONResponse(answer, headers=_NO_STORE)

    def _listening(self, request: Request) -> str:
        if request.method != "GET":
            # A HEAD would wait for what it must not give.
            raise HTTPException(405)
        conversation = conversation_of(request)
        if self._streams.count(conversation) >= MOST_LISTENERS:
            raise Refused(429, "too_many", "Too many open pages; close some.", retry_after=5)
        if self._streams.count() >= MOST_STREAMS:
            raise Refused(503, "busy", "Too many people are here just now.", retry_after=5)
        return conversation


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 9


def _number(request: Request, name: str) -> int:
    value = request.query_params.get(name, "0")
    if not _is_count(value):
        raise Refused(400, f"bad_{name}", f"Give {name} as a whole number.")
    return int(value)


def _language(request: Request) -> str:
    """Choose the page's language: the one asked for, else the browser's, else Georgian."""
    asked = request.query_params.get("language", "")
    if asked in NAMES:
        return asked
    for part in _by_weight(request.headers.get("accept-language", "")):
        code = part.partition("-")[0].lower()
        if code in NAMES:
            return code
    return DEFAULT


def _by_weight(header: str) -> list[str]:
    """Give the languages of an Accept-Language header, the most wanted first."""
    weighted: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((-float(weight or 1), name.strip()))
        except ValueError:
            continue
    return [name for _weight, name in sorted(weighted, key=lambda pair: pair[0])]

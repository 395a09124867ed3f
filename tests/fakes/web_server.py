"""A stand-in for the connectors' web chat, to look at the page and test it in a browser.

It serves the real static folder and speaks the chat API over real HTTP, with canned answers and
a :class:`Plan` of what shall go wrong. By hand:
``python -m tests.fakes.web_server --port 8099``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import uvicorn
import yaml
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes.ports import free_port
from tests.fakes.web_answers import LANGUAGES, TOPICS, TOWN, answers_to

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "connectors" / "static"
COOKIE = "cbot_session"
HISTORY = 50
CSP = "default-src 'self'; frame-ancestors 'self'; base-uri 'none'; object-src 'none'"

Item = dict[str, Any]


@dataclass
class Plan:
    """What shall happen to the requests that come; tests change it while the server runs."""

    #: So many of the next messages are answered with ``status`` and not taken.
    refuse: int = 0
    status: int = 503
    #: So many of the next messages are taken, but the answer to the request is lost.
    lose: int = 0
    #: Seconds before the bot answers.
    delay: float = 0.0
    #: Whether the bot keeps its answer back until this is taken away.
    held: bool = False
    #: Whether the stream of events is refused, so that the page has to poll.
    no_stream: bool = False
    #: How often the stream hands over each item.
    copies: int = 1


@dataclass
class Conversation:
    """What one browser and the bot said to each other."""

    language: str = "ka"
    items: list[Item] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    typing: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, sender: str, content: Item) -> None:
        """Append an item and wake those who wait for one."""
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        self.items.append({"id": len(self.items) + 1, "from": sender, "at": at, **content})
        self.wake()

    def wake(self) -> None:
        """Let everybody who waits look again."""
        self.news.set()
        self.news = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Wait for the next item, but no longer than so many seconds."""
        try:
            await asyncio.wait_for(self.news.wait(), seconds)
        except asyncio.TimeoutError:
            return


class FakeChat:
    """The chat API with everything in memory."""

    def __init__(self, texts: Path = ROOT / "knowledge" / "texts") -> None:
        self.plan = Plan()
        self.conversations: dict[str, Conversation] = {}
        self.posts: list[Item] = []
        self.closing = False
        self._texts = texts
        self._tasks: set[asyncio.Task[None]] = set()

    def app(self) -> Starlette:
        """Give the application: the page, its files and the API."""
        routes = [
            Route("/", lambda _request: FileResponse(STATIC / "index.html")),
            Route("/chat/session", self.session),
            Route("/chat/messages", self.messages, methods=["POST"]),
            Route("/chat/events", self.events),
            Route("/chat/replies", self.replies),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
        return Starlette(routes=routes, middleware=[Middleware(_Secure)])

    @property
    def only(self) -> Conversation:
        """Give the conversation of the only browser."""
        (conversation,) = self.conversations.values()
        return conversation

    def page_texts(self, language: str) -> dict[str, str]:
        """Read the page's texts as they stand now, what is missing in English."""
        texts: dict[str, str] = {}
        for code in ("en", language):
            path = self._texts / f"{code}.yml"
            if path.exists():
                texts |= yaml.safe_load(path.read_text(encoding="utf-8")).get("page", {})
        return texts

    async def session(self, request: Request) -> Response:
        token = request.cookies.get(COOKIE, "")
        known = self.conversations.get(token)
        if known is None:
            token = secrets.token_urlsafe(32)
            known = self.conversations[token] = Conversation()
        asked = request.query_params.get("language", "")
        accepted = request.headers.get("accept-language", "ka")[:2]
        known.language = next((c for c in (asked, accepted) if c in LANGUAGES), "ka")
        response = JSONResponse(self._session(known))
        response.set_cookie(COOKIE, token, httponly=True, samesite="lax")
        return response

    def _session(self, conversation: Conversation) -> Item:
        language = conversation.language
        english = language if language in TOWN else "en"
        return {
            "municipality": {"id": "rustavi", "name": TOWN[english]},
            "language": language,
            "languages": [
                {"code": code, "name": name, "payload": f"language:{code}"}
                for code, name in LANGUAGES.items()
            ],
            "topics": [
                {"id": id, "name": names[english], "payload": f"topic:{id}"}
                for id, names in TOPICS.items()
            ],
            "texts": self.page_texts(language),
            "history": conversation.items[-HISTORY:],
            "cursor": len(conversation.items),
        }

    def _of(self, request: Request) -> Conversation | None:
        return self.conversations.get(request.cookies.get(COOKIE, ""))

    async def messages(self, request: Request) -> Response:
        conversation = self._of(request)
        if conversation is None:
            return _no_session()
        message = await request.json()
        self.posts.append(message)
        if self.plan.refuse:
            self.plan.refuse -= 1
            return _error(self.plan.status, "planned")
        if message["id"] not in conversation.taken:
            self._take(conversation, message)
        if self.plan.lose:
            self.plan.lose -= 1
            return _error(502, "lost")
        return JSONResponse({"id": message["id"]}, status_code=202)

    def _take(self, conversation: Conversation, message: Item) -> None:
        conversation.taken.add(message["id"])
        shown = message.get("text", message.get("title", ""))
        conversation.add("resident", {"text": shown, "client_id": message["id"]})
        task = asyncio.create_task(self._answer(conversation, message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, conversation: Conversation, message: Item) -> None:
        said = message.get("payload") or message.get("text", "")
        if said.startswith("language:"):
            conversation.language = said.partition(":")[2]
        if self.plan.held or self.plan.delay > 0.3:
            conversation.typing += 1
            conversation.wake()
        await asyncio.sleep(self.plan.delay)
        while self.plan.held:  # noqa: ASYNC110 -- a test in another thread takes it away
            await asyncio.sleep(0.01)
        for content in answers_to(said, conversation.language):
            conversation.add("bot", {"client_id": None, **content})

    async def events(self, request: Request) -> Response:
        conversation = self._of(request)
        if conversation is None:
            return _no_session()
        if self.plan.no_stream:
            return _error(503, "no_stream")
        after = request.headers.get("last-event-id") or request.query_params.get("after", "0")
        stream = self._stream(conversation, int(after))
        return StreamingResponse(stream, media_type="text/event-stream")

    async def _stream(self, conversation: Conversation, after: int) -> AsyncIterator[str]:
        yield "retry: 2000\n\n"
        typed = conversation.typing
        while not self.closing:
            for item in conversation.items[after:]:
                data = json.dumps(item, ensure_ascii=False)
                yield f"id: {item['id']}\nevent: message\ndata: {data}\n\n" * self.plan.copies
            after = len(conversation.items)
            if conversation.typing > typed:
                yield "event: typing\ndata: {}\n\n"
            typed = conversation.typing
            await conversation.wait(0.5)
            yield ": here\n\n"

    async def replies(self, request: Request) -> Response:
        conversation = self._of(request)
        if conversation is None:
            return _no_session()
        after = int(request.query_params.get("after", "0"))
        deadline = time.monotonic() + float(request.query_params.get("wait", "0"))
        while len(conversation.items) <= after and time.monotonic() < deadline:
            if self.closing:
                break
            await conversation.wait(0.5)
        items = conversation.items[after:]
        return JSONResponse({"items": items, "cursor": max(after, len(conversation.items))})


def _error(status: int, code: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": code}}, status_code=status)


def _no_session() -> Response:
    return _error(401, "no_session")


class _Secure:
    """Sends the security policy of the real server with every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Content-Security-Policy"] = CSP
            await send(message)

        await self._app(scope, receive, send_secured)


def _server(fake: FakeChat, port: int) -> uvicorn.Server:
    config = uvicorn.Config(
        fake.app(),
        host="127.0.0.1",
        port=port,
        ws="none",
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


@contextmanager
def serving(fake: FakeChat, port: int = 0) -> Iterator[str]:
    """Serve in a thread, on any free port by default; gives the page's address."""
    port = port or free_port()
    fake.closing = False
    server = _server(fake, port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), f"port {port} is taken"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        fake.closing = server.should_exit = True
        thread.join(60)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--texts", type=Path, default=ROOT / "knowledge" / "texts")
    parser.add_argument("--delay", type=float, default=0.6, help="seconds before an answer")
    options = parser.parse_args()
    fake = FakeChat(options.texts)
    fake.plan.delay = options.delay
    _server(fake, options.port).run()


if __name__ == "__main__":
    main()

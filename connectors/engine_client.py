"""Asking the engines: which of them are ready, and one turn of a conversation.

A conversation always goes to the same engine (rendezvous hashing), as long as that is ready;
when one goes away only its conversations move.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from bot.core.errors import BotError, EngineUnavailable
from bot.core.replies import Reply
from connectors.waiting import within

log = logging.getLogger(__name__)

#: A turn that takes longer counts as failed, seconds.
TURN_SECONDS = 30.0
#: Between two looks at an engine that is ready, and at one that is not.
LOOK_SECONDS = 2.0
LOOK_SOON_SECONDS = 0.25

#: A proxy in front of an engine, or an engine that starts or stops.
_AWAY = frozenset({502, 503, 504})


class TurnFailed(BotError):
    """The engine was there but gave no answer; a few more attempts are due."""


class TurnRejected(BotError):
    """The engine can never handle this event."""


@dataclass(frozen=True)
class Turn:
    """One event for the engine; ``content`` has one key: text, payload or attachment."""

    conversation: str
    message_id: str
    channel: str
    municipality: str
    locale: str | None
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the engine said, in which language, and for which town."""

    replies: Sequence[Reply]
    language: str | None
    municipality: str | None


class EngineClient:
    """The engines at ``urls``; watches which of them are ready between start and close."""

    def __init__(self, urls: Sequence[str], turn_seconds: float = TURN_SECONDS) -> None:
        self._urls = tuple(urls)
        self._ready: set[str] = set()
        self._look = {url: asyncio.Event() for url in self._urls}
        self._watchers: list[asyncio.Task[None]] = []
        self._listeners: list[Callable[[], None]] = []
        self._turn_timeout = httpx.Timeout(turn_seconds, connect=2.0).as_dict()
        self._look_timeout = httpx.Timeout(2.0).as_dict()
        # The transport without the client around it: redirects, cookies and proxies are of no
        # use here and cost a third of a request's time.
        self._http = httpx.AsyncHTTPTransport(
            # Idle connections are given up before the engine's server does it (after 5 s), so
            # that no turn is sent into one that is being closed.
            limits=httpx.Limits(
                max_connections=200, max_keepalive_connections=50, keepalive_expiry=3.0
            ),
            trust_env=False,
        )

    @property
    def ready(self) -> bool:
        """Whether any engine takes turns now."""
        return bool(self._ready)

    def when_ready(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever an engine becomes ready."""
        self._listeners.append(listener)

    async def start(self) -> None:
        """Look at every engine once, then keep watching."""
        await asyncio.gather(*(self._check(url) for url in self._urls))
        self._watchers = [asyncio.create_task(self._watch(url)) for url in self._urls]

    async def close(self) -> None:
        """Stop watching and close the connections."""
        for task in self._watchers:
            task.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)
        await self._http.aclose()

    async def turn(self, turn: Turn) -> Answer:
        """Let the conversation's engine answer one event.

        When that engine is gone, as when another model was published, the next one answers
        at once.

        Raises:
            EngineUnavailable: no engine is ready, or they went away before they took the event.
            TurnFailed: one took the event and gave no usable answer.
            TurnRejected: it says that it never can.
        """
        tried: set[str] = set()
        while True:
            url = self._choose(turn.conversation, tried)
            tried.add(url)
            try:
                return await self._turn(url, turn)
            except EngineUnavailable:
                if not self._ready - tried:
                    raise

    async def _turn(self, url: str, turn: Turn) -> Answer:
        body = {
            "conversation": turn.conversation,
            "message_id": turn.message_id,
            "channel": turn.channel,
            "municipality": turn.municipality,
            "locale": turn.locale,
            **turn.content,
        }
        try:
            response = await self._send("POST", f"{url}/turns", self._turn_timeout, body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            self._lost(url)
            raise EngineUnavailable(f"{url} refuses the connection") from error
        except httpx.HTTPError as error:
            # Broken off half way: the engine may have died of this very event.
            self._look[url].set()
            raise TurnFailed(f"{url} broke off: {type(error).__name__}") from error
        return self._read(url, response)

    async def _send(
        self, method: str, url: str, timeout: Mapping[str, float | None], body: object = None
    ) -> httpx.Response:
        """Send one request and read the whole answer; raises httpx.HTTPError."""
        request = httpx.Request(method, url, json=body, extensions={"timeout": timeout})
        try:
            response = await self._http.handle_async_request(request)
        except AttributeError as error:
            # anyio's, for a connection that was gone as soon as it was made; nothing was asked.
            raise httpx.ConnectError("the connection was cut at once", request=request) from error
        try:
            await response.aread()
        finally:
            await response.aclose()
        return response

    def _read(self, url: str, response: httpx.Response) -> Answer:
        status = response.status_code
        if status in _AWAY:
            self._lost(url)
            raise EngineUnavailable(f"{url} answers {status}")
        if status == 422:
            raise TurnRejected(f"{url} answers 422")
        if status != 200:
            raise TurnFailed(f"{url} answers {status}")
        try:
            data = response.json()
            replies = [Reply.from_json(reply) for reply in data["replies"]]
            language, town = data.get("language"), data.get("municipality")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TurnFailed(f"{url} gives an unreadable answer") from error
        return Answer(
            replies,
            language if isinstance(language, str) else None,
            town if isinstance(town, str) else None,
        )

    def _choose(self, conversation: str, tried: set[str]) -> str:
        if not self._ready - tried:
            raise EngineUnavailable("no engine is ready")
        return max(self._ready - tried, key=lambda url: _weight(url, conversation))

    async def _watch(self, url: str) -> None:
        while True:
            pause = LOOK_SECONDS if url in self._ready else LOOK_SOON_SECONDS
            await within(self._look[url], pause)
            self._look[url].clear()
            try:
                await self._check(url)
            except Exception:
                # Nobody else would ever find the engine again.
                log.exception("looking after engine %s failed", url)

    async def _check(self, url: str) -> None:
        try:
            response = await self._send("GET", f"{url}/readyz", self._look_timeout)
            ready = response.status_code == 200
        except httpx.HTTPError:
            ready = False
        if not ready:
            self._lost(url)
        elif url not in self._ready:
            self._ready.add(url)
            log.info("engine %s is ready", url)
            for listener in self._listeners:
                listener()

    def _lost(self, url: str) -> None:
        if url in self._ready:
            self._ready.discard(url)
            self._look[url].set()
            log.warning("engine %s is away", url)


def _weight(url: str, conversation: str) -> bytes:
    return hashlib.sha256(f"{url}\0{conversation}".encode()).digest()

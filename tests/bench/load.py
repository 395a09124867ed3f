"""Residents who write and wait for the answer, and how long that takes."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import aiohttp

from tests.bench.messages import CONVERSATION

#: Takes a client, a resident's name and a text; returns when the answer is there.
Say = Callable[[aiohttp.ClientSession, str, str], Awaitable[None]]


class Answer(NamedTuple):
    """What a server told: the JSON of the body, and the headers."""

    told: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Figures:
    """Turns a second, and how long a turn took: median and 95th percentile, milliseconds."""

    residents: int
    turns: int
    per_second: float
    p50: float
    p95: float


def session() -> aiohttp.ClientSession:
    """Give a client that costs little itself: it runs on the same cores as what is measured."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(120),
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def ask(client: aiohttp.ClientSession, method: str, url: str, **given: Any) -> Answer:
    """Send a request and read its whole answer.

    Raises:
        aiohttp.ClientResponseError: when the status is none of success.
    """
    async with client.request(method, url, **given) as answer:
        answer.raise_for_status()
        return Answer(await answer.json(), answer.headers)


def percentile(values: list[float], share: float) -> float:
    """Give the value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def measure(say: Say, residents: int, seconds: float) -> Figures:
    """Let residents write one message after the other for some seconds.

    Each goes through CONVERSATION again and again, as a new resident each time.
    """
    took: list[float] = []
    async with session() as client:
        await _converse(client, say, CONVERSATION[:3], [])  # connections and caches
        begun = time.perf_counter()
        end = begun + seconds

        async def one() -> None:
            while time.perf_counter() < end:
                await _converse(client, say, CONVERSATION, took, end)

        await asyncio.gather(*(one() for _ in range(residents)))
        elapsed = time.perf_counter() - begun
    return Figures(
        residents,
        len(took),
        len(took) / elapsed,
        percentile(took, 0.5) * 1000,
        percentile(took, 0.95) * 1000,
    )


async def _converse(
    client: aiohttp.ClientSession,
    say: Say,
    texts: tuple[str, ...],
    took: list[float],
    end: float = float("inf"),
) -> None:
    name = uuid.uuid4().hex
    for text in texts:
        begun = time.perf_counter()
        if begun > end:
            return
        await say(client, name, text)
        took.append(time.perf_counter() - begun)


async def growth(say: Say, marks: tuple[int, ...], around: int = 10) -> dict[int, float]:
    """Give the median milliseconds of a turn around each mark of one long conversation."""
    took: list[float] = []
    name = uuid.uuid4().hex
    async with session() as client:
        for number in range(max(marks) + around):
            begun = time.perf_counter()
            await say(client, name, CONVERSATION[number % len(CONVERSATION)])
            took.append((time.perf_counter() - begun) * 1000)
    return {mark: percentile(took[max(0, mark - around) : mark + around], 0.5) for mark in marks}


def engine(url: str) -> Say:
    """Write to this bot's engine."""

    async def say(client: aiohttp.ClientSession, name: str, text: str) -> None:
        turn = {"conversation": name, "message_id": uuid.uuid4().hex, "text": text}
        await ask(client, "POST", f"{url}/turns", json=turn)

    return say


def rest(url: str) -> Say:
    """Write to a stock Rasa server through its REST channel."""

    async def say(client: aiohttp.ClientSession, name: str, text: str) -> None:
        message = {"sender": name, "message": text}
        await ask(client, "POST", f"{url}/webhooks/rest/webhook", json=message)

    return say


class WebChat:
    """Write through the web channel, inbox and outbox and all, as the page does."""

    def __init__(self, url: str) -> None:
        """Take the address of the connectors."""
        self._url = url
        self._sessions: dict[str, tuple[dict[str, str], int]] = {}

    async def __call__(self, client: aiohttp.ClientSession, name: str, text: str) -> None:
        """Send a message and wait for its answer by long poll."""
        if name not in self._sessions:
            answer = await ask(client, "GET", f"{self._url}/chat/session")
            cookie = answer.headers["set-cookie"].partition(";")[0]
            self._sessions[name] = {"cookie": cookie}, answer.told["cursor"]
        headers, cursor = self._sessions[name]
        message = {"id": str(uuid.uuid4()), "text": text, "locale": "ka"}
        await ask(client, "POST", f"{self._url}/chat/messages", json=message, headers=headers)
        while True:
            address = f"{self._url}/chat/replies?after={cursor}&wait=30"
            told = (await ask(client, "GET", address, headers=headers)).told
            cursor = told["cursor"]
            self._sessions[name] = headers, cursor
            if any(item["from"] == "bot" for item in told["items"]):
                return

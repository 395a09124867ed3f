from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.core.errors import EngineUnavailable
from connectors.engine_client import (
    TURN_SECONDS,
    EngineClient,
    Turn,
    TurnFailed,
    TurnRejected,
)
from tests.fakes.engine import FakeEngine, ServerThread
from tests.fakes.ports import free_port

pytestmark = pytest.mark.anyio


def turn(conversation: str = "web:1f", message_id: str = "m1", text: str = "გამარჯობა") -> Turn:
    return Turn(conversation, message_id, "web", "rustavi", "ka", {"text": text})


@asynccontextmanager
async def client(*urls: str, turn_seconds: float = 30.0) -> AsyncIterator[EngineClient]:
    engines = EngineClient(urls, turn_seconds)
    await engines.start()
    try:
        yield engines
    finally:
        await engines.close()


async def until(condition: object, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_a_turn_gives_replies_and_language() -> None:
    with ServerThread(FakeEngine().app()) as server:
        async with client(server.url) as engines:
            assert engines.ready
            answer = await engines.turn(turn())
    assert answer.language == "ka"
    assert answer.replies[0].text == "თქვენ თქვით: გამარჯობა"
    assert answer.replies[0].buttons[1].payload == "act:help"


async def test_a_refused_connection_is_unavailable_at_once() -> None:
    engine = FakeEngine()
    server = ServerThread(engine.app())
    with server:
        url = server.url
        engines = EngineClient([url])
        await engines.start()
    start = time.monotonic()
    with pytest.raises(EngineUnavailable):
        await engines.turn(turn())
    # Far from the time that a turn may take.
    assert time.monotonic() - start < TURN_SECONDS / 3
    assert not engines.ready
    await engines.close()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (422, TurnRejected),
        (500, TurnFailed),
        (400, TurnFailed),
        (503, EngineUnavailable),
        (502, EngineUnavailable),
    ],
)
async def test_an_answer_that_is_none_is_named(status: int, error: type[Exception]) -> None:
    engine = FakeEngine()
    engine.status = status
    with ServerThread(engine.app()) as server:
        async with client(server.url) as engines:
            with pytest.raises(error):
                await engines.turn(turn())


async def test_a_turn_that_takes_too_long_has_failed() -> None:
    engine = FakeEngine()
    engine.delay = 60.0
    with ServerThread(engine.app()) as server:
        async with client(server.url, turn_seconds=0.3) as engines:
            with pytest.raises(TurnFailed, match="Timeout"):
                await engines.turn(turn())


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "{}", '{"replies": 5}', '{"replies": [{"buttons": [{}]}]}', "{"]
)
async def test_an_unreadable_answer_has_failed(body: str) -> None:
    async def answer(_request: object) -> Response:
        return PlainTextResponse(body)

    app = Starlette(routes=[Route("/turns", answer, methods=["POST"]), Route("/readyz", answer)])
    with ServerThread(app) as server:
        async with client(server.url) as engines:
            with pytest.raises(TurnFailed, match="unreadable"):
                await engines.turn(turn())


async def test_an_engine_that_comes_is_noticed_and_told() -> None:
    port = free_port()
    told: list[bool] = []
    async with client(f"http://127.0.0.1:{port}") as engines:
        engines.when_ready(lambda: told.append(engines.ready))
        with pytest.raises(EngineUnavailable):
            await engines.turn(turn())
        with ServerThread(FakeEngine().app(), port):
            await until(lambda: engines.ready)
            assert (await engines.turn(turn())).language == "ka"
    assert told == [True]


async def test_an_engine_that_says_it_is_not_ready_gets_no_turns() -> None:
    engine = FakeEngine()
    engine.ready = False
    with ServerThread(engine.app()) as server:
        async with client(server.url) as engines:
            with pytest.raises(EngineUnavailable):
                await engines.turn(turn())
            engine.ready = True
            await until(lambda: engines.ready)
    assert engine.turns == []


async def test_a_conversation_stays_with_its_engine_and_moves_when_that_is_gone() -> None:
    one, two = FakeEngine(), FakeEngine()
    conversations = [f"web:{number}" for number in range(40)]

    async def ask_all(engines: EngineClient) -> None:
        for conversation in conversations:
            await engines.turn(turn(conversation, f"{conversation}-{time.monotonic()}"))

    def places(engine: FakeEngine) -> Counter[str]:
        return Counter(body["conversation"] for body in engine.turns)

    with ServerThread(one.app()) as first, ServerThread(two.app()) as second:
        async with client(first.url, second.url) as engines:
            await ask_all(engines)
            await ask_all(engines)
            mine, yours = places(one), places(two)
            assert not set(mine) & set(yours)
            assert set((mine + yours).values()) == {2}
            assert min(len(mine), len(yours)) >= 8
            one.turns.clear()
            two.ready = False
            await until(lambda: len(engines._ready) == 1)
            await ask_all(engines)
            assert len(one.turns) == 40


async def test_turn_goes_to_the_next_engine_at_once_when_its_own_is_retired() -> None:
    old, new = FakeEngine(), FakeEngine()
    with ServerThread(old.app()) as one, ServerThread(new.app()) as other:
        async with client(one.url, other.url) as engines:
            old.status = 503
            old.ready = False
            for number in range(20):
                await engines.turn(turn(f"web:{number}", f"m{number}"))
    assert len(new.turns) == 20
    assert len(old.turns) <= 1


async def test_turn_that_no_engine_takes_is_tried_once_at_each() -> None:
    old, new = FakeEngine(), FakeEngine()
    old.status = new.status = 503
    with ServerThread(old.app()) as one, ServerThread(new.app()) as other:
        async with client(one.url, other.url) as engines:
            with pytest.raises(EngineUnavailable):
                await engines.turn(turn())
    assert (len(old.turns), len(new.turns)) == (1, 1)


class CutAtOnce(httpx.AsyncBaseTransport):
    """Breaks as anyio does when an engine was killed just as the connection was made."""

    def __init__(self, real: httpx.AsyncBaseTransport, times: int) -> None:
        self._real, self._times = real, times

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._times -= 1
        if self._times >= 0:
            raise AttributeError("'NoneType' object has no attribute 'getpeername'")
        return await self._real.handle_async_request(request)


async def test_an_engine_that_cut_the_connection_at_once_is_away_and_found_again() -> None:
    with ServerThread(FakeEngine().app()) as server:
        async with client(server.url) as engines:
            engines._http = CutAtOnce(engines._http, 2)  # type: ignore[assignment]
            with pytest.raises(EngineUnavailable):
                await engines.turn(turn())
            await until(lambda: engines.ready)
            assert (await engines.turn(turn())).language == "ka"

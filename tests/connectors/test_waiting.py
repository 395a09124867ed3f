from __future__ import annotations

import asyncio
import logging
import time

import pytest

from bot.core.errors import MissingError
from connectors.waiting import forever, within

pytestmark = pytest.mark.anyio


async def test_within_tells_whether_the_event_came() -> None:
    event = asyncio.Event()
    start = time.monotonic()
    assert not await within(event, 0.05)
    assert time.monotonic() - start >= 0.045
    asyncio.get_running_loop().call_later(0.02, event.set)
    assert await within(event, 60)
    assert await within(event, 0)


async def test_within_does_not_swallow_a_cancellation_that_comes_with_the_event() -> None:
    event = asyncio.Event()
    task = asyncio.create_task(within(event, 3600))
    await asyncio.sleep(0.02)
    event.set()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task}, timeout=60)
    assert task.cancelled()


async def test_forever_goes_on_after_failures_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    steps: list[int] = []
    enough = asyncio.Event()

    async def step() -> None:
        steps.append(len(steps))
        if len(steps) == 4:
            enough.set()
        if len(steps) == 1:
            raise MissingError("the database is away")
        if len(steps) == 2:
            raise ZeroDivisionError

    with caplog.at_level(logging.ERROR):
        task = asyncio.create_task(forever("looking", step, 0.01))
        assert await within(enough, 60)
        task.cancel()
    assert "looking: the database is away" in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_forever_takes_a_step_at_once_when_woken() -> None:
    steps: asyncio.Queue[None] = asyncio.Queue()
    wake = asyncio.Event()

    async def step() -> None:
        steps.put_nowait(None)

    task = asyncio.create_task(forever("looking", step, 3600.0, wake))
    for _ in range(2):
        wake.set()
        await steps.get()
        await asyncio.sleep(0.05)
        assert steps.empty()
    task.cancel()

"""Waiting and looking again, for as long as the process lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.core.errors import MissingError

log = logging.getLogger(__name__)


async def within(event: asyncio.Event, seconds: float) -> bool:
    """Wait until ``event`` is set, at most ``seconds``; tell whether it is.

    Unlike Python 3.10's ``asyncio.wait_for`` it never swallows a cancellation that comes
    together with the event.
    """
    if event.is_set():
        return True
    waiter = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({waiter}, timeout=seconds)
    finally:
        waiter.cancel()
    return event.is_set()


async def forever(
    name: str,
    step: Callable[[], Awaitable[None]],
    seconds: float,
    wake: asyncio.Event | None = None,
) -> None:
    """Take a step every so many seconds, and whenever ``wake`` is set, until cancelled.

    A step that fails is logged under ``name``; the next one is taken all the same.
    """
    wake = wake or asyncio.Event()
    while True:
        await within(wake, seconds)
        wake.clear()
        try:
            await step()
        except MissingError as error:
            log.error("%s: %s", name, error)
        except Exception:
            log.exception("%s failed", name)
            # Being woken over and over must not make a broken step a busy one.
            await asyncio.sleep(seconds)

"""Waiting for an event, but not for ever."""

from __future__ import annotations

import asyncio


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

"""A channel whose platform does as it is told."""

from __future__ import annotations

import asyncio
import time

from starlette.routing import BaseRoute

from bot.store.inbox import Claimed
from bot.store.outbox import Message
from connectors.channel import ChannelStopped, Limits, Reading


class FakeChannel:
    """Keeps what was delivered; ``failures`` are raised first, one a delivery."""

    stored_is_delivered = False
    account = "page"

    def __init__(self, name: str = "fake", limits: Limits | None = None) -> None:
        self.name = name
        self.limits = limits
        self.alive = True
        self.failures: list[Exception] = []
        self.delivered: list[tuple[str, str]] = []
        self.times: list[float] = []
        self.delay = 0.0
        self.busy: set[str] = set()
        self.overlaps = 0

    async def deliver(self, message: Message) -> str | None:
        """Take a message, or fail."""
        self.overlaps += message.conversation in self.busy
        self.busy.add(message.conversation)
        try:
            await asyncio.sleep(self.delay)
            self.times.append(time.monotonic())
            if self.failures:
                raise self.failures.pop(0)
            self.delivered.append((message.conversation, message.body["text"]))
            return f"platform-{message.id}"
        finally:
            self.busy.discard(message.conversation)

    async def typing(self, conversation: str) -> None:
        """Nothing to show."""

    async def read(self, event: Claimed) -> Reading:
        """Take everything as text."""
        return Reading("text", event.body)

    def routes(self) -> list[BaseRoute]:
        """Nobody calls."""
        return []

    async def start(self) -> None:
        """Nothing to begin."""

    async def stop(self) -> None:
        """Nothing to end."""

    async def probe(self) -> None:
        """Work again once told to."""
        if not self.alive:
            raise ChannelStopped("still no token")

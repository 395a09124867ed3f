"""The sender: takes what waits in the outbox to its channels, in order per conversation."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from contextlib import suppress

from bot.core.errors import MissingError
from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Message
from connectors.channel import Channel, DeliveryFailed, DeliveryPostponed, DeliveryRefused
from connectors.waiting import forever

log = logging.getLogger(__name__)

#: After so many failed attempts a message becomes a dead letter.
MOST_ATTEMPTS = 10
#: Seconds before the second attempt; doubled each time up to the longest.
FIRST_DELAY = 1.0
LONGEST_DELAY = 300.0


def delay_after(attempts: int) -> float:
    """Give the seconds to wait after so many failed attempts, a little different each time."""
    delay: float = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempts - 1))
    return delay * random.uniform(0.8, 1.2)  # noqa: S311 -- spreads retries, guards nothing


class OutboxSender:
    """Delivers messages, at most ``parallel`` at once and one of a conversation at a time."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        owner: str,
        *,
        parallel: int = 16,
        look: float = 0.5,
        lease: float = 60.0,
        grace: float = 10.0,
    ) -> None:
        self._database = database
        self._channels = channels
        self._owner = owner
        self._parallel = parallel
        self._pause = look
        self._lease = lease
        self._grace = grace
        self._running: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for messages."""
        self._loop = asyncio.create_task(
            forever("looking into the outbox", self._look, self._pause, self._wake)
        )

    async def stop(self) -> None:
        """Claim nothing more; finish or give back what is being sent."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        if self._running:
            _done, late = await asyncio.wait(self._running, timeout=self._grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with suppress(MissingError):
            await self._database.run(outbox.release, self._owner, time.time())

    def wake(self) -> None:
        """Look for messages now."""
        self._wake.set()

    async def _look(self) -> None:
        room = self._parallel - len(self._running)
        if room <= 0:
            return
        found = await self._database.run(
            outbox.claim, tuple(self._channels), self._owner, self._lease, time.time(), room
        )
        for message in found:
            task = asyncio.create_task(self._send(message))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            # The message is sent again when its lease runs out.
            log.error("a message broke its sender", exc_info=task.exception())
        self._wake.set()

    async def _send(self, message: Message) -> None:
        try:
            platform_id = await self._channels[message.channel].deliver(message)
        except DeliveryPostponed as error:
            await self._later(message, error.seconds, str(error), counted=False)
        except DeliveryFailed as error:
            await self._failed(message, str(error))
        except DeliveryRefused as error:
            await self._give_up(message, str(error))
        else:
            await self._database.run(outbox.sent, message, platform_id, time.time())

    async def _failed(self, message: Message, error: str) -> None:
        if message.attempts + 1 >= MOST_ATTEMPTS:
            await self._give_up(message, error)
        else:
            await self._later(message, delay_after(message.attempts + 1), error, counted=True)

    async def _later(self, message: Message, delay: float, error: str, counted: bool) -> None:
        log.warning("message %d to %s waits: %s", message.id, message.channel, error)
        await self._database.run(outbox.retry_later, message, time.time(), delay, error, counted)
        asyncio.get_running_loop().call_later(delay, self.wake)

    async def _give_up(self, message: Message, error: str) -> None:
        log.error("message %d to %s is given up: %s", message.id, message.channel, error)
        await self._database.run(outbox.give_up, message, error, time.time())

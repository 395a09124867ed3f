"""The sender: takes what waits in the outbox to its channels, in order per conversation.

Each channel has places of its own, so that one whose platform hangs delays no other. What the
platform answers decides what becomes of a message; see :mod:`connectors.channel`.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from contextlib import suppress

from bot.core.errors import BotError, MissingError
from bot.store import channels as accounts
from bot.store import holds, leases, outbox
from bot.store.database import Database
from bot.store.outbox import ANSWER, BULK, Message
from connectors.alarms import alarm, stopped
from connectors.channel import (
    Channel,
    ChannelPaused,
    ChannelStopped,
    DeliveryFailed,
    DeliveryHeld,
    DeliveryPostponed,
    DeliveryRefused,
    Platform,
    ResidentUnreachable,
)
from connectors.limits import Pacer
from connectors.metrics import Metrics
from connectors.waiting import forever

log = logging.getLogger(__name__)

#: After so many failed attempts a message becomes a dead letter.
MOST_ATTEMPTS = 10
#: Seconds before the second attempt; doubled each time up to the longest.
FIRST_DELAY = 1.0
LONGEST_DELAY = 300.0
#: While the database is away, what was sent is noted as soon as it is back; looked for so often,
#: seconds.
NOTE_AGAIN = 0.5
#: A stopped account is tried again so often, seconds.
PROBE_SECONDS = 15.0


def delay_after(attempts: int) -> float:
    """Give the seconds to wait after so many failed attempts, a little different each time."""
    delay: float = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempts - 1))
    return delay * random.uniform(0.8, 1.2)  # noqa: S311 -- spreads retries, guards nothing


class OutboxSender:
    """Delivers messages, at most ``parallel`` of a channel at once, one of a conversation."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        owner: str,
        metrics: Metrics | None = None,
        *,
        parallel: int = 16,
        look: float = 0.5,
        lease: float = 60.0,
        grace: float = 10.0,
    ) -> None:
        self._database = database
        self._channels = channels
        self._owner = owner
        self._metrics = metrics or Metrics()
        self._parallel = parallel
        self._pause = look
        self._lease = lease
        self._grace = grace
        self._running: dict[asyncio.Task[None], Message] = {}
        self._pacers: dict[str, Pacer] = {}
        self._wake = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to look for messages."""
        steps = (
            forever("looking into the outbox", self._look, self._pause, self._wake),
            forever("renewing leases of the outbox", self._keep_leases, self._lease / 3),
        )
        self._loops = [asyncio.create_task(step) for step in steps]

    async def stop(self) -> None:
        """Claim nothing more; finish or give back what is being sent."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._running:
            _done, late = await asyncio.wait(list(self._running), timeout=self._grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with suppress(MissingError):
            await self._database.run(leases.release, leases.OUTBOX, self._owner, time.time())

    def wake(self) -> None:
        """Look for messages now."""
        self._wake.set()

    async def try_stopped(self) -> None:
        """Let a stopped account go on when its platform takes it again."""
        for state in await self._database.read(accounts.states):
            platform = self._channels.get(state.channel)
            if state.stopped is None or not isinstance(platform, Platform):
                continue
            if platform.account != state.account:
                continue
            try:
                await platform.probe()
            except BotError as error:
                log.warning("%s is still stopped: %s", state.channel, error)
                continue
            if await self._database.run(accounts.resume, state.channel, state.account):
                log.warning("%s works again; what waited is sent now", state.channel)
            self.wake()

    async def _look(self) -> None:
        for name in self._channels:
            mine = [m for m in self._running.values() if m.channel == name]
            # News for many may fill half of the places, so that answers always find one.
            bulk = sum(message.priority >= BULK for message in mine)
            room = self._parallel - len(mine)
            await self._claim(name, room, ANSWER, BULK - 1)
            await self._claim(name, min(room, self._parallel // 2 - bulk), BULK, BULK)

    async def _claim(self, name: str, room: int, least: int, most: int) -> None:
        if room <= 0:
            return
        found = await self._database.run(
            outbox.claim,
            (name,),
            self._owner,
            self._lease,
            time.time(),
            room,
            least=least,
            most=most,
        )
        sending = {message.id for message in self._running.values()}
        for message in found:
            # Our own lease ran out, as after a long sleep of the machine: it is still being sent.
            if message.id not in sending:
                task = asyncio.create_task(self._send(message))
                self._running[task] = message
                task.add_done_callback(self._ended)

    async def _keep_leases(self) -> None:
        if self._running:
            ids = [message.id for message in self._running.values()]
            until = time.time() + self._lease
            await self._database.run(leases.renew, leases.OUTBOX, self._owner, ids, until)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        if not task.cancelled() and task.exception() is not None:
            # The message is sent again when its lease runs out.
            log.error("a message broke its sender", exc_info=task.exception())
        self._wake.set()

    async def _send(self, message: Message) -> None:
        channel = self._channels[message.channel]
        try:
            await self._pace(channel, message)
            platform_id = await channel.deliver(message)
        except ChannelStopped as error:
            await self._stopped(message, str(error))
        except ChannelPaused as error:
            await self._paused(message, error)
        except DeliveryPostponed as error:
            await self._later(message, error.seconds, str(error), counted=False)
        except DeliveryFailed as error:
            await self._failed(message, str(error), error.wait)
        except DeliveryRefused as error:
            await self._give_up(message, str(error))
        except ResidentUnreachable as error:
            log.warning("message %d to %s: nobody is reached", message.id, message.channel)
            now = time.time()
            await self._database.run(holds.unreachable, message.conversation, error.reason, now)
        except DeliveryHeld as error:
            log.warning("message %d to %s is held: %s", message.id, message.channel, error)
            await self._database.run(holds.hold, message, error.reason, time.time())
        else:
            self._metrics.sent.add()
            await self._sent(message, platform_id, time.time())

    async def _sent(self, message: Message, platform_id: str | None, at: float) -> None:
        """Note that the platform took a message, however long the database is away."""
        while True:
            try:
                await self._database.run(outbox.sent, message, platform_id, at)
            except MissingError as error:
                log.error("message %d was sent and cannot be noted yet: %s", message.id, error)
                await asyncio.sleep(NOTE_AGAIN)
            else:
                return

    async def _pace(self, channel: Channel, message: Message) -> None:
        if channel.limits is None:
            return
        if channel.name not in self._pacers:
            self._pacers[channel.name] = Pacer(channel.limits)
        await self._pacers[channel.name].wait(message)

    async def _stopped(self, message: Message, error: str) -> None:
        where = message.channel, message.account
        await stopped(self._database, self._metrics, *where, error)
        await self._database.run(
            leases.retry_later, leases.OUTBOX, message, time.time(), 0.0, error, False
        )

    async def _paused(self, message: Message, error: ChannelPaused) -> None:
        until = time.time() + error.seconds
        await self._database.run(accounts.pause, message.channel, message.account, until)
        if error.alarm:
            alarm(self._metrics, f"{message.channel} rests {error.seconds:.0f} s: {error}")
        await self._later(message, error.seconds, str(error), counted=False)

    async def _failed(self, message: Message, error: str, wait: float) -> None:
        if message.attempts + 1 >= MOST_ATTEMPTS:
            await self._give_up(message, error)
        else:
            delay = max(wait, delay_after(message.attempts + 1))
            await self._later(message, delay, error, counted=True)

    async def _later(self, message: Message, delay: float, error: str, counted: bool) -> None:
        log.warning("message %d to %s waits: %s", message.id, message.channel, error)
        await self._database.run(
            leases.retry_later, leases.OUTBOX, message, time.time(), delay, error, counted
        )
        asyncio.get_running_loop().call_later(delay + 0.001, self.wake)

    async def _give_up(self, message: Message, error: str) -> None:
        log.error("message %d to %s is given up: %s", message.id, message.channel, error)
        self._metrics.undelivered.add()
        await self._database.run(outbox.give_up, message, error, time.time())

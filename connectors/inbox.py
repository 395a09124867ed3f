"""The worker that answers what waits in the inbox.

An event stored by this process is answered at once; whatever else is due, because another
process died or the engine was away, is found by looking every half second.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass

from bot.core.errors import BotError, MissingError
from bot.store import channels as accounts
from bot.store import inbox, leases
from bot.store.database import Database
from bot.store.inbox import Added, Claimed, Completed, Event, Lease
from connectors.channel import Channel, Platform
from connectors.engine_client import EngineClient
from connectors.metrics import Metrics
from connectors.turns import Answerer, Outcome, Retry
from connectors.waiting import forever

log = logging.getLogger(__name__)

#: The time of an account's last event is noted at most so often, seconds.
NOTE_SECONDS = 5.0


def _is_a_picture(event: Event) -> bool:
    """Tell whether an event still has to be read and brings a picture."""
    sent = event.body.get("attachment") or {}
    return event.kind == "raw" and sent.get("type") == "image"


@dataclass(frozen=True)
class Pace:
    """How the worker goes about; times in seconds."""

    parallel: int = 16
    look: float = 0.5
    lease: float = 12.0
    typing_after: float = 0.3
    typing_again: float = 4.0
    grace: float = 12.0


class InboxWorker:
    """Answers events, at most ``pace.parallel`` at once and one of a conversation at a time.

    Args:
        owner: names this process among all that share the database.
        municipality: the town of whoever has chosen no other.
        sender_wake: called when replies wait in the outbox.
    """

    def __init__(
        self,
        database: Database,
        engine: EngineClient,
        answerer: Answerer,
        channels: Mapping[str, Channel],
        metrics: Metrics,
        owner: str,
        municipality: str,
        sender_wake: Callable[[], None],
        pace: Pace | None = None,
    ) -> None:
        self._database = database
        self._engine = engine
        self._answerer = answerer
        self._channels = channels
        self._metrics = metrics
        self._pace = pace or Pace()
        self._lease = Lease(owner, self._pace.lease)
        self._municipality = municipality
        self._running: dict[int, asyncio.Task[None]] = {}
        self._adding = 0
        # Whether events may be due that found no place.
        self._backlog = False
        self._wake = asyncio.Event()
        self._stopping = False
        self._loops: list[asyncio.Task[None]] = []
        self._sender_wake = sender_wake
        self._noted: dict[tuple[str, str], float] = {}
        self._asides: set[asyncio.Task[None]] = set()
        engine.when_ready(self.wake)

    def start(self) -> None:
        """Begin to look for work."""
        steps = (
            forever("looking into the inbox", self._look, self._pace.look, self._wake),
            forever("renewing leases", self._keep_leases, self._pace.lease / 3),
        )
        self._loops = [asyncio.create_task(step) for step in steps]

    async def stop(self) -> None:
        """Claim nothing more; let running turns finish, give back those that do not in time."""
        self._stopping = True
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        deadline = time.monotonic() + self._pace.grace
        while self._running and (left := deadline - time.monotonic()) > 0:
            await asyncio.wait(list(self._running.values()), timeout=left)
        late = [*self._running.values(), *self._asides]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        with suppress(MissingError):
            await self._database.run(leases.release, leases.INBOX, self._lease.owner, time.time())

    def wake(self) -> None:
        """Look for work now."""
        self._wake.set()

    async def accept(self, event: Event) -> Added:
        """Store an event, and start answering it when it is its conversation's turn.

        Raises:
            StoreUnavailable: when it could not be stored.
        """
        ready = self._engine.ready
        lease = self._lease if self._room() > 0 and ready and not event.hold else None
        self._adding += 1
        try:
            added = await self._database.run(
                inbox.add, event, time.time(), lease, self._municipality
            )
        finally:
            self._adding -= 1
        if added.claimed is not None:
            self._begin(added.claimed)
        elif event.hold:
            asyncio.get_running_loop().call_later(event.hold + 0.001, self.wake)
        elif lease is None:
            self._backlog = True
            self.wake()
        channel = self._channels.get(event.channel)
        if added.held is not None and channel is not None and _is_a_picture(event):
            self._aside(self._fetch(channel, added.held))
        if isinstance(channel, Platform):
            self._aside(self._note(event.channel, event.account))
            if added.new and not ready:
                self._aside(channel.typing(event.conversation))
        return added

    async def _fetch(self, channel: Channel, held: Claimed) -> None:
        """Fetch a picture that a person waits for, while the bot is silent."""
        try:
            reading = await channel.read(held)
        except BotError as error:
            log.warning("the picture of event %d could not be fetched: %s", held.id, error)
            return
        if reading.kind == "attachment":
            with suppress(MissingError):
                await self._database.run(inbox.made_out, held.id, reading.kind, reading.body)

    def _aside(self, step: Coroutine[object, object, None]) -> None:
        """Do something that nobody waits for."""
        task = asyncio.create_task(step)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _note(self, channel: str, account: str) -> None:
        """Note when the account was last heard of."""
        now = time.time()
        if now - self._noted.get((channel, account), 0.0) < NOTE_SECONDS:
            return
        self._noted[channel, account] = now
        with suppress(MissingError):
            await self._database.run(accounts.heard, channel, account, now)

    def _room(self) -> int:
        if self._stopping:
            return 0
        return self._pace.parallel - len(self._running) - self._adding

    def _begin(self, claimed: Claimed) -> None:
        # Our own lease ran out, as after a long sleep of the machine: the turn still runs.
        if claimed.id not in self._running:
            self._running[claimed.id] = asyncio.create_task(self._serve(claimed))

    async def _look(self) -> None:
        room = self._room()
        if room <= 0 or not self._engine.ready:
            self._backlog = True
            return
        found = await self._database.run(
            inbox.claim, self._lease, tuple(self._channels), time.time(), room
        )
        self._backlog = len(found) >= room
        for claimed in found:
            self._begin(claimed)

    async def _keep_leases(self) -> None:
        if self._running:
            ids, until = list(self._running), time.time() + self._lease.seconds
            await self._database.run(leases.renew, leases.INBOX, self._lease.owner, ids, until)

    async def _serve(self, claimed: Claimed) -> None:
        """Answer an event; the next one of its conversation follows in a task of its own."""
        try:
            completed = await self._turn(claimed)
            if completed is not None and completed.next is not None:
                self._begin(completed.next)
        except Exception:
            # Its lease runs out, then it is tried again and that is counted.
            log.exception("event %d broke its worker", claimed.id)
        finally:
            self._running.pop(claimed.id, None)
            if self._backlog:
                self.wake()

    async def _turn(self, claimed: Claimed) -> Completed | None:
        typing = asyncio.create_task(self._typing(claimed))
        try:
            outcome = await self._answerer.answer(claimed)
        finally:
            typing.cancel()
        if isinstance(outcome, Retry):
            await self._give_back(claimed, outcome)
            return None
        # While others wait for a place, conversations take turns instead of keeping theirs.
        chain = not self._stopping and not self._backlog
        completed = await self._complete(claimed, outcome, chain)
        if not chain:
            self.wake()
        if completed is not None:
            await self._hand_on(claimed, completed, outcome)
        return completed

    async def _typing(self, claimed: Claimed) -> None:
        await asyncio.sleep(self._pace.typing_after)
        while True:
            await self._channels[claimed.channel].typing(claimed.conversation)
            await asyncio.sleep(self._pace.typing_again)

    async def _complete(self, claimed: Claimed, outcome: Outcome, chain: bool) -> Completed | None:
        """Store the outcome; while the database is away, as long as the lease may hold."""
        until = time.monotonic() + self._pace.lease
        while True:
            try:
                return await self._database.run(
                    inbox.complete,
                    outcome.event or claimed,
                    outcome.replies,
                    time.time(),
                    delivered=self._channels[claimed.channel].stored_is_delivered,
                    language=outcome.language,
                    municipality=outcome.municipality,
                    error=outcome.error,
                    next_lease=self._lease if chain else None,
                )
            except MissingError:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.5)

    async def _hand_on(self, claimed: Claimed, completed: Completed, outcome: Outcome) -> None:
        self._metrics.replies.add(len(completed.replies))
        if outcome.error is not None:
            self._metrics.dead.add()
        channel = self._channels[claimed.channel]
        if not channel.stored_is_delivered:
            self._sender_wake()
            return
        for message in completed.replies:
            await channel.deliver(message)

    async def _give_back(self, claimed: Claimed, retry: Retry) -> None:
        await self._database.run(
            leases.retry_later,
            leases.INBOX,
            claimed,
            time.time(),
            retry.delay,
            retry.error,
            retry.counted,
        )
        asyncio.get_running_loop().call_later(retry.delay + 0.001, self.wake)

"""Token buckets: how much one resident may send, and how much a platform takes from us."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.store.outbox import BULK, Message
from connectors.channel import Limits

#: Conversations remembered; one that is forgotten starts with a full bucket again.
MOST_KEYS = 20_000


@dataclass
class _Bucket:
    tokens: float
    at: float


class TokenBuckets:
    """One bucket of ``burst`` tokens per key, filled with ``per_second`` tokens a second."""

    def __init__(
        self,
        burst: int = 20,
        per_second: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = float(burst)
        self._rate = per_second
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str, keep: float = 0.0) -> float:
        """Take a token and leave ``keep``; give 0, or the seconds until there are as many."""
        wait = self.wait(key, keep)
        if not wait:
            self._buckets[key].tokens -= 1.0
        return wait

    def wait(self, key: str, keep: float = 0.0) -> float:
        """Give the seconds until a token can be taken."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(self._burst, now)
            if len(self._buckets) > MOST_KEYS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        needed = 1.0 + keep
        # A hair less will do: rounding must not make anybody wait for nothing.
        return 0.0 if bucket.tokens >= needed - 1e-6 else (needed - bucket.tokens) / self._rate


class Pacer:
    """Holds messages back as long as a platform's limits say."""

    def __init__(self, limits: Limits) -> None:
        self._burst = limits.burst
        self._chats = TokenBuckets(limits.burst, limits.per_chat_second)
        # A burst counts toward a second's messages as well.
        spare = max(1, int(limits.per_second / 6))
        self._accounts = TokenBuckets(spare, limits.per_second - spare)
        self._bulk = TokenBuckets(1, limits.bulk_per_second)

    async def wait(self, message: Message) -> None:
        """Wait until the message may be sent."""
        bulk = message.priority >= BULK
        # What many get must not come in bursts to one of them.
        wanted = [(self._chats, message.conversation, self._burst - 1 if bulk else 0)]
        wanted.append((self._accounts, message.account, 0))
        if bulk:
            wanted.append((self._bulk, message.account, 0))
        # All at the same moment: a token taken early would let messages come closer later.
        while wait := max(b.wait(key, keep) for b, key, keep in wanted):  # noqa: ASYNC110
            await asyncio.sleep(wait)
        for buckets, key, keep in wanted:
            buckets.take(key, keep)


class Floods:
    """Tells residents who write far more than anybody reads; platforms cannot be told to wait."""

    PASS, TELL, DROP = "pass", "tell", "drop"
    #: So many messages at once, and then a second; told once in so many seconds.
    BURST, PER_SECOND, TELL_SECONDS = 100, 2.0, 60.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._messages = TokenBuckets(self.BURST, self.PER_SECOND, clock)
        self._told = TokenBuckets(1, 1 / self.TELL_SECONDS, clock)

    def judge(self, conversation: str) -> str:
        """Tell what to do with a message: take it, say that it is too much, or drop it."""
        if not self._messages.take(conversation):
            return self.PASS
        return self.TELL if not self._told.take(conversation) else self.DROP

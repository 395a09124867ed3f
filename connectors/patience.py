"""Asking residents who wait for long to be patient, once for each wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from bot.store import queues
from bot.store.database import Database
from bot.store.queues import Impatient
from connectors.channel import Channel
from connectors.engine_client import EngineClient
from connectors.turns import draft
from connectors.words import Words

#: Seconds without an answer until the resident is told.
PATIENCE = 20.0
#: How often to look.
LOOK_SECONDS = 1.0


class Patience:
    """Finds residents who have waited ``seconds``, and tells them."""

    def __init__(
        self,
        database: Database,
        engine: EngineClient,
        words: Words,
        channels: Mapping[str, Channel],
        sender_wake: Callable[[], None],
        seconds: float = PATIENCE,
    ) -> None:
        self._database = database
        self._engine = engine
        self._words = words
        self._channels = channels
        self._sender_wake = sender_wake
        self._seconds = seconds

    async def look(self) -> None:
        """Tell all who have waited for so long by now."""
        before = time.time() - self._seconds
        for waiting in await self._database.read(queues.impatient, before):
            await self._tell(waiting)

    async def _tell(self, waiting: Impatient) -> None:
        channel = self._channels.get(waiting.target.channel)
        if channel is None:
            return
        text_id = "slow" if self._engine.ready else "waiting_engine"
        message = draft(self._words.reply(text_id, waiting.language))
        stored = await self._database.run(
            queues.tell_slow,
            waiting,
            message,
            time.time(),
            delivered=channel.stored_is_delivered,
        )
        if not channel.stored_is_delivered:
            self._sender_wake()
            return
        for sign in stored:
            await channel.deliver(sign)

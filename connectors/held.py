"""Makes out what residents write while a person answers them, so that the person can read it."""

from __future__ import annotations

import time
from collections.abc import Mapping

from bot.store import held
from bot.store.database import Database
from bot.store.inbox import Claimed
from connectors.channel import Channel, Reading
from connectors.turns import Answerer, Retry

#: What is kept of an event that nobody can make out.
_UNREADABLE = Reading("attachment", {"attachment": {"type": "unsupported", "what": "file"}})


class HeldReader:
    """Reads held events of the channels that store them unread."""

    def __init__(
        self, database: Database, answerer: Answerer, channels: Mapping[str, Channel]
    ) -> None:
        self._database = database
        self._answerer = answerer
        self._channels = channels

    async def look(self) -> None:
        """Make out what waits for it."""
        names = tuple(self._channels)
        for event in await self._database.read(held.unread, names, time.time()):
            await self._read(event)

    async def _read(self, event: Claimed) -> None:
        reading = await self._answerer.read(event)
        if isinstance(reading, Retry):
            until = time.time() + reading.delay
            await self._database.run(held.put_off, event.id, until, counted=reading.counted)
            return
        said = reading if isinstance(reading, Reading) else _UNREADABLE
        await self._database.run(held.make_out, event.id, said.kind, said.body)

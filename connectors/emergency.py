"""The emergency notice above an answer, once for each resident while it holds."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.core.languages import pick
from bot.store import emergency
from bot.store.database import Database
from bot.store.emergency import EmergencyNotice
from bot.store.outbox import Draft
from connectors.words import Words

#: So often it is looked whether there is a notice, seconds.
LOOK = 5.0


class Emergency:
    """Knows the notice of one town.

    Costs a read every few seconds; only while a notice holds also one for each answer.
    """

    def __init__(
        self, database: Database, words: Words, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._words = words
        self._clock = clock
        self._notice: EmergencyNotice | None = None
        self._looked = 0.0

    async def above(self, conversation: str, language: str | None) -> list[Draft]:
        """Give what stands above the next answer: the notice, when it was not told yet."""
        now = self._clock()
        if now - self._looked >= LOOK:
            town = self._words.municipality
            self._notice = await self._database.read(emergency.current, town, now)
            self._looked = now
        notice = self._notice
        if notice is None or now >= notice.ends_at:
            return []
        if await self._database.read(emergency.was_told, conversation, notice.begins_at):
            return []
        words = pick(notice.texts, language or "")
        if not words:
            return []
        reply = self._words.reply("emergency_notice", language, free_text=words)
        return [Draft(reply.to_json(), emergency.KIND)]

"""Somebody who writes to an agent, without any channel."""

from __future__ import annotations

import uuid
from typing import Any

from bot.engine import turns
from bot.engine.processor import CityAgent


class Resident:
    """Somebody who writes to an agent; each message gets an id of its own."""

    def __init__(self, agent: CityAgent, **given: Any) -> None:
        self.agent = agent
        self.conversation = f"web:{uuid.uuid4().hex}"
        self.given = given

    async def says(self, text: str, **more: Any) -> turns.TurnResult:
        return await self._turn(text=text, **more)

    async def presses(self, payload: str, **more: Any) -> turns.TurnResult:
        return await self._turn(payload=payload, **more)

    async def sends(self, attachment: dict[str, Any]) -> turns.TurnResult:
        return await self._turn(attachment=attachment)

    async def _turn(self, message_id: str | None = None, **content: Any) -> turns.TurnResult:
        turn = turns.Turn(
            self.conversation, message_id or uuid.uuid4().hex, **{**self.given, **content}
        )
        return await turns.take(self.agent, turn)

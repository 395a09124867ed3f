"""Looking after the pages' subscription: Meta ends it when it could not reach us for an hour."""

from __future__ import annotations

import asyncio
import logging

from bot.core.errors import BotError
from connectors.messenger_setup import MessengerAdministration
from connectors.metrics import Metrics
from connectors.waiting import forever

log = logging.getLogger(__name__)

#: Between two looks; seconds.
LOOK_SECONDS = 600.0
#: Before the first one, so that a start costs nothing.
SOON_SECONDS = 20.0


class MessengerCare:
    """Subscribes the pages again when that is needed, and raises an alarm."""

    def __init__(self, administration: MessengerAdministration, metrics: Metrics) -> None:
        self._administration = administration
        self._metrics = metrics
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; comes back at once, also when Meta is away."""
        soon = asyncio.Event()
        asyncio.get_running_loop().call_later(SOON_SECONDS, soon.set)
        self._task = asyncio.create_task(
            forever("looking after Messenger", self._look, LOOK_SECONDS, soon)
        )

    async def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _look(self) -> None:
        try:
            missing = await self._administration.subscribe()
        except BotError as error:
            log.warning("Messenger could not be looked after: %s", error)
            return
        for page, fields in missing.items():
            self._metrics.alarms.add()
            log.critical(
                "ALARM: Meta was not to tell us of %s of the page %s; it is from now on. If it "
                "did before, look into the page's inbox for messages of the time between.",
                ", ".join(fields),
                page,
            )

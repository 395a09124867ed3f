"""The parts of a connectors process, put together, started and stopped in their order."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import time
from dataclasses import dataclass, field

from starlette.routing import BaseRoute, Mount

from bot.settings import Settings
from bot.store import migrate
from bot.store.database import Database, open_database
from bot.store.ticking import Ticker
from connectors.channel import Channel
from connectors.charts import Charts
from connectors.engine_client import TURN_SECONDS, EngineClient
from connectors.health import Health
from connectors.held import HeldReader
from connectors.inbox import InboxWorker, Pace
from connectors.media import open_media
from connectors.metrics import Metrics
from connectors.my_data import MyDataFile
from connectors.open311 import Open311
from connectors.outbox import PROBE_SECONDS, OutboxSender
from connectors.patience import LOOK_SECONDS as PATIENCE_LOOK_SECONDS
from connectors.patience import PATIENCE, Patience
from connectors.platforms import Parts, platforms
from connectors.turns import Answerer
from connectors.waiting import forever
from connectors.web import WebChannel, WebChat
from connectors.web_guard import Guard
from connectors.web_photos import WebPhotos
from connectors.web_stream import LOOK_SECONDS, Streams
from connectors.words import Words

#: How often the knowledge files are looked at, seconds.
REFRESH_SECONDS = 2.0
#: How often news of submissions, reminders and old data are looked for, seconds.
TICK_SECONDS = 20.0


@dataclass(frozen=True)
class Timing:
    """How patient a process is; seconds."""

    pace: Pace = field(default_factory=Pace)
    turn: float = TURN_SECONDS
    patience: float = PATIENCE
    sending: float = 30.0


def owner_name() -> str:
    """Name this process among all that may ever share a database."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(6)}"


class Service:
    """Everything behind the routes.

    Opens the database and brings its tables up to date when made; the loops run between
    :meth:`start` and :meth:`stop`, inside an event loop.

    Raises:
        MissingError: when the database or the knowledge is not there.
        InputError: when the knowledge has mistakes.
    """

    def __init__(self, settings: Settings, timing: Timing | None = None) -> None:
        timing = timing or Timing()
        migrate.upgrade(settings.database_url)
        self.words = Words(settings.knowledge, settings.municipality)
        self.database: Database = open_database(settings.database_url)
        self.metrics = Metrics()
        self.engine = EngineClient(settings.engine_urls, timing.turn)
        self.streams = Streams(self.database)
        web = WebChannel(self.streams)
        channels: dict[str, Channel] = {web.name: web}
        owner = owner_name()
        self.sender = OutboxSender(
            self.database, channels, owner, self.metrics, lease=timing.sending
        )
        answerer = Answerer(
            self.database,
            self.engine,
            self.words,
            self.metrics,
            settings.municipality,
            channels,
        )
        self.worker = InboxWorker(
            self.database,
            self.engine,
            answerer,
            channels,
            self.metrics,
            owner,
            settings.municipality,
            self.sender.wake,
            timing.pace,
        )
        self.patience = Patience(
            self.database, self.engine, self.words, channels, self.sender.wake, timing.patience
        )
        self._held = HeldReader(self.database, answerer, channels)
        self.media = open_media(settings, self.database)
        parts = Parts(self.database, self.worker, self.words, self.metrics, owner, self.media)
        self.platforms = platforms(settings, parts)
        self._at_end = parts.at_end
        channels.update({platform.name: platform for platform in self.platforms})
        guard = Guard(settings.public_url)
        self._photos = WebPhotos(
            self.database, self.worker, self.streams, self.media, guard, self.metrics
        )
        self._chat = WebChat(
            self.database,
            self.worker,
            self.streams,
            self.words,
            guard,
            self.metrics,
            settings.secret_key,
            settings.public_url,
        )
        self._ticker = Ticker(
            self.database,
            self.words.loaded,
            settings.municipality,
            settings.var,
            settings.privacy.retention,
        )
        self._charts = Charts(self.database, self.words.loaded, settings.municipality)
        self._my_data = MyDataFile(self.database, settings.var, settings.secret_key)
        self._open311 = (
            Open311(self.database, self.words.loaded, settings.municipality)
            if settings.open311
            else None
        )
        self._health = Health(self.database, self.engine, self.metrics, self.platforms)
        self._loops: list[asyncio.Task[None]] = []

    def routes(self) -> list[BaseRoute]:
        """Give the routes that the parts answer."""
        return [
            Mount("/chat", routes=[*self._chat.routes(), *self._photos.routes()]),
            *(route for platform in self.platforms for route in platform.routes()),
            *self._health.routes(),
            *self._charts.routes(),
            *self._my_data.routes(),
            *(self._open311.routes() if self._open311 else ()),
        ]

    async def start(self) -> None:
        """Begin to answer and to send."""
        await self.engine.start()
        self.worker.start()
        self.sender.start()
        for platform in self.platforms:
            await platform.start()
        self._loops = [
            asyncio.create_task(forever(name, step, seconds))
            for name, step, seconds in (
                ("looking for others' messages", self.streams.look, LOOK_SECONDS),
                ("reading what a person answers", self._held.look, LOOK_SECONDS),
                ("asking for patience", self.patience.look, PATIENCE_LOOK_SECONDS),
                ("reading the knowledge again", self._refresh, REFRESH_SECONDS),
                ("telling news of submissions", self._tick, TICK_SECONDS),
                ("trying stopped channels", self.sender.try_stopped, PROBE_SECONDS),
            )
        ]

    async def stop(self) -> None:
        """Claim nothing more, finish or give back what runs, close everything."""
        self.streams.close()
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        # Nothing new comes in while running turns finish and their answers go out.
        await asyncio.gather(*(platform.stop() for platform in self.platforms))
        await asyncio.gather(self.worker.stop(), self.sender.stop())
        await self.engine.close()
        await asyncio.gather(*(close() for close in self._at_end), return_exceptions=True)
        await self.media.close()
        await asyncio.to_thread(self.database.close)

    async def _tick(self) -> None:
        done = await asyncio.to_thread(self._ticker.run, time.time())
        if done["told"] or done["programmes"]:
            self.sender.wake()

    async def _refresh(self) -> None:
        await asyncio.to_thread(self.words.refresh)

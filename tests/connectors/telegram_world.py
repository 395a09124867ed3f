"""Connectors with the fake engine and the fake Telegram."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from bot.settings import Credential, Secret, Settings, TelegramSettings
from bot.store.database import open_database
from connectors.service import Timing
from tests.connectors.world import QUICK, World
from tests.fakes.engine import FakeEngine, ServerThread
from tests.fakes.telegram import SECRET, TOKEN, FakeTelegram

T = TypeVar("T")

_chats = itertools.count(1001)


class TelegramWorld(World):
    """A world with Telegram switched on."""

    telegram: FakeTelegram

    @staticmethod
    def chat() -> int:
        """Give a resident who never wrote."""
        return next(_chats)

    def webhook(self, timing: Timing = QUICK) -> ServerThread:
        """Start a server that is called by Telegram instead of asking."""
        assert self.settings.telegram is not None
        own = replace(self.settings.telegram, mode="webhook")
        server = self.start(timing, telegram=own, public_url="https://bot.example.ge")
        self.telegram.target = f"{server.url}/webhooks/telegram"
        self.telegram.secret = SECRET
        return server

    def texts(self, chat: int) -> list[str]:
        """Give what residents read first of each message: without sources."""
        return [text.partition("\n")[0] for text in self.telegram.texts(chat)]

    def turns(self, chat: int) -> list[dict[str, object]]:
        """Give what the engine was asked for a chat."""
        return [turn for turn in self.engine.turns if turn["conversation"] == f"tg:{chat}"]

    def store(self, fn: Callable[..., T], *args: object) -> T:
        """Run a function of the store."""
        database = open_database(self.settings.database_url)
        try:
            return database.call(fn, *args)
        finally:
            database.close()


def telegram_settings(url: str) -> TelegramSettings:
    """Give settings for the fake at ``url``."""
    return TelegramSettings(Credential(Secret(TOKEN)), Credential(Secret(SECRET)), "polling", url)


@contextmanager
def telegram_world(settings: Settings) -> Iterator[TelegramWorld]:
    """Run the fakes; connectors are started by the test."""
    engine, telegram = FakeEngine(), FakeTelegram()
    with ServerThread(engine.app()) as server, ServerThread(telegram.app()) as platform:
        own = telegram_settings(platform.url)
        world = TelegramWorld(
            engine, server, replace(settings, engine_urls=(server.url,), telegram=own)
        )
        world.telegram = telegram
        try:
            yield world
        finally:
            world.stop()

"""Connectors with the fake engine and the fake Telegram."""

from __future__ import annotations

from dataclasses import replace

from bot.settings import Credential, Secret, TelegramSettings
from tests.connectors.world import QUICK, World
from tests.fakes.engine import ServerThread
from tests.fakes.telegram import SECRET, TOKEN, FakeTelegram


class TelegramWorld(World):
    """A world with Telegram switched on."""

    telegram: FakeTelegram

    def listen(self, server: ServerThread) -> None:
        """Let the fake call this server's webhook."""
        self.telegram.target = f"{server.url}/webhooks/telegram"
        self.telegram.secret = SECRET

    def webhook(self, timing: object = QUICK) -> ServerThread:
        """Start a server that is called by Telegram instead of asking."""
        assert self.settings.telegram is not None
        own = replace(self.settings.telegram, mode="webhook")
        server = self.start(timing, telegram=own)  # type: ignore[arg-type]
        self.listen(server)
        return server


def telegram_settings(url: str) -> TelegramSettings:
    """Give settings for the fake at ``url``."""
    return TelegramSettings(Credential(Secret(TOKEN)), Credential(Secret(SECRET)), "polling", url)

"""What `cbot channels check` and `cbot channels setup` ask each channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.settings import Settings
from connectors.words import Words

#: How a finding is shown: fine, worth knowing, to be mended, not in use.
OK, NOTE, WRONG, OFF = "ok", "note", "wrong", "off"


@dataclass(frozen=True)
class Finding:
    """One thing found out about a channel: ``what`` it is about, its ``state``, and in words."""

    what: str
    state: str
    text: str


class Administration(Protocol):
    """Looks after one channel's settings at its platform."""

    @property
    def name(self) -> str:
        """The channel's name."""

    async def check(self) -> Sequence[Finding]:
        """Tell what is configured and whether it works; changes nothing."""

    async def setup(self) -> Sequence[Finding]:
        """Apply menus, commands, descriptions and webhooks; safe to repeat."""


def administrations(settings: Settings) -> list[Administration]:
    """Give the channels that are on."""
    # Imported here: the channels' own modules name the findings of this one.
    from connectors.messenger_setup import MessengerAdministration
    from connectors.telegram_admin import TelegramAdministration

    words = Words(settings.knowledge, settings.municipality)
    found: list[Administration] = []
    if settings.messenger is not None:
        found.append(MessengerAdministration(settings, settings.messenger, words))
    if settings.telegram is not None:
        found.append(TelegramAdministration(settings, settings.telegram, words))
    return found


def switched_off(settings: Settings) -> dict[str, str]:
    """Tell which channels are off and what turns each on."""
    hints = {}
    if settings.telegram is None:
        hints["telegram"] = "off: set CBOT_TELEGRAM_TOKEN and CBOT_TELEGRAM_SECRET to turn it on"
    if settings.messenger is None:
        hints["messenger"] = "off: set CBOT_MESSENGER_PAGE_TOKEN and its companions to turn it on"
    return hints

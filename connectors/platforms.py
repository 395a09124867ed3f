"""The platforms that are switched on, put together from the parts of the process."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.settings import Settings, TelegramSettings
from bot.store.database import Database
from connectors.administration import switched_off
from connectors.channel import Platform
from connectors.inbox import InboxWorker
from connectors.media import Media
from connectors.messenger import make_messenger
from connectors.metrics import Metrics
from connectors.telegram import Telegram
from connectors.telegram_admin import Care, TelegramAdministration
from connectors.telegram_api import Api
from connectors.telegram_receiving import Receiver
from connectors.words import Words

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What a platform needs of the process; ``owner`` names this process among all.

    ``at_end`` takes what is to be closed when nothing is sent any more.
    """

    database: Database
    worker: InboxWorker
    words: Words
    metrics: Metrics
    owner: str
    media: Media
    at_end: list[Callable[[], Awaitable[None]]] = field(default_factory=list)


def platforms(settings: Settings, parts: Parts) -> list[Platform]:
    """Make the platforms whose tokens are set; say which are off."""
    found: list[Platform] = []
    if settings.telegram is not None:
        found.append(_telegram(settings, settings.telegram, parts))
    if settings.messenger is not None:
        found.append(
            make_messenger(
                settings,
                settings.messenger,
                parts.database,
                parts.worker,
                parts.words,
                parts.metrics,
                parts.media,
            )
        )
    for name, hint in switched_off(settings).items():
        log.info("%s is %s", name, hint)
    return found


def _telegram(settings: Settings, own: TelegramSettings, parts: Parts) -> Platform:
    api = Api(own)
    parts.at_end.append(api.close)
    receiver = Receiver(own, api, parts.database, parts.worker, parts.metrics, parts.owner)
    care = Care(TelegramAdministration(settings, own, parts.words, api), parts.metrics)
    return Telegram(own, parts.database, parts.words, parts.media, api, receiver, care)

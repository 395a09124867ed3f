"""The platforms that are switched on, put together from the parts of the process."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.settings import MessengerSettings, Settings, TelegramSettings
from bot.store.database import Database
from connectors.administration import switched_off
from connectors.channel import Platform
from connectors.inbox import InboxWorker
from connectors.media import Media
from connectors.messenger import Messenger, issued
from connectors.messenger_care import MessengerCare
from connectors.messenger_deletion import Deletion
from connectors.messenger_intake import Intake
from connectors.messenger_setup import MessengerAdministration
from connectors.messenger_webhook import Webhook
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
        found.append(_messenger(settings, settings.messenger, parts))
    for name, hint in switched_off(settings).items():
        log.info("%s is %s", name, hint)
    return found


def _telegram(settings: Settings, own: TelegramSettings, parts: Parts) -> Platform:
    api = Api(own)
    parts.at_end.append(api.close)
    receiver = Receiver(own, api, parts.database, parts.worker, parts.metrics, parts.owner)
    care = Care(TelegramAdministration(settings, own, parts.words, api), parts.metrics)
    return Telegram(own, parts.database, parts.words, parts.media, api, receiver, care)


def _messenger(settings: Settings, own: MessengerSettings, parts: Parts) -> Platform:
    secret = settings.secret_key
    intake = Intake(own, parts.database, parts.worker, parts.words, parts.metrics)
    deletion = Deletion(own, parts.database, parts.words, secret, settings.public_url)
    webhook = Webhook(own, intake, deletion, lambda *press: issued(secret, *press), parts.metrics)
    care = MessengerCare(MessengerAdministration(settings, own, parts.words), parts.metrics)
    channel = Messenger(own, secret, parts.database, parts.words, parts.media, webhook, care)
    parts.at_end.append(channel.close)
    return channel

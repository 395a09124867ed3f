"""The platforms that are switched on, put together from the parts of the process."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.settings import Settings
from bot.store.database import Database
from connectors.administration import switched_off
from connectors.channel import Platform
from connectors.inbox import InboxWorker
from connectors.metrics import Metrics
from connectors.words import Words

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What a platform needs of the process; ``owner`` names this process among all."""

    database: Database
    worker: InboxWorker
    words: Words
    metrics: Metrics
    owner: str


def platforms(settings: Settings, parts: Parts) -> list[Platform]:
    """Make the platforms whose tokens are set; say which are off."""
    found: list[Platform] = []
    for name, hint in switched_off(settings).items():
        log.info("%s is %s", name, hint)
    return found

"""Telling once, in the log and in the metrics, that somebody must act."""

from __future__ import annotations

import logging
import time

from bot.store import channels
from bot.store.database import Database
from connectors.metrics import Metrics

log = logging.getLogger(__name__)


def alarm(metrics: Metrics, message: str) -> None:
    """Give an alarm: a line that starts with ALARM, and one more in ``cbot_alarms_total``."""
    metrics.alarms.add()
    log.critical("ALARM: %s", message)


async def stopped(
    database: Database, metrics: Metrics, channel: str, account: str, reason: str
) -> None:
    """Stop an account, of whatever process, and alarm once for all of them."""
    if await database.run(channels.stop, channel, account, reason, time.time()):
        alarm(
            metrics,
            f"nothing can be sent through {channel}: {reason}. Messages are kept; "
            "`cbot channels check` tells what to mend.",
        )

"""What the city told a resident between two turns, taken into the conversation's tracker.

Notices (news of a submission, a clerk's words) leave through the outbox and are no turns. Before
the next message is handled the tracker hears of those that were sent since the last one, as what
the bot uttered, marked by ``notice`` in the metadata. Policies and forms go by actions and slots:
for them nothing changes. How far was read stands in the metadata of the resident's message and is
saved with it and the utterances in one transaction, so that a turn that fails takes all back.
"""

from __future__ import annotations

from typing import Any, Optional

from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core.replies import Reply
from bot.engine.collector import uttered
from bot.store import notices
from bot.store.database import Database

#: The most that a tracker hears of at once: the newest.
MOST = 10
#: Where a message's metadata say how far was read: when the newest notice was sent.
READ_UNTIL = "notices_until"


async def take_in(
    tracker: DialogueStateTracker, database: Database, domain: Optional[Domain]
) -> float:
    """Let the tracker hear of what was sent meanwhile.

    Returns:
        How far was read, for the metadata of the message that is handled next.

    Raises:
        StoreUnavailable: when the database is away.
    """
    until = _read_until(tracker)
    for told in await database.read(notices.told_since, tracker.sender_id, until, MOST):
        message = library.message(Reply.from_json(told.body))
        mark = {"notice": told.id, "author": told.author}
        tracker.update(uttered(message, metadata=mark, timestamp=told.at), domain)
        until = told.at
    return until


def _read_until(tracker: DialogueStateTracker) -> float:
    """Give how far the last turn read; for one that did not say so, when it was."""
    latest: Any = tracker.latest_message
    if latest is None:
        return 0.0
    until = (latest.metadata or {}).get(READ_UNTIL)
    return float(until if until is not None else latest.timestamp or 0.0)

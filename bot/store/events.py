"""The events of conversations, in the table of Rasa's SQL tracker store.

Rasa's own tools (``rasa export``) read the same table. Events are JSON texts here: what they
mean is the engine's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from bot.store.tables import events

#: The event that opens a session; what lies before it is history.
SESSION_STARTED = "session_started"


@dataclass(frozen=True)
class StoredEvent:
    """One event of a conversation; ``data`` is its whole JSON."""

    type_name: str
    timestamp: float
    intent_name: str | None
    action_name: str | None
    data: str


def append(connection: Connection, conversation: str, new: Sequence[StoredEvent]) -> None:
    """Add events to the end of a conversation, in their order."""
    if not new:
        return
    connection.execute(
        insert(events),
        [
            {
                "sender_id": conversation,
                "type_name": event.type_name,
                "timestamp": event.timestamp,
                "intent_name": event.intent_name,
                "action_name": event.action_name,
                "data": event.data,
            }
            for event in new
        ],
    )


def latest_session(connection: Connection, conversation: str) -> list[str]:
    """List the JSON of the events since the conversation's last session began, oldest first.

    A conversation without a session start is given whole; an unknown one is empty.
    """
    start = (
        select(func.coalesce(func.max(events.c.id), 0))
        .where(events.c.sender_id == conversation, events.c.type_name == SESSION_STARTED)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(events.c.data)
        .where(events.c.sender_id == conversation, events.c.id >= start)
        .order_by(events.c.id)
    )
    return [data for (data,) in rows]


def forget(connection: Connection, conversation: str) -> int:
    """Erase a conversation's events; gives how many there were."""
    result = connection.execute(delete(events).where(events.c.sender_id == conversation))
    return int(result.rowcount)

"""What waits, is held or was given up, for people who look after it: listing and trying again.

What residents wrote is not given unless asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.row import Row

from bot.store.leases import INBOX, TABLES

#: An event that becomes due again out of its order waits until every transaction that has not
#: seen it, and may be claiming a later one, has surely ended; seconds.
SETTLED = 1.0

STATES = ("new", "leased", "done", "held", "dead")


@dataclass(frozen=True)
class Letter:
    """A row of the inbox or the outbox, without what was said."""

    id: int
    channel: str
    conversation: str
    kind: str
    state: str
    attempts: int
    error: str | None
    created_at: float


@dataclass(frozen=True)
class Opened:
    """A letter with what was said; ``raw`` is what the platform sent, kept for dead letters."""

    letter: Letter
    body: Mapping[str, Any]
    raw: Mapping[str, Any] | None


_COLUMNS = "id, channel, conversation, kind, state, attempts, error, created_at"


def letters(connection: Connection, queue: str, state: str, limit: int = 100) -> list[Letter]:
    """Give the newest rows of a queue in a state."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM {TABLES[queue]}"  # noqa: S608 -- one of two constants
            " WHERE state = :state ORDER BY id DESC LIMIT :limit"
        ),
        {"state": state, "limit": limit},
    )
    return [_letter(row) for row in rows]


def opened(connection: Connection, queue: str, id: int) -> Opened | None:
    """Give one row with what was said; None when there is none of that id."""
    raw = "raw" if queue == INBOX else "NULL AS raw"
    row = connection.execute(
        text(
            f"SELECT {_COLUMNS}, body, {raw} FROM {TABLES[queue]}"  # noqa: S608
            " WHERE id = :id"
        ),
        {"id": id},
    ).first()
    if row is None:
        return None
    sent = json.loads(row.raw) if row.raw is not None else None
    return Opened(_letter(row), json.loads(row.body), sent)


def _letter(row: Row) -> Letter:
    return Letter(
        row.id,
        row.channel,
        row.conversation,
        row.kind,
        row.state,
        row.attempts,
        row.error,
        row.created_at,
    )


def replay(connection: Connection, inbox_id: int, now: float) -> bool:
    """Let a dead letter be answered after all; False when there is none of that id.

    Its apology stays in the transcript; the new replies come after all that was said since.
    """
    changed = connection.execute(
        text(
            "UPDATE inbox SET state = 'new', attempts = 0, not_before = :due, error = NULL,"
            " done_at = NULL, kind = CASE WHEN raw IS NULL THEN kind ELSE 'raw' END"
            " WHERE id = :id AND state = 'dead'"
        ),
        {"id": inbox_id, "due": now + SETTLED},
    )
    # The apology makes room for the replies' numbers; row ids keep its own unlike any other.
    connection.execute(
        text("UPDATE outbox SET seq = -1000 - id WHERE inbox_id = :id AND seq >= 0"),
        {"id": inbox_id},
    )
    return bool(changed.rowcount)


def send_again(connection: Connection, outbox_id: int, now: float) -> bool:
    """Let a message that was given up be sent after all; False when there is none of that id."""
    changed = connection.execute(
        text(
            "UPDATE outbox SET state = 'new', attempts = 0, not_before = :now, error = NULL,"
            " done_at = NULL WHERE id = :id AND state = 'dead'"
        ),
        {"id": outbox_id, "now": now},
    )
    return bool(changed.rowcount)

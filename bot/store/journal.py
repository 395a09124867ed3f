"""The journal: who did or saw what, and when. It is only ever added to.

Actors are ``staff:<id>``, ``resident``, ``timer`` and, for the command line, ``cli:<user>``.
Actions are verbs with their area in front, as ``models.publish`` or ``submissions.view``. No
resident's words belong into the details.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.store.journal_tables import journal

#: Longest actor, action and subject that are kept.
_LENGTHS = {"actor": 80, "action": 80, "subject": 255}


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    id: int
    at: float
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any] = field(default_factory=dict)


def write(
    connection: Connection,
    actor: str,
    action: str,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
    now: float | None = None,
) -> int:
    """Add a line, in the transaction of what it tells of; give its id."""
    values = {"actor": actor, "action": action, "subject": subject}
    result = connection.execute(
        insert(journal).values(
            at=time.time() if now is None else now,
            details=json.dumps(details or {}, ensure_ascii=False),
            **{name: value[: _LENGTHS[name]] for name, value in values.items()},
        )
    )
    return int(result.inserted_primary_key[0])


def entries(
    connection: Connection,
    *,
    actor: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    since: float | None = None,
    until: float | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> list[Entry]:
    """List the newest lines first.

    Args:
        actor: only of this one.
        action: only this one; with a dot at its end all of an area (``models.``).
        subject: only about this one.
        since: seconds since 1970, included.
        until: seconds since 1970, not included.
        before_id: only lines older than this one, to page through.
        limit: at most so many.
    """
    query = select(journal).order_by(journal.c.id.desc()).limit(limit)
    if actor is not None:
        query = query.where(journal.c.actor == actor)
    if action is not None and action.endswith("."):
        query = query.where(journal.c.action.startswith(action, autoescape=True))
    elif action is not None:
        query = query.where(journal.c.action == action)
    if subject is not None:
        query = query.where(journal.c.subject == subject)
    if since is not None:
        query = query.where(journal.c.at >= since)
    if until is not None:
        query = query.where(journal.c.at < until)
    if before_id is not None:
        query = query.where(journal.c.id < before_id)
    return [
        Entry(row.id, row.at, row.actor, row.action, row.subject, json.loads(row.details))
        for row in connection.execute(query)
    ]

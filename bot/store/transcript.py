"""What was said in a conversation, by both sides, in its order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection


@dataclass(frozen=True)
class Line:
    """One message: ``sender`` is resident or bot; ``ext_id`` the platform's id of a resident's.

    ``author`` tells whose words go out: the bot's or a person's.
    """

    conversation: str
    position: int
    sender: str
    kind: str
    body: Mapping[str, Any]
    created_at: float
    ext_id: str | None
    author: str = "bot"


_LINES = """
    SELECT position, 'resident' AS sender, kind, body, created_at, ext_id, '' AS author
    FROM inbox WHERE conversation = :conversation AND position > :after
    UNION ALL
    SELECT position, 'bot', kind, body, created_at, NULL, author
    FROM outbox WHERE conversation = :conversation AND position > :after
    ORDER BY position {direction} LIMIT :limit
"""
_AFTER = text(_LINES.format(direction="ASC"))
_LAST = text(_LINES.format(direction="DESC"))


def after(connection: Connection, conversation: str, position: int, limit: int = 50) -> list[Line]:
    """Give the first ``limit`` messages after ``position``, oldest first."""
    return _lines(connection, _AFTER, conversation, position, limit)


def last(connection: Connection, conversation: str, limit: int = 50) -> list[Line]:
    """Give the newest ``limit`` messages, oldest first."""
    return _lines(connection, _LAST, conversation, 0, limit)[::-1]


def newest_id(connection: Connection, conversation: str, pattern: str) -> str | None:
    """Give the platform's id of the resident's newest message whose id is LIKE ``pattern``."""
    found = connection.execute(
        text(
            "SELECT ext_id FROM inbox WHERE conversation = :conversation AND ext_id LIKE :pattern"
            " ORDER BY position DESC LIMIT 1"
        ),
        {"conversation": conversation, "pattern": pattern},
    ).scalar()
    return str(found) if found is not None else None


def _lines(
    connection: Connection, statement: Any, conversation: str, position: int, limit: int
) -> list[Line]:
    rows = connection.execute(
        statement, {"conversation": conversation, "after": position, "limit": limit}
    )
    return [
        Line(
            conversation=conversation,
            position=row.position,
            sender=row.sender,
            kind=row.kind,
            body=json.loads(row.body),
            created_at=row.created_at,
            ext_id=row.ext_id,
            author=row.author,
        )
        for row in rows
    ]

"""Requests of a platform to delete somebody's data: a proof without personal data.

Every function runs inside the caller's transaction and takes ``now``, seconds since 1970.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.engine import Connection

#: What was asked names nobody we know: the person must ask in the conversation itself.
UNMATCHED = "unmatched"


def ask(connection: Connection, code: str, person: str, now: float) -> str:
    """Note a request; the same person's again gets the code of the first.

    Args:
        person: a hash of the id that the platform gave.
    """
    connection.execute(
        text(
            "INSERT INTO deletion_requests (code, person, state, created_at)"
            " VALUES (:code, :person, :state, :now) ON CONFLICT (person) DO NOTHING"
        ),
        {"code": code, "person": person, "state": UNMATCHED, "now": now},
    )
    found = connection.execute(
        text("SELECT code FROM deletion_requests WHERE person = :person"), {"person": person}
    )
    return str(found.scalar_one())


def state(connection: Connection, code: str) -> tuple[str, float] | None:
    """Give state and time of a request; None for a code that was never given out."""
    row = connection.execute(
        text("SELECT state, created_at FROM deletion_requests WHERE code = :code"), {"code": code}
    ).first()
    return (row.state, row.created_at) if row is not None else None

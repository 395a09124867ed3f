"""Giving back what was claimed of the inbox or the outbox: the same for both.

Every function runs inside the caller's transaction and takes ``now``, seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection

INBOX, OUTBOX = "inbox", "outbox"
#: The table of each: nothing else may become part of a statement.
TABLES = {INBOX: INBOX, OUTBOX: OUTBOX}


class Leased(Protocol):
    """A claimed row."""

    @property
    def id(self) -> int:
        """Its id."""

    @property
    def owner(self) -> str | None:
        """Who claimed it."""


def retry_later(
    connection: Connection,
    queue: str,
    leased: Leased,
    now: float,
    delay: float,
    error: str,
    counted: bool,
) -> bool:
    """Give a row back, to be tried again after ``delay`` seconds; False when it was not ours.

    Args:
        counted: whether this was a failed attempt, of which there may be only a few.
    """
    changed = connection.execute(
        text(
            f"UPDATE {TABLES[queue]} SET state = 'new', not_before = :until,"  # noqa: S608
            " attempts = attempts + :counted, error = :error, lease_owner = NULL,"
            " lease_until = NULL WHERE id = :id AND state = 'leased' AND lease_owner = :owner"
        ),
        {
            "id": leased.id,
            "owner": leased.owner,
            "until": now + delay,
            "counted": int(counted),
            "error": error,
        },
    )
    return bool(changed.rowcount)


def renew(
    connection: Connection, queue: str, owner: str, ids: Sequence[int], until: float
) -> list[int]:
    """Prolong the leases of these rows; give the ids of those that are still the owner's."""
    rows = connection.execute(
        text(
            f"UPDATE {TABLES[queue]} SET lease_until = :until"  # noqa: S608
            " WHERE id IN :ids AND state = 'leased' AND lease_owner = :owner RETURNING id"
        ).bindparams(bindparam("ids", expanding=True)),
        {"ids": list(ids), "owner": owner, "until": until},
    ).all()
    return [row.id for row in rows]


def release(connection: Connection, queue: str, owner: str, now: float) -> int:
    """Give back all that ``owner`` still holds, so that others take it at once; how many."""
    changed = connection.execute(
        text(
            f"UPDATE {TABLES[queue]} SET state = 'new', not_before = :now,"  # noqa: S608
            " lease_owner = NULL, lease_until = NULL"
            " WHERE state = 'leased' AND lease_owner = :owner"
        ),
        {"owner": owner, "now": now},
    )
    return int(changed.rowcount)

"""Open sessions of the console, and failed attempts to open one.

The database knows only the hash of a session's token: who reads it cannot act as somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from bot.store.staff_tables import sign_in_failures, staff_sessions

#: A session ends when nothing was asked for so long, and in any case after so long; seconds.
IDLE_SECONDS = 60 * 60
LONGEST_SECONDS = 12 * 60 * 60
#: The same for those who have not shown their second factor yet.
HALF_WAY_SECONDS = 15 * 60
#: How exactly it is known when a session was last used: each note of it is a write.
_SEEN_SECONDS = 60


@dataclass(frozen=True)
class Session:
    """An open session; ``stage`` is code, enrol or full."""

    token_hash: str
    staff_id: int
    stage: str


def begin(connection: Connection, token_hash: str, staff_id: int, stage: str, now: float) -> None:
    """Open a session; those long over are forgotten."""
    connection.execute(
        delete(staff_sessions).where(staff_sessions.c.created_at < now - LONGEST_SECONDS)
    )
    connection.execute(
        insert(staff_sessions).values(
            token_hash=token_hash, staff_id=staff_id, stage=stage, created_at=now, seen_at=now
        )
    )


def find(connection: Connection, token_hash: str, now: float) -> tuple[Session, bool] | None:
    """Give the session of a token, and whether its use should be noted; None when it is over."""
    row = connection.execute(
        select(staff_sessions).where(staff_sessions.c.token_hash == token_hash)
    ).first()
    if row is None:
        return None
    full = row.stage == "full"
    idle, longest = (IDLE_SECONDS, LONGEST_SECONDS) if full else (HALF_WAY_SECONDS,) * 2
    if now - row.seen_at > idle or now - row.created_at > longest:
        return None
    return Session(row.token_hash, row.staff_id, row.stage), now - row.seen_at > _SEEN_SECONDS


def seen(connection: Connection, token_hash: str, now: float) -> None:
    """Note that a session was used."""
    connection.execute(
        update(staff_sessions).where(staff_sessions.c.token_hash == token_hash).values(seen_at=now)
    )


def end(connection: Connection, token_hash: str) -> None:
    """End one session."""
    connection.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == token_hash))


def end_all(connection: Connection, staff_id: int, but: str = "") -> None:
    """End all of somebody's sessions, except the one of the token hash ``but``."""
    connection.execute(
        delete(staff_sessions).where(
            staff_sessions.c.staff_id == staff_id, staff_sessions.c.token_hash != but
        )
    )


def failed(connection: Connection, keys: Sequence[str], now: float, window: float) -> None:
    """Count a failed sign-in for each key; those before the window are forgotten."""
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.at < now - window))
    connection.execute(insert(sign_in_failures), [{"key": key, "at": now} for key in keys])


def failures(connection: Connection, key: str, since: float) -> int:
    """Count the failed sign-ins of a key."""
    return int(
        connection.execute(
            select(func.count())
            .select_from(sign_in_failures)
            .where(sign_in_failures.c.key == key, sign_in_failures.c.at >= since)
        ).scalar_one()
    )


def forgive(connection: Connection, key: str) -> None:
    """Forget the failures of a key, after a sign-in that worked."""
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.key == key))

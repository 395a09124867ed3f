"""Who read the notice about personal data, in which version, and who waits for a programme."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select, text
from sqlalchemy.engine import Connection

from bot.store.participation_tables import acknowledgements


def acknowledge(
    connection: Connection, conversation: str, version: str, language: str, now: float
) -> None:
    """Note that a resident read the notice and goes on; the first time counts."""
    connection.execute(
        text(
            "INSERT INTO acknowledgements (conversation, version, language, at)"
            " VALUES (:conversation, :version, :language, :now) ON CONFLICT DO NOTHING"
        ),
        {"conversation": conversation, "version": version, "language": language, "now": now},
    )


def acknowledged(connection: Connection, conversation: str, version: str) -> bool:
    """Tell whether a resident read this version of the notice."""
    query = select(acknowledgements.c.at).where(
        acknowledgements.c.conversation == conversation, acknowledgements.c.version == version
    )
    return connection.execute(query).first() is not None


def remind(connection: Connection, conversation: str, programme: str, now: float) -> None:
    """Note that a resident wants to hear when a programme opens; safe to repeat."""
    connection.execute(
        text(
            "INSERT INTO programme_reminders (conversation, programme, at)"
            " VALUES (:conversation, :programme, :now)"
            " ON CONFLICT (conversation, programme) DO UPDATE SET at = :now, told_at = NULL"
        ),
        {"conversation": conversation, "programme": programme, "now": now},
    )


def to_remind(
    connection: Connection, programmes: Iterable[str], limit: int = 200
) -> list[tuple[str, str]]:
    """Give who is still to hear that one of these programmes is open, with the programme."""
    rows = connection.execute(
        text(
            "SELECT conversation, programme FROM programme_reminders"
            " WHERE told_at IS NULL AND programme IN :programmes ORDER BY at LIMIT :limit"
        ).bindparams(bindparam("programmes", expanding=True)),
        {"programmes": list(programmes), "limit": limit},
    )
    return [(row.conversation, row.programme) for row in rows]


def reminded(connection: Connection, conversation: str, programme: str, now: float) -> None:
    """Note that a resident was told that a programme is open."""
    connection.execute(
        text(
            "UPDATE programme_reminders SET told_at = :now"
            " WHERE conversation = :conversation AND programme = :programme"
        ),
        {"conversation": conversation, "programme": programme, "now": now},
    )

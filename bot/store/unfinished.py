"""Forms that were begun and not sent: offered once more within a day, then forgotten.

What was written stays in the conversation; a row here only tells that a form waits. It goes when
the form is sent or left.
"""

from __future__ import annotations

from sqlalchemy import delete, select, text, update
from sqlalchemy.engine import Connection

from bot.store.unfinished_tables import unfinished_forms

#: After so much silence a form is offered again, seconds: Messenger lets a day pass, no more.
OFFERED_AFTER = 20 * 3600.0
FORGOTTEN_AFTER = 24 * 3600.0


def begun(connection: Connection, conversation: str, kind: str, now: float) -> None:
    """Note that a form was begun; the newest of a conversation counts."""
    connection.execute(
        text(
            "INSERT INTO unfinished_forms (conversation, kind, at)"
            " VALUES (:conversation, :kind, :now)"
            " ON CONFLICT (conversation) DO UPDATE SET kind = :kind, at = :now, told_at = NULL"
        ),
        {"conversation": conversation, "kind": kind, "now": now},
    )


def ended(connection: Connection, conversation: str) -> None:
    """Note that the form was sent or left."""
    connection.execute(
        delete(unfinished_forms).where(unfinished_forms.c.conversation == conversation)
    )


def to_offer(connection: Connection, now: float, limit: int = 200) -> list[tuple[str, str]]:
    """Give whose form is to be offered again, with its kind; forgets what is older than a day."""
    connection.execute(
        delete(unfinished_forms).where(unfinished_forms.c.at <= now - FORGOTTEN_AFTER)
    )
    rows = connection.execute(
        select(unfinished_forms.c.conversation, unfinished_forms.c.kind)
        .where(unfinished_forms.c.at <= now - OFFERED_AFTER, unfinished_forms.c.told_at.is_(None))
        .order_by(unfinished_forms.c.at)
        .limit(limit)
    )
    return [(row.conversation, row.kind) for row in rows]


def offered(connection: Connection, conversation: str, now: float) -> None:
    """Note that it was offered again."""
    connection.execute(
        update(unfinished_forms)
        .where(unfinished_forms.c.conversation == conversation)
        .values(told_at=now)
    )

"""Conversations: one resident on one channel, and the order of what is said there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection


@dataclass(frozen=True)
class Place:
    """The newest position of a conversation, taken for a message that is being stored.

    ``has_held``: something waits in the outbox for the resident's next message.
    ``unreachable`` says why the platform delivers nothing to them, if so.
    """

    position: int
    on_hold: bool
    has_held: bool
    unreachable: str | None


_TAKE = text(
    """
    INSERT INTO conversations (id, channel, account, last_position, created_at, seen_at, heard_at)
    VALUES (:id, :channel, :account, :count, :now, :now, CAST(:heard AS FLOAT))
    ON CONFLICT (id) DO UPDATE
    SET last_position = conversations.last_position + :count, seen_at = :now,
        heard_at = CASE WHEN conversations.heard_at > coalesce(excluded.heard_at, 0)
                   THEN conversations.heard_at ELSE excluded.heard_at END,
        unreachable = CASE WHEN excluded.heard_at IS NULL THEN conversations.unreachable END
    RETURNING last_position, on_hold, has_held, unreachable
    """
)


def take(
    connection: Connection,
    conversation: str,
    channel: str,
    account: str,
    count: int,
    now: float,
    heard: float | None = None,
) -> Place:
    """Take the next ``count`` positions of a conversation, which is made when it is new.

    Gives the last of them. Its row stays locked until the transaction ends: whoever takes
    positions of one conversation does so one after the other, and a reader that saw a position
    has seen all before it.

    Args:
        heard: when the resident did something, for what is an action of theirs: whoever could
            not be reached now can.
    """
    values = {
        "id": conversation,
        "channel": channel,
        "account": account,
        "count": count,
        "now": now,
        "heard": heard,
    }
    row = connection.execute(_TAKE, values).one()
    return Place(row.last_position, bool(row.on_hold), bool(row.has_held), row.unreachable)


@dataclass(frozen=True)
class Contact:
    """How a resident is reached: where, in which language, and when they last did something."""

    conversation: str
    channel: str
    account: str
    language: str | None
    heard_at: float | None
    unreachable: str | None


def contact(connection: Connection, conversation: str) -> Contact | None:
    """Give how a resident is reached; None for one who never wrote."""
    row = connection.execute(
        text(
            "SELECT id AS conversation, channel, account, language, heard_at, unreachable"
            " FROM conversations WHERE id = :id"
        ),
        {"id": conversation},
    ).first()
    return Contact(**row._mapping) if row is not None else None


_ADVANCE = text(
    """
    UPDATE conversations
    SET last_position = last_position + :count, language = coalesce(:language, language)
    WHERE id = :id
    RETURNING last_position
    """
)


def advance(
    connection: Connection, conversation: str, count: int, language: str | None = None
) -> int:
    """Take the next ``count`` positions of a conversation that exists; give the last of them.

    Its row stays locked until the transaction ends, also when ``count`` is 0.

    Args:
        language: the language it is in from now on, if known.
    """
    values = {"id": conversation, "count": count, "language": language}
    return int(connection.execute(_ADVANCE, values).scalar_one())


def mark_held(connection: Connection, conversation: str) -> None:
    """Note that something waits in the outbox for the resident's next message."""
    connection.execute(
        text("UPDATE conversations SET has_held = 1 WHERE id = :id"), {"id": conversation}
    )


def language(connection: Connection, conversation: str) -> str | None:
    """Give the language of the last answer; None when there was none yet."""
    found = connection.execute(
        text("SELECT language FROM conversations WHERE id = :id"), {"id": conversation}
    ).scalar()
    return str(found) if found else None


def last_positions(connection: Connection, conversations: Iterable[str]) -> dict[str, int]:
    """Give the newest position of each conversation that exists."""
    rows = connection.execute(
        text("SELECT id, last_position FROM conversations WHERE id IN :ids").bindparams(
            bindparam("ids", expanding=True)
        ),
        {"ids": list(conversations)},
    )
    return {row.id: row.last_position for row in rows}

"""Looking after the inbox and the outbox: how they fare, and what staff do by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.store import conversations, outbox
from bot.store.letters import SETTLED


@dataclass(frozen=True)
class Queue:
    """How a queue fares: what waits, since when at the longest (seconds), what was given up."""

    waiting: int
    age: float
    dead: int
    held: int = 0


def inbox_state(connection: Connection, now: float) -> Queue:
    """Give how the inbox fares."""
    return _state(connection, "inbox", now)


def outbox_state(connection: Connection, now: float) -> Queue:
    """Give how the outbox fares."""
    return _state(connection, "outbox", now)


def _state(connection: Connection, table: str, now: float) -> Queue:
    # `table` is one of two constants.
    row = connection.execute(
        text(
            f"SELECT count(*) AS waiting, min(created_at) AS oldest FROM {table}"  # noqa: S608
            " WHERE state IN ('new', 'leased')"
        )
    ).one()
    rows = connection.execute(
        text(
            f"SELECT state, count(*) FROM {table}"  # noqa: S608
            " WHERE state IN ('dead', 'held') GROUP BY state"
        )
    )
    ended = dict(rows.all())
    age = max(0.0, now - row.oldest) if row.oldest is not None else 0.0
    return Queue(row.waiting, age, ended.get("dead", 0), ended.get("held", 0))


def hold(connection: Connection, conversation: str) -> None:
    """Let a person answer a conversation: nothing more of it is claimed until it is resumed.

    The event that is being answered at the moment still gets its reply.
    """
    _set_hold(connection, conversation, True)
    _move(connection, conversation, "new", "held", 0.0)


def resume(connection: Connection, conversation: str, now: float, *, answer_held: bool) -> None:
    """Let the bot answer a conversation again.

    Args:
        answer_held: whether it answers what came meanwhile; else that counts as done.
    """
    _set_hold(connection, conversation, False)
    _move(connection, conversation, "held", "new" if answer_held else "done", now + SETTLED)


def _set_hold(connection: Connection, conversation: str, held: bool) -> None:
    connection.execute(
        text("UPDATE conversations SET on_hold = :held WHERE id = :id"),
        {"id": conversation, "held": int(held)},
    )


def _move(connection: Connection, conversation: str, old: str, new: str, due: float) -> None:
    connection.execute(
        text(
            "UPDATE inbox SET state = :new, not_before = :due"
            " WHERE conversation = :id AND state = :old"
        ),
        {"id": conversation, "old": old, "new": new, "due": due},
    )


@dataclass(frozen=True)
class Impatient:
    """A conversation that has waited for long, and the language it was last in."""

    inbox_id: int
    target: outbox.Target
    language: str | None


def impatient(connection: Connection, before: float, limit: int = 100) -> list[Impatient]:
    """Give the conversations whose oldest open event came before ``before``, if not yet told."""
    # In the order of the ids SQLite would go through all that was ever said to find the first.
    rows = connection.execute(
        text(
            """
            SELECT head.id, head.channel, head.account, head.conversation, c.language
            FROM inbox AS head JOIN conversations AS c ON c.id = head.conversation
            WHERE head.state IN ('new', 'leased') AND head.told_slow = 0
              AND head.created_at < :before
              AND NOT EXISTS (
                  SELECT 1 FROM inbox AS earlier
                  WHERE earlier.conversation = head.conversation
                    AND earlier.position < head.position AND earlier.state IN ('new', 'leased'))
            ORDER BY head.created_at, head.id LIMIT :limit
            """
        ),
        {"before": before, "limit": limit},
    )
    return [
        Impatient(row.id, outbox.Target(row.channel, row.account, row.conversation), row.language)
        for row in rows
    ]


def tell_slow(
    connection: Connection,
    waiting: Impatient,
    draft: outbox.Draft,
    now: float,
    *,
    delivered: bool,
) -> Sequence[outbox.Message]:
    """Store the sign of patience, once for all that the conversation waits for.

    Nothing is stored when the event was answered or told about meanwhile.
    """
    last = conversations.advance(connection, waiting.target.conversation, 1)
    told = connection.execute(
        text(
            "UPDATE inbox SET told_slow = 1"
            " WHERE id = :id AND told_slow = 0 AND state IN ('new', 'leased')"
        ),
        {"id": waiting.inbox_id},
    )
    if not told.rowcount:
        return []
    connection.execute(
        text(
            "UPDATE inbox SET told_slow = 1"
            " WHERE conversation = :conversation AND state IN ('new', 'leased')"
        ),
        {"conversation": waiting.target.conversation},
    )
    return outbox.add_replies(
        connection,
        waiting.target,
        waiting.inbox_id,
        [draft],
        now,
        last_position=last,
        delivered=delivered,
        first_seq=outbox.SLOW,
    )

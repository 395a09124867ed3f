"""Residents who asked for a person, and the person who talks with them.

While somebody has taken a conversation the bot is silent in it: what the resident writes is held
for the person's eyes. Every function runs inside the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.engine.row import Row

from bot.core.staff import RIGHTS, May
from bot.store import queues
from bot.store.staff_tables import staff, waiting
from bot.store.tables import conversations


@dataclass(frozen=True)
class Waiting:
    """A resident who waits (``taken_by`` is None) or talks with a person."""

    id: int
    conversation: str
    municipality: str
    channel: str
    language: str | None
    asked_at: float
    seen_at: float
    taken_by: int | None
    taken_at: float | None
    ended_at: float | None


def somebody_answers(connection: Connection) -> bool:
    """Tell whether anybody could take a conversation at all."""
    roles = [role.value for role, rights in RIGHTS.items() if May.TALK in rights]
    query = select(staff.c.id).where(
        staff.c.role.in_(roles), staff.c.enrolled_at.is_not(None), staff.c.disabled_at.is_(None)
    )
    return connection.execute(query.limit(1)).first() is not None


_ASK = text(
    """
    INSERT INTO waiting (conversation, municipality, asked_at)
    VALUES (:conversation, :municipality, :now)
    ON CONFLICT DO NOTHING
    """
)


def ask(connection: Connection, conversation: str, municipality: str, now: float) -> bool:
    """Note that a resident asked for a person; False when they wait already."""
    values = {"conversation": conversation, "municipality": municipality, "now": now}
    return bool(connection.execute(_ASK, values).rowcount)


def _rows(connection: Connection, *where: object) -> list[Waiting]:
    query = (
        select(
            waiting,
            conversations.c.channel,
            conversations.c.language,
            conversations.c.seen_at,
        )
        .join(conversations, conversations.c.id == waiting.c.conversation)
        .where(*where)
        .order_by(waiting.c.asked_at)
    )
    return [_waiting(row) for row in connection.execute(query)]


def _waiting(row: Row) -> Waiting:
    return Waiting(**row._mapping)


def open_ones(connection: Connection, municipality: str | None = None) -> list[Waiting]:
    """Give who waits or talks with a person, the longest waiting first."""
    where = [waiting.c.ended_at.is_(None)]
    if municipality is not None:
        where.append(waiting.c.municipality == municipality)
    return _rows(connection, *where)


def is_waiting(connection: Connection, conversation: str) -> bool:
    """Tell whether a resident waits for a person, or talks with one."""
    query = select(waiting.c.id).where(
        waiting.c.conversation == conversation, waiting.c.ended_at.is_(None)
    )
    return connection.execute(query).first() is not None


def get(connection: Connection, id: int) -> Waiting | None:
    """Give one resident who waits, talks or did."""
    return next(iter(_rows(connection, waiting.c.id == id)), None)


def take(connection: Connection, id: int, staff_id: int, now: float) -> bool:
    """Let one person, and nobody else, talk with a resident; False when somebody does already."""
    changed = connection.execute(
        update(waiting)
        .where(waiting.c.id == id, waiting.c.taken_by.is_(None), waiting.c.ended_at.is_(None))
        .values(taken_by=staff_id, taken_at=now)
    )
    if not changed.rowcount:
        return False
    found = get(connection, id)
    if found is not None:
        queues.hold(connection, found.conversation)
    return True


def hand_back(connection: Connection, id: int, staff_id: int, now: float) -> bool:
    """End the talk, so that the bot answers again; False when it was not this person's."""
    changed = connection.execute(
        update(waiting)
        .where(waiting.c.id == id, waiting.c.taken_by == staff_id, waiting.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    if not changed.rowcount:
        return False
    found = get(connection, id)
    if found is not None:
        queues.resume(connection, found.conversation, now, answer_held=False)
    return True


def release(connection: Connection, staff_id: int) -> None:
    """Put back to the waiting what somebody had taken who may talk no longer.

    The bot stays silent: the resident was told that a person is there.
    """
    connection.execute(
        update(waiting)
        .where(waiting.c.taken_by == staff_id, waiting.c.ended_at.is_(None))
        .values(taken_by=None, taken_at=None)
    )

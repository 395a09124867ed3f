"""The outbox: what goes to residents, kept until their platform took it.

Replies enter it in the transaction that closes the event they answer. Within a conversation they
are sent one after the other; a message that must wait holds back those behind it.

Every function runs inside the caller's transaction and takes ``now``, seconds since 1970.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.row import Row
from sqlalchemy.sql.elements import TextClause

from bot.store import conversations

#: The place of the sign of patience among the replies to one event: there is only one.
SLOW = -1

#: What is more urgent goes first: answers, then news for one resident, then news for many.
ANSWER, NOTICE, BULK = 0, 5, 10


@dataclass(frozen=True)
class Target:
    """Where a message goes."""

    channel: str
    account: str
    conversation: str


@dataclass(frozen=True)
class Draft:
    """A message to store: ``body`` is a reply's JSON form; a lower priority goes first.

    ``author`` is bot or person: platforms allow a person more, and residents are told.
    """

    body: Mapping[str, Any]
    kind: str = "reply"
    priority: int = ANSWER
    author: str = "bot"


@dataclass(frozen=True)
class Message:
    """A stored message."""

    id: int
    channel: str
    account: str
    conversation: str
    position: int
    kind: str
    body: Mapping[str, Any]
    created_at: float
    attempts: int = 0
    owner: str | None = None
    priority: int = ANSWER
    author: str = "bot"


_COLUMNS = (
    "id, channel, account, conversation, position, kind, body, created_at, attempts, priority,"
    " author"
)

_ADD = text(
    f"""
    INSERT INTO outbox (channel, account, conversation, position, inbox_id, seq, notice_key, kind,
                        body, priority, author, created_at, not_before, state, error, done_at)
    VALUES (:channel, :account, :conversation, :position, :inbox_id, :seq, :notice_key, :kind,
            :body, :priority, :author, :now, :now, :state, :error, :done_at)
    ON CONFLICT DO NOTHING
    RETURNING {_COLUMNS}
    """  # noqa: S608 -- the columns are a constant
)


def add_replies(
    connection: Connection,
    target: Target,
    inbox_id: int,
    replies: Sequence[Draft],
    now: float,
    *,
    last_position: int,
    delivered: bool = False,
    first_seq: int = 0,
) -> list[Message]:
    """Store the replies to one event in their order, each at most once.

    Args:
        last_position: the conversation's position taken for the last of them.
        delivered: a stored reply is a delivered one on this channel.
    """
    first = last_position - len(replies) + 1
    stored = [
        _add(
            connection,
            target,
            draft,
            _Slot(first + number, inbox_id, first_seq + number),
            now,
            "done" if delivered else "new",
        )
        for number, draft in enumerate(replies)
    ]
    return [message for message in stored if message is not None]


def add_notice(
    connection: Connection, target: Target, key: str, draft: Draft, now: float
) -> Message | None:
    """Store a message that answers no event, such as news of a submission.

    It is held at once for a resident whom the platform does not reach.

    Args:
        key: names the occasion; the same key again stores nothing and gives None.
    """
    place = conversations.take(
        connection, target.conversation, target.channel, target.account, 1, now
    )
    slot = _Slot(place.position, None, 0, key)
    state = "held" if place.unreachable else "new"
    message = _add(connection, target, draft, slot, now, state, place.unreachable)
    if message is not None and place.unreachable:
        conversations.mark_held(connection, target.conversation)
    return message


def body_of(connection: Connection, id: int, conversation: str) -> dict[str, Any] | None:
    """Give the body of a message that was stored for this conversation; None for no other's."""
    found = connection.execute(
        text("SELECT body FROM outbox WHERE id = :id AND conversation = :conversation"),
        {"id": id, "conversation": conversation},
    ).scalar()
    return json.loads(found) if found is not None else None


@dataclass(frozen=True)
class _Slot:
    """Where a message stands in its conversation, and what it answers."""

    position: int
    inbox_id: int | None
    seq: int
    notice_key: str | None = None


def _add(
    connection: Connection,
    target: Target,
    draft: Draft,
    slot: _Slot,
    now: float,
    state: str,
    error: str | None = None,
) -> Message | None:
    values = {
        "channel": target.channel,
        "account": target.account,
        "conversation": target.conversation,
        "position": slot.position,
        "inbox_id": slot.inbox_id,
        "seq": slot.seq,
        "notice_key": slot.notice_key,
        "kind": draft.kind,
        "body": json.dumps(draft.body, ensure_ascii=False),
        "priority": draft.priority,
        "author": draft.author,
        "now": now,
        "state": state,
        "error": error,
        "done_at": None if state == "new" else now,
    }
    row = connection.execute(_ADD, values).first()
    return _message(row) if row is not None else None


def _message(row: Row, owner: str | None = None) -> Message:
    return Message(
        id=row.id,
        channel=row.channel,
        account=row.account,
        conversation=row.conversation,
        position=row.position,
        kind=row.kind,
        body=json.loads(row.body),
        created_at=row.created_at,
        attempts=row.attempts,
        owner=owner,
        priority=row.priority,
        author=row.author,
    )


# On PostgreSQL a query that locks rows is run once as a WITH, while as an IN it may be run again.
# News for many never holds back an answer to the same resident.
_CLAIM = """
    WITH picked AS (
        SELECT head.id FROM outbox AS head
        WHERE head.state IN ('new', 'leased') AND head.not_before <= :now
          AND (head.state = 'new' OR head.lease_until <= :now)
          AND head.channel IN :channels AND head.priority BETWEEN :least AND :most
          AND NOT EXISTS (
              SELECT 1 FROM outbox AS other
              WHERE other.conversation = head.conversation AND other.id <> head.id
                AND other.state IN ('new', 'leased')
                AND ((other.position < head.position
                      AND (other.priority < :bulk OR head.priority >= :bulk))
                     OR (other.state = 'leased' AND other.lease_until > :now)))
          AND NOT EXISTS (
              SELECT 1 FROM channels AS c
              WHERE c.channel = head.channel AND c.account = head.account
                AND (c.stopped IS NOT NULL OR c.paused_until > :now))
        ORDER BY head.priority, head.not_before, head.id LIMIT :limit {skip}
    )
    UPDATE outbox SET state = 'leased', lease_owner = :owner, lease_until = :until
    WHERE id IN (SELECT id FROM picked)
    RETURNING {columns}
"""


@cache
def _claim_statement(dialect: str) -> TextClause:
    statement = _CLAIM.format(
        columns=_COLUMNS, skip="FOR UPDATE SKIP LOCKED" if dialect == "postgresql" else ""
    )
    return text(statement).bindparams(bindparam("channels", expanding=True))


def claim(
    connection: Connection,
    channels: Sequence[str],
    owner: str,
    seconds: float,
    now: float,
    limit: int,
    *,
    least: int = ANSWER,
    most: int = BULK,
) -> list[Message]:
    """Claim up to ``limit`` messages of these channels, each the oldest open of its conversation.

    They are the owner's for ``seconds``; the more urgent ones come first. Accounts that are
    paused or stopped are left out.

    Args:
        least: only messages with this priority number or a higher one.
        most: only messages with this priority number or a lower one.
    """
    values = {
        "channels": list(channels),
        "owner": owner,
        "until": now + seconds,
        "now": now,
        "limit": limit,
        "least": least,
        "most": most,
        "bulk": BULK,
    }
    rows = connection.execute(_claim_statement(connection.dialect.name), values).all()
    return [_message(row, owner) for row in sorted(rows, key=lambda row: (row.priority, row.id))]


def sent(connection: Connection, message: Message, platform_id: str | None, now: float) -> bool:
    """Note that the platform took a message; False when the lease was no longer ours."""
    return _settle(connection, message, "done", now, platform_id=platform_id)


def give_up(connection: Connection, message: Message, error: str, now: float) -> bool:
    """Make a message a dead letter, so that later ones go on."""
    return _settle(connection, message, "dead", now, error=error)


def _settle(
    connection: Connection,
    message: Message,
    state: str,
    now: float,
    platform_id: str | None = None,
    error: str | None = None,
) -> bool:
    changed = connection.execute(
        text(
            "UPDATE outbox SET state = :state, done_at = :now, platform_id = :platform_id,"
            " error = :error, lease_owner = NULL, lease_until = NULL"
            " WHERE id = :id AND state = 'leased' AND lease_owner = :owner"
        ),
        {
            "id": message.id,
            "owner": message.owner,
            "state": state,
            "now": now,
            "platform_id": platform_id,
            "error": error,
        },
    )
    return bool(changed.rowcount)

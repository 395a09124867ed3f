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


@dataclass(frozen=True)
class Target:
    """Where a message goes."""

    channel: str
    account: str
    conversation: str


@dataclass(frozen=True)
class Draft:
    """A message to store: ``body`` is a reply's JSON form; a lower priority goes first."""

    body: Mapping[str, Any]
    kind: str = "reply"
    priority: int = 0


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


_COLUMNS = "id, channel, account, conversation, position, kind, body, created_at, attempts"

_ADD = text(
    f"""
    INSERT INTO outbox (channel, account, conversation, position, inbox_id, seq, notice_key, kind,
                        body, priority, created_at, not_before, state, done_at)
    VALUES (:channel, :account, :conversation, :position, :inbox_id, :seq, :notice_key, :kind,
            :body, :priority, :now, :now, :state, :done_at)
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
            delivered,
        )
        for number, draft in enumerate(replies)
    ]
    return [message for message in stored if message is not None]


def add_notice(
    connection: Connection, target: Target, key: str, draft: Draft, now: float
) -> Message | None:
    """Store a message that answers no event, such as news of a submission.

    Args:
        key: names the occasion; the same key again stores nothing and gives None.
    """
    place = conversations.take(
        connection, target.conversation, target.channel, target.account, 1, now
    )
    slot = _Slot(place.position, None, 0, key)
    return _add(connection, target, draft, slot, now, delivered=False)


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
    delivered: bool,
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
        "now": now,
        "state": "done" if delivered else "new",
        "done_at": now if delivered else None,
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
    )


# On PostgreSQL a query that locks rows is run once as a WITH, while as an IN it may be run again.
_CLAIM = """
    WITH picked AS (
        SELECT head.id FROM outbox AS head
        WHERE head.state IN ('new', 'leased') AND head.not_before <= :now
          AND (head.state = 'new' OR head.lease_until <= :now)
          AND head.channel IN :channels
          AND NOT EXISTS (
              SELECT 1 FROM outbox AS earlier
              WHERE earlier.conversation = head.conversation
                AND earlier.position < head.position AND earlier.state IN ('new', 'leased'))
        ORDER BY head.priority, head.not_before, head.id LIMIT :limit {skip}
    )
    UPDATE outbox SET state = 'leased', lease_owner = :owner, lease_until = :until
    WHERE id IN (SELECT id FROM picked)
    RETURNING {columns}, priority
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
) -> list[Message]:
    """Claim up to ``limit`` messages of these channels, each the oldest open of its conversation.

    They are the owner's for ``seconds``; the more urgent ones come first.
    """
    values = {
        "channels": list(channels),
        "owner": owner,
        "until": now + seconds,
        "now": now,
        "limit": limit,
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


def retry_later(
    connection: Connection, message: Message, now: float, delay: float, error: str, counted: bool
) -> bool:
    """Give a message back, to be tried again after ``delay`` seconds."""
    changed = connection.execute(
        text(
            "UPDATE outbox SET state = 'new', not_before = :until, attempts = attempts + :counted,"
            " error = :error, lease_owner = NULL, lease_until = NULL"
            " WHERE id = :id AND state = 'leased' AND lease_owner = :owner"
        ),
        {
            "id": message.id,
            "owner": message.owner,
            "until": now + delay,
            "counted": int(counted),
            "error": error,
        },
    )
    return bool(changed.rowcount)


def release(connection: Connection, owner: str, now: float) -> int:
    """Give back all that ``owner`` still holds, so that others send it at once; how many."""
    changed = connection.execute(
        text(
            "UPDATE outbox SET state = 'new', not_before = :now, lease_owner = NULL,"
            " lease_until = NULL WHERE state = 'leased' AND lease_owner = :owner"
        ),
        {"owner": owner, "now": now},
    )
    return int(changed.rowcount)

"""The inbox: what residents said, kept until it is answered.

An event is committed here before its sender is told that it arrived. A worker *claims* the oldest
open event of a conversation for a while (its lease) and *completes* it together with the replies
in one transaction. While an event of a conversation is new or leased, no later one can be claimed,
by whatever process. A lease that ran out, because its owner died, is claimed by somebody else.

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

from bot.store import conversations, holds, outbox
from bot.store.message_bodies import forgotten_hash, stored_text


@dataclass(frozen=True)
class Event:
    """Something a resident said, as a connector hands it over.

    ``ext_id`` is the platform's id of it, one of a kind within ``channel`` and ``account`` (the
    page, the bot, or on the web the conversation). ``kind`` is text, payload, attachment or
    expired; ``body`` holds plain JSON values: ``{"text"}``, ``{"payload", "title"}``,
    ``{"attachment"}`` and optionally ``locale``.

    An event that still has to be read is of kind raw: ``raw`` holds what the platform sent, and
    its channel reads it when its turn comes. It waits ``hold`` seconds for others that were sent
    before it and may arrive after it, in the order of ``rank``; events of one ``album`` get one
    answer. ``heard`` is False for what is no action of the resident.
    """

    channel: str
    account: str
    ext_id: str
    conversation: str
    kind: str
    body: Mapping[str, Any]
    sent_at: float
    raw: Mapping[str, Any] | None = None
    rank: float | None = None
    hold: float = 0.0
    album: str | None = None
    heard: bool = True


@dataclass(frozen=True)
class Lease:
    """Who claims, and how many seconds nobody else may."""

    owner: str
    seconds: float


@dataclass(frozen=True)
class Claimed:
    """An event that the owner of the lease, and nobody else, may answer now."""

    id: int
    channel: str
    account: str
    ext_id: str
    conversation: str
    position: int
    kind: str
    body: Mapping[str, Any]
    created_at: float
    attempts: int
    owner: str
    raw: Mapping[str, Any] | None = None
    album: str | None = None


@dataclass(frozen=True)
class Added:
    """What became of an event: ``claimed`` when it was the conversation's head and leased.

    ``held`` is the event when nobody answers it, because a person talks with the resident.
    """

    new: bool
    position: int
    claimed: Claimed | None = None
    held: Claimed | None = None


@dataclass(frozen=True)
class Completed:
    """A finished event: the rows of its replies, and the conversation's next event if claimed."""

    replies: Sequence[outbox.Message]
    next: Claimed | None


_COLUMNS = (
    "id, channel, account, ext_id, conversation, position, kind, body, created_at, attempts, raw,"
    " album"
)

_ADD = text(
    f"""
    INSERT INTO inbox (channel, account, ext_id, conversation, position, kind, body, sent_at,
                       created_at, not_before, raw, rank, album, municipality, state,
                       lease_owner, lease_until)
    SELECT :channel, :account, :ext_id, :conversation, :position, :kind, :body, :sent_at,
           :now, :due, CAST(:raw AS TEXT), CAST(:rank AS FLOAT), CAST(:album AS VARCHAR(120)),
           coalesce((SELECT municipality FROM inbox WHERE conversation = :conversation
                     AND municipality IS NOT NULL ORDER BY position DESC LIMIT 1),
                    CAST(:municipality AS VARCHAR(40))),
           first.state,
           CASE WHEN first.state = 'leased' THEN :owner END,
           CASE WHEN first.state = 'leased' THEN CAST(:until AS FLOAT) END
    FROM (SELECT CASE
              WHEN :on_hold = 1 THEN 'held'
              WHEN :claim = 0 THEN 'new'
              WHEN EXISTS (SELECT 1 FROM inbox WHERE conversation = :conversation
                           AND state IN ('new', 'leased')) THEN 'new'
              ELSE 'leased' END AS state) AS first
    WHERE NOT EXISTS (SELECT 1 FROM forgotten_messages WHERE hash = :hash)
    ON CONFLICT (channel, account, ext_id) DO NOTHING
    RETURNING {_COLUMNS}, state
    """  # noqa: S608 -- the columns are a constant
)


def add(
    connection: Connection,
    event: Event,
    now: float,
    lease: Lease | None = None,
    municipality: str | None = None,
) -> Added:
    """Store an event unless the same one is there already.

    Args:
        lease: when given and nothing earlier of the conversation is open, the event is claimed in
            the same go, which spares a transaction.
        municipality: the town the event counts for where nothing was said of the conversation's
            yet; its answer may tell another one.
    """
    heard = min(event.sent_at, now) if event.heard else None
    place = conversations.take(
        connection, event.conversation, event.channel, event.account, 1, now, heard
    )
    row = connection.execute(
        _ADD,
        {
            "channel": event.channel,
            "account": event.account,
            "ext_id": event.ext_id,
            "hash": forgotten_hash(event.channel, event.account, event.ext_id),
            "conversation": event.conversation,
            "position": place.position,
            "kind": event.kind,
            "body": stored_text(event.body),
            "sent_at": event.sent_at,
            "now": now,
            "due": now + event.hold,
            "raw": stored_text(event.raw, ascii=True) if event.raw is not None else None,
            "rank": event.rank,
            "album": event.album,
            "municipality": municipality,
            "on_hold": int(place.on_hold),
            "claim": int(lease is not None and not event.hold),
            "owner": lease.owner if lease else None,
            "until": now + lease.seconds if lease else None,
        },
    ).first()
    if row is None:
        return Added(new=False, position=place.position)
    if event.heard and place.has_held:
        holds.release(connection, event.conversation, now)
    if event.rank is not None:
        _sort(connection, event.conversation, event.rank)
    claimed = _claimed(row, lease.owner) if lease and row.state == "leased" else None
    held = _claimed(row, "") if row.state == "held" else None
    return Added(new=True, position=place.position, claimed=claimed, held=held)


def made_out(connection: Connection, id: int, kind: str, body: Mapping[str, Any]) -> None:
    """Keep what a held event turned out to be, for the person who talks with the resident."""
    connection.execute(
        text(
            "UPDATE inbox SET kind = :kind, body = :body, raw = NULL"
            " WHERE id = :id AND kind = 'raw' AND state = 'held'"
        ),
        {"id": id, "kind": kind, "body": stored_text(body)},
    )


def known(connection: Connection, channel: str, account: str, ext_id: str) -> bool:
    """Tell whether an event was stored before, or was and is forgotten by now."""
    found = connection.execute(
        text(
            "SELECT 1 FROM inbox WHERE channel = :channel AND account = :account"
            " AND ext_id = :ext_id UNION ALL SELECT 1 FROM forgotten_messages WHERE hash = :hash"
        ),
        {
            "channel": channel,
            "account": account,
            "ext_id": ext_id,
            "hash": forgotten_hash(channel, account, ext_id),
        },
    )
    return found.first() is not None


#: What waits and was not tried yet; what has no rank keeps its place.
_WAITING = (
    "FROM inbox WHERE conversation = :conversation AND state = 'new' AND attempts = 0"
    " AND rank IS NOT NULL"
)


def _sort(connection: Connection, conversation: str, rank: float) -> None:
    """Bring what waits into the order of its rank, when the event just stored was overtaken.

    All of it, also what is due: or an event would change places across another one.
    """
    values = {"conversation": conversation, "rank": rank}
    overtaken = text(f"SELECT 1 {_WAITING} AND rank > :rank LIMIT 1")
    if connection.execute(overtaken, values).first() is None:
        return
    # Whoever claims one of them meanwhile is waited for; that one is then left out.
    lock = "FOR UPDATE" if connection.dialect.name == "postgresql" else ""
    waiting = text(f"SELECT id, position, rank {_WAITING} ORDER BY position {lock}")
    rows = connection.execute(waiting, values).all()
    for row, place in zip(sorted(rows, key=lambda row: (row.rank, row.id)), rows, strict=True):
        if row.position != place.position:
            connection.execute(
                text("UPDATE inbox SET position = :position WHERE id = :id"),
                {"id": row.id, "position": place.position},
            )


def _claimed(row: Row, owner: str) -> Claimed:
    return Claimed(
        id=row.id,
        channel=row.channel,
        account=row.account,
        ext_id=row.ext_id,
        conversation=row.conversation,
        position=row.position,
        kind=row.kind,
        body=json.loads(row.body),
        created_at=row.created_at,
        attempts=row.attempts,
        owner=owner,
        raw=json.loads(row.raw) if row.raw is not None else None,
        album=row.album,
    )


# A lease that ran out counts as a failed attempt: the event may be what killed its worker. A later
# event can be under way when an earlier one was replayed or had been held.
_CLAIM = """
    WITH picked AS (
        SELECT head.id FROM inbox AS head
        WHERE head.state IN ('new', 'leased') AND head.not_before <= :now
          AND head.channel IN :channels
          AND (head.state = 'new' OR head.lease_until <= :now)
          AND NOT EXISTS (
              SELECT 1 FROM inbox AS other
              WHERE other.conversation = head.conversation AND other.id <> head.id
                AND other.state IN ('new', 'leased')
                AND (other.position < head.position
                     OR (other.state = 'leased' AND other.lease_until > :now)))
          {which}
        ORDER BY head.not_before, head.id LIMIT :limit {skip}
    )
    UPDATE inbox SET state = 'leased', lease_owner = :owner, lease_until = :until,
        attempts = attempts + CASE WHEN state = 'leased' THEN 1 ELSE 0 END
    WHERE id IN (SELECT id FROM picked)
    RETURNING {columns}
"""


@cache
def _claim_statement(dialect: str, of_one: bool) -> TextClause:
    statement = _CLAIM.format(
        columns=_COLUMNS,
        which="AND head.conversation = :conversation" if of_one else "",
        skip="FOR UPDATE SKIP LOCKED" if dialect == "postgresql" else "",
    )
    return text(statement).bindparams(bindparam("channels", expanding=True))


def claim(
    connection: Connection,
    lease: Lease,
    channels: Sequence[str],
    now: float,
    limit: int = 1,
    conversation: str | None = None,
) -> list[Claimed]:
    """Claim up to ``limit`` events of these channels, each the oldest open of its conversation.

    Args:
        conversation: only of this one.
    """
    values: dict[str, object] = {
        "owner": lease.owner,
        "until": now + lease.seconds,
        "channels": list(channels),
        "now": now,
        "limit": limit,
    }
    if conversation is not None:
        values["conversation"] = conversation
    statement = _claim_statement(connection.dialect.name, conversation is not None)
    rows = connection.execute(statement, values).all()
    return [_claimed(row, lease.owner) for row in sorted(rows, key=lambda row: row.id)]


_FINISH = text(
    """
    UPDATE inbox SET state = :state, done_at = :now, error = :error,
        kind = :kind, body = :body, municipality = coalesce(:municipality, municipality),
        raw = CASE WHEN :state = 'dead' THEN raw END,
        lease_owner = NULL, lease_until = NULL
    WHERE id = :id AND state = 'leased' AND lease_owner = :owner
    """
)


#: An event of the same album that is still to come; the last of them brings the answer.
_SIBLING = text(
    """
    SELECT 1 FROM inbox AS this JOIN inbox AS other ON other.conversation = this.conversation
    WHERE this.id = :id AND other.id <> :id AND other.album = :album
      AND other.state IN ('new', 'leased')
    """
)


def complete(
    connection: Connection,
    claimed: Claimed,
    replies: Sequence[outbox.Draft],
    now: float,
    *,
    delivered: bool = False,
    language: str | None = None,
    municipality: str | None = None,
    error: str | None = None,
    next_lease: Lease | None = None,
) -> Completed | None:
    """Store the replies to an event and close it, or do neither.

    Kind and body are stored as they were read meanwhile; what the platform sent is kept only for
    a dead letter.

    Args:
        delivered: on this channel a stored reply is a delivered one; it is not sent again.
        language: the language of the answer, remembered for the conversation.
        municipality: the town the answer is for, where the engine told it.
        error: given when the event could not be answered: it ends as a dead letter.
        next_lease: when given, the conversation's next event is claimed in the same go.

    Returns:
        None when the lease is no longer ours: somebody else answers the event.
    """
    values = {
        "id": claimed.id,
        "owner": claimed.owner,
        "now": now,
        "state": "done" if error is None else "dead",
        "error": error,
        "kind": claimed.kind,
        "body": json.dumps(claimed.body, ensure_ascii=False),
        "municipality": municipality,
    }
    # The conversation is locked first, everywhere, so that no two transactions wait for each
    # other, and an event added meanwhile is either claimed here or sees this one as finished.
    if claimed.album is not None:
        conversations.advance(connection, claimed.conversation, 0)
        if connection.execute(_SIBLING, {"id": claimed.id, "album": claimed.album}).first():
            replies = ()
    last = conversations.advance(connection, claimed.conversation, len(replies), language)
    if connection.execute(_FINISH, values).rowcount != 1:
        return None
    target = outbox.Target(claimed.channel, claimed.account, claimed.conversation)
    messages = outbox.add_replies(
        connection, target, claimed.id, replies, now, last_position=last, delivered=delivered
    )
    following: list[Claimed] = []
    if next_lease is not None:
        following = claim(connection, next_lease, [claimed.channel], now, 1, claimed.conversation)
    return Completed(messages, following[0] if following else None)

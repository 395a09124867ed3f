"""What a resident writes while a person answers them: made out for that person's eyes.

A channel may store an event as the platform sent it (kind ``raw``), to be made out when its turn
comes. While a conversation is on hold no turn comes, so held events are made out by themselves and
stay held.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection

from bot.store.inbox import Claimed
from bot.store.message_bodies import stored_text

_UNREAD = text(
    """
    SELECT id, channel, account, ext_id, conversation, position, kind, body, created_at, attempts,
           raw, album
    FROM inbox
    WHERE state = 'held' AND kind = 'raw' AND channel IN :channels AND not_before <= :now
    ORDER BY id LIMIT :limit
    """
).bindparams(bindparam("channels", expanding=True))


def unread(
    connection: Connection, channels: Sequence[str], now: float, limit: int = 20
) -> list[Claimed]:
    """Give held events of these channels that nobody has made out, the oldest first.

    Nothing is leased: made out twice at the same time they come out the same.
    """
    values = {"channels": list(channels), "now": now, "limit": limit}
    return [
        Claimed(
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
            owner="",
            raw=json.loads(row.raw) if row.raw is not None else None,
            album=row.album,
        )
        for row in connection.execute(_UNREAD, values)
    ]


def make_out(connection: Connection, id: int, kind: str, body: Mapping[str, Any]) -> None:
    """Keep what a held event says, also when the bot has got the conversation back meanwhile."""
    connection.execute(
        text(
            "UPDATE inbox SET kind = :kind, body = :body, raw = NULL"
            " WHERE id = :id AND kind = 'raw' AND state IN ('held', 'done')"
        ),
        {"id": id, "kind": kind, "body": stored_text(body)},
    )


def put_off(connection: Connection, id: int, until: float, *, counted: bool) -> None:
    """Let a held event that could not be made out be tried again; ``counted`` as a failure."""
    connection.execute(
        text(
            "UPDATE inbox SET not_before = :until, attempts = attempts + :counted"
            " WHERE id = :id AND kind = 'raw' AND state = 'held'"
        ),
        {"id": id, "until": until, "counted": int(counted)},
    )

"""What became of each message that the city sent to a resident, for those who wrote it.

What a platform took counts as sent; on the web page that is what lies there to be read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.row import Row

from bot.core.submissions.model import Submission
from bot.store import letters
from bot.store.notices import QUEUED, named
from bot.store.submissions_news import PAUSE

#: Why a message that is queued waits: the account is stopped or paused, or it failed before.
STOPPED, PAUSED, AGAIN = "stopped", "paused", "again"


@dataclass(frozen=True)
class Sending:
    """One message to a resident, and how far it is.

    Attributes:
        state: queued, sent, held, unreachable or failed; see :mod:`bot.store.notices`.
        reason: of what is held or failed, why; of what is queued, stopped, paused, again or "".
        next_at: when a queued message is tried, as far as that is known.
        attempts: how often it failed.
        at: when it was stored, or came into its state.
    """

    id: int
    conversation: str
    channel: str
    position: int
    body: Mapping[str, Any]
    author: str
    state: str
    reason: str
    platform_id: str | None
    attempts: int
    next_at: float | None
    created_at: float
    at: float


@dataclass(frozen=True)
class Pending:
    """News not sent yet: one message a day goes out for a submission, questions at once.

    ``next_at`` is when it may; None when it only goes along with other news.
    """

    event: str
    created_at: float
    next_at: float | None


@dataclass(frozen=True)
class Told:
    """What the city told of a submission: its author message by message, followers counted.

    ``followers`` has how many messages to them are in each state.
    """

    author: Sequence[Sending]
    pending: Sequence[Pending]
    followers: Mapping[str, int]


_SENDINGS = """
    SELECT o.id, o.conversation, o.channel, o.position, o.body, o.author, o.state, o.error,
           o.platform_id, o.attempts, o.not_before, o.created_at, o.done_at, c.unreachable,
           a.stopped, a.paused_until
    FROM outbox AS o JOIN conversations AS c ON c.id = o.conversation
    LEFT JOIN channels AS a ON a.channel = o.channel AND a.account = o.account
"""
_SHOWN = text(
    f"{_SENDINGS} WHERE o.conversation = :conversation AND o.position IN :positions"
).bindparams(bindparam("positions", expanding=True))
_ONE = text(f"{_SENDINGS} WHERE o.id = :id")
_NEWS = text(
    f"{_SENDINGS} JOIN submission_news AS n ON o.notice_key = 'news:' || CAST(n.id AS TEXT)"
    " WHERE n.submission_id = :submission ORDER BY o.id"
)
_PENDING = text(
    """
    SELECT e.type, n.telling, n.created_at,
           (SELECT max(told.told_at) FROM submission_news AS told
            WHERE told.submission_id = n.submission_id AND told.conversation = n.conversation)
           AS told_at
    FROM submission_news AS n JOIN submission_events AS e ON e.id = n.event_id
    WHERE n.submission_id = :submission AND n.conversation = :author AND n.state = 'waiting'
    ORDER BY n.id
    """
)


def of_conversation(
    connection: Connection, conversation: str, positions: Sequence[int], now: float
) -> dict[int, Sending]:
    """Give what became of messages of a conversation, by their position."""
    values = {"conversation": conversation, "positions": list(positions)}
    found = [_sending(row, now) for row in connection.execute(_SHOWN, values)]
    return {sending.position: sending for sending in found}


def of_submission(connection: Connection, submission: Submission, now: float) -> Told:
    """Give what the city told of a submission, and what it has still to tell its author."""
    id, author = submission.id, submission.conversation
    found = [_sending(row, now) for row in connection.execute(_NEWS, {"submission": id})]
    pending = connection.execute(_PENDING, {"submission": id, "author": author})
    return Told(
        [sending for sending in found if sending.conversation == author],
        [_pending(row) for row in pending],
        Counter(sending.state for sending in found if sending.conversation != author),
    )


def send_again(connection: Connection, id: int, conversation: str | None, now: float) -> bool:
    """Let a message to this conversation that was given up be sent after all.

    Gives False when it is no message to it, or was not given up; so pressing twice sends once.
    """
    row = connection.execute(_ONE, {"id": id}).first()
    if row is None or row.conversation != conversation:
        return False
    return letters.send_again(connection, id, now)


def _pending(row: Row) -> Pending:
    due: dict[str, float | None] = {
        "asks": row.created_at,
        "news": max(row.created_at, (row.told_at or 0.0) + PAUSE),
    }
    return Pending(row.type, row.created_at, due.get(row.telling))


def _sending(row: Row, now: float) -> Sending:
    state = named(row.state, row.unreachable)
    reason, next_at = row.error or "", None
    if state == QUEUED:
        reason, next_at = _waits(row, now)
    return Sending(
        id=row.id,
        conversation=row.conversation,
        channel=row.channel,
        position=row.position,
        body=json.loads(row.body),
        author=row.author,
        state=state,
        reason=reason,
        platform_id=row.platform_id,
        attempts=row.attempts,
        next_at=next_at,
        created_at=row.created_at,
        at=row.done_at or row.created_at,
    )


def _waits(row: Row, now: float) -> tuple[str, float | None]:
    if row.stopped is not None:
        return STOPPED, None
    if row.paused_until is not None and row.paused_until > now:
        return PAUSED, row.paused_until
    return (AGAIN, row.not_before) if row.attempts else ("", None)

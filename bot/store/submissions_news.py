"""Who is to be told of what happened to a submission, and what they were told when.

Telling itself is done apart (:mod:`bot.store.telling`), by a job that runs again and again: a
change and the note that somebody is to hear of it are stored in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.engine import Connection

from bot.core.submissions.guards import DAY
from bot.core.submissions.model import Recorded, Submission
from bot.core.submissions.transitions import Arrow, Telling
from bot.store.participation_tables import followers, submission_news, submissions
from bot.store.submissions_rows import events_of, fetch

#: A submission is news at most once in this time, unless the city asks something.
PAUSE = DAY
#: What only goes along with other news is forgotten after this time.
DIGEST_KEPT = 60 * DAY


def followers_of(connection: Connection, submission_id: int) -> set[str]:
    """Give the conversations that follow a submission."""
    rows = connection.execute(
        select(followers.c.conversation).where(followers.c.submission_id == submission_id)
    )
    return set(rows.scalars())


def note(
    connection: Connection, submission: Submission, event: Recorded, arrow: Arrow, now: float
) -> None:
    """Note who is to be told of an event."""
    if arrow.telling is Telling.NEVER:
        return
    told: dict[str, tuple[str, Telling]] = {}
    if arrow.followers:
        # What the author did in the chat is news to those who follow.
        others = (
            (f"followed_{arrow.event}", Telling.NEWS)
            if arrow.telling is Telling.REPLY
            else (arrow.text_id, arrow.telling)
        )
        told = dict.fromkeys(followers_of(connection, submission.id), others)
    if submission.conversation:
        told.pop(submission.conversation, None)
        if arrow.telling is not Telling.REPLY:
            told[submission.conversation] = (arrow.text_id, arrow.telling)
    if not told:
        return
    connection.execute(
        insert(submission_news),
        [
            {
                "event_id": event.id,
                "submission_id": submission.id,
                "conversation": conversation,
                "text_id": text_id,
                "telling": telling.value,
                "state": "waiting",
                "created_at": now,
            }
            for conversation, (text_id, telling) in sorted(told.items())
        ],
    )


@dataclass(frozen=True)
class Item:
    """One thing somebody is to be told: the event and the text for it."""

    id: int
    event: Recorded
    text_id: str
    telling: Telling


@dataclass(frozen=True)
class Bundle:
    """Everything one person is to be told now of one submission, oldest first."""

    conversation: str
    submission: Submission
    items: Sequence[Item]


_READY = text(
    """
    SELECT submission_id, conversation FROM submission_news AS news
    WHERE state = 'waiting'
    GROUP BY submission_id, conversation
    HAVING max(CASE WHEN telling = 'asks' THEN 1 ELSE 0 END) = 1
        OR (max(CASE WHEN telling = 'news' THEN 1 ELSE 0 END) = 1
            AND NOT EXISTS (
                SELECT 1 FROM submission_news AS told
                WHERE told.submission_id = news.submission_id
                  AND told.conversation = news.conversation
                  AND told.told_at > :since))
    ORDER BY min(id) LIMIT :limit
    """
)


def ready(connection: Connection, now: float, limit: int = 50) -> list[Bundle]:
    """Give what may be told now: questions at once, news when a day has passed since the last."""
    pairs = connection.execute(_READY, {"since": now - PAUSE, "limit": limit}).all()
    bundles = []
    for submission_id, conversation in pairs:
        found = fetch(connection, select(submissions).where(submissions.c.id == submission_id))
        if found:
            items = _items(connection, submission_id, conversation)
            bundles.append(Bundle(conversation, found[0], items))
    return bundles


def _items(connection: Connection, submission_id: int, conversation: str) -> list[Item]:
    events = {event.id: event for event in events_of(connection, submission_id)}
    rows = connection.execute(
        select(submission_news)
        .where(
            submission_news.c.submission_id == submission_id,
            submission_news.c.conversation == conversation,
            submission_news.c.state == "waiting",
        )
        .order_by(submission_news.c.id)
    )
    return [Item(row.id, events[row.event_id], row.text_id, Telling(row.telling)) for row in rows]


def settle(connection: Connection, ids: Sequence[int], state: str, now: float) -> bool:
    """Note that news was told, or dropped; False when another process was first."""
    changed = connection.execute(
        text(
            "UPDATE submission_news SET state = :state,"
            " told_at = CASE WHEN :state = 'told' THEN CAST(:now AS FLOAT) END"
            " WHERE id IN :ids AND state = 'waiting'"
        ).bindparams(bindparam("ids", expanding=True)),
        {"ids": list(ids), "state": state, "now": now},
    )
    return int(changed.rowcount) == len(ids)


def drop_old(connection: Connection, now: float) -> int:
    """Forget what was only to go along with other news, and never did; gives how much."""
    gone = connection.execute(
        text(
            "UPDATE submission_news SET state = 'dropped' WHERE state = 'waiting'"
            " AND telling = 'digest' AND created_at < :before"
        ),
        {"before": now - DIGEST_KEPT},
    )
    return int(gone.rowcount)

"""Who is to be told of what happened to a submission, and what they were told when.

Telling itself is done apart (:mod:`bot.store.telling`), by a job that runs again and again: a
change and the note that somebody is to hear of it are stored in one transaction.
"""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.core.submissions.model import Recorded, Submission
from bot.core.submissions.transitions import Arrow, Telling
from bot.store.participation_tables import followers, submission_news


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

"""What time itself does to submissions: reminders, ends without an answer, "was it fixed?".

Safe to run again and again, by several processes at once: each thing happens once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.core.submissions.guards import DAY, Refused
from bot.core.submissions.model import TIMER, Event
from bot.store import submissions_news
from bot.store.participation_tables import submission_events, submissions
from bot.store.submissions import Applied, apply

#: After so many days a question is repeated, and after so many more it is given up.
REMIND_DAYS = 7
EXPIRE_DAYS = 14
#: After so many days a resident is asked whether it was fixed.
ASK_FIXED_DAYS = 7
#: So long a resident may still say that it was not.
CONFIRM_DAYS = 30


def run(connection: Connection, now: float, limit: int = 1000) -> list[Applied]:
    """Let everything happen whose time has come; gives what did."""
    done = []
    for code, event in _due(connection, now, limit):
        try:
            done.append(apply(connection, code, event, TIMER, now))
        except Refused:
            # Somebody changed it meanwhile.
            continue
    submissions_news.drop_old(connection, now)
    return done


def _due(connection: Connection, now: float, limit: int) -> Iterable[tuple[str, Event]]:
    for code, since, reminded, question in _waiting(connection, now, limit):
        if reminded is None:
            yield code, Event("remind", data={"question": question})
        elif (
            now - since >= EXPIRE_DAYS * DAY and now - reminded >= (EXPIRE_DAYS - REMIND_DAYS) * DAY
        ):
            # A late reminder leaves its full week too.
            yield code, Event("expire")
    fixed = connection.execute(
        select(submissions.c.code)
        .where(
            submissions.c.stage == "fixed",
            submissions.c.conversation.isnot(None),
            submissions.c.stage_since <= now - ASK_FIXED_DAYS * DAY,
            submissions.c.stage_since > now - CONFIRM_DAYS * DAY,
            ~_happened("ask_fixed"),
        )
        .limit(limit)
    )
    for code in fixed.scalars():
        yield code, Event("ask_fixed")


def _waiting(
    connection: Connection, now: float, limit: int
) -> list[tuple[str, float, float | None, str]]:
    """Give what waits for a resident: code, since when, when reminded, and the question."""
    rows = connection.execute(
        select(submissions.c.id, submissions.c.code, submissions.c.stage_since)
        .where(
            submissions.c.stage == "needs_info",
            submissions.c.stage_since <= now - REMIND_DAYS * DAY,
        )
        .order_by(submissions.c.stage_since)
        .limit(limit)
    ).all()
    found = []
    for row in rows:
        events = connection.execute(
            select(submission_events.c.type, submission_events.c.at, submission_events.c.text)
            .where(
                submission_events.c.submission_id == row.id,
                submission_events.c.at >= row.stage_since,
                submission_events.c.type.in_(("ask", "remind")),
            )
            .order_by(submission_events.c.id)
        ).all()
        reminded = next((event.at for event in events if event.type == "remind"), None)
        question = next((event.text for event in events if event.type == "ask"), "")
        found.append((row.code, row.stage_since, reminded, question))
    return found


def _happened(type: str) -> Any:
    return (
        select(submission_events.c.id)
        .where(
            submission_events.c.submission_id == submissions.c.id,
            submission_events.c.type == type,
            submission_events.c.at >= submissions.c.stage_since,
        )
        .exists()
    )

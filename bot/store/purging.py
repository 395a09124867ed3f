"""Erasing what is older than the town decided to keep it; what still runs is left alone.

Work is done in small transactions, so that residents never wait for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection

from bot.core.privacy import Retention
from bot.core.submissions.guards import DAY
from bot.core.submissions.model import OPEN_STAGES, TIMER
from bot.store import erasing, journal
from bot.store.database import Database
from bot.store.events import SESSION_STARTED
from bot.store.every_table import every_table, person_column
from bot.store.media import Photo
from bot.store.media_tables import media
from bot.store.participation_tables import (
    acknowledgements,
    programme_reminders,
    submission_news,
    submission_photos,
    submissions,
)
from bot.store.submissions_rows import fetch
from bot.store.tables import conversations, events, inbox, outbox

#: So much is done in one transaction.
AT_ONCE = 200
#: Platforms repeat a message for a day or so; its id is known for this many days longer.
HASH_DAYS = 30
_SETTLED = ("done", "held", "dead")


def purge(database: Database, var: Path, keep: Retention, now: float) -> Counter[str]:
    """Erase what is too old; gives how much of each went."""
    gone: Counter[str] = Counter()

    def repeat(name: str, step: Callable[[Connection, float], int], days: float) -> None:
        while number := database.call(step, now - days * DAY):
            gone[name] += number

    repeat("submissions", _submissions, keep.submissions)
    repeat("news", _news, keep.messages)
    repeat("reminders", _reminders, keep.messages)
    repeat("messages_sent", _sent, keep.messages)
    repeat("messages_received", _received, keep.messages)
    repeat("events", _ended_conversations, keep.conversations)
    repeat("events", _earlier_sessions, keep.conversations)
    while photos := database.call(_photos, now - keep.photos * DAY):
        erasing.remove_files(var, photos)
        gone["photos"] += len(photos)
    gone["erased_people"] = database.call(erasing.finish)
    repeat("people", _people, max(keep.messages, keep.conversations))
    hashes_before = now - (keep.messages + HASH_DAYS) * DAY
    gone["hashes"] += database.call(erasing.forget_hashes, hashes_before)
    told = {name: number for name, number in sorted(gone.items()) if number}
    if told:
        database.call(journal.write, TIMER, "data.purge", "", told, now)
    return gone


def _sent(connection: Connection, before: float) -> int:
    ids = connection.execute(
        select(outbox.c.id)
        .where(outbox.c.state.in_(_SETTLED), outbox.c.created_at < before)
        .order_by(outbox.c.id)
        .limit(AT_ONCE)
    ).scalars()
    return erasing.delete_outbox(connection, list(ids))


def _received(connection: Connection, before: float) -> int:
    answered = select(outbox.c.id).where(outbox.c.inbox_id == inbox.c.id).exists()
    ids = connection.execute(
        select(inbox.c.id)
        .where(inbox.c.state.in_(_SETTLED), inbox.c.created_at < before, ~answered)
        .order_by(inbox.c.id)
        .limit(AT_ONCE)
    ).scalars()
    # The hash counts from the time at which the message could come again.
    return erasing.delete_inbox(connection, list(ids), before)


def _ended_conversations(connection: Connection, before: float) -> int:
    """Forget conversations in which nothing was said since."""
    ended = connection.execute(
        select(events.c.sender_id)
        .group_by(events.c.sender_id)
        .having(func.max(events.c.timestamp) < before)
        .limit(AT_ONCE)
    ).scalars()
    gone = connection.execute(delete(events).where(events.c.sender_id.in_(list(ended))))
    return int(gone.rowcount)


def _earlier_sessions(connection: Connection, before: float) -> int:
    """Forget the old events of conversations that go on, but for their present session."""
    session = (
        select(events.c.sender_id, func.max(events.c.id).label("start"))
        .where(events.c.type_name == SESSION_STARTED)
        .group_by(events.c.sender_id)
        .subquery()
    )
    old = connection.execute(
        select(events.c.id)
        .join(session, session.c.sender_id == events.c.sender_id)
        .where(events.c.id < session.c.start, events.c.timestamp < before)
        .limit(AT_ONCE)
    ).scalars()
    gone = connection.execute(delete(events).where(events.c.id.in_(list(old))))
    return int(gone.rowcount)


def _photos(connection: Connection, before: float) -> list[Photo]:
    """Forget photos that were never handed in, or whose submission is stripped."""
    handed_in = (
        select(submission_photos.c.media_id).where(submission_photos.c.media_id == media.c.id)
    ).exists()
    rows = connection.execute(
        select(media).where(media.c.created_at < before, ~handed_in).limit(AT_ONCE)
    ).all()
    connection.execute(delete(media).where(media.c.id.in_([row.id for row in rows])))
    return [Photo(**row._mapping) for row in rows]


def _submissions(connection: Connection, before: float) -> int:
    """Take the author out of submissions that ended long ago."""
    ended = fetch(
        connection,
        select(submissions)
        .where(
            submissions.c.stage.notin_(OPEN_STAGES),
            submissions.c.stage_since < before,
            submissions.c.conversation.isnot(None),
        )
        .limit(AT_ONCE),
    )
    for submission in ended:
        erasing.strip(connection, submission)
    return len(ended)


def _news(connection: Connection, before: float) -> int:
    """Forget who was told what; what still waits stays."""
    old = connection.execute(
        select(submission_news.c.id)
        .where(submission_news.c.state != "waiting", submission_news.c.created_at < before)
        .limit(AT_ONCE)
    ).scalars()
    gone = connection.execute(delete(submission_news).where(submission_news.c.id.in_(list(old))))
    return int(gone.rowcount)


def _reminders(connection: Connection, before: float) -> int:
    """Forget who was told that a programme opened."""
    gone = connection.execute(
        delete(programme_reminders).where(programme_reminders.c.told_at < before)
    )
    return int(gone.rowcount)


def _people(connection: Connection, before: float) -> int:
    """Forget residents of whom nothing else is kept."""
    kept = (
        select(table.c[column]).where(table.c[column] == conversations.c.id).exists()
        for table in every_table()
        if (column := person_column(table)) and table is not acknowledgements
    )
    silent = connection.execute(
        select(conversations.c.id)
        .where(conversations.c.seen_at < before, *(~exists for exists in kept))
        .limit(AT_ONCE)
    ).scalars()
    ids = list(silent)
    for table, column in ((acknowledgements, "conversation"), (conversations, "id")):
        connection.execute(delete(table).where(table.c[column].in_(ids)))
    return len(ids)

"""Submissions: handing one in, finding it, and letting something happen to it.

Everything runs inside the caller's transaction and takes ``now``, seconds since 1970. A change
goes through :func:`apply`, which asks the transition table, adds the event and notes who is to
be told; the history only ever grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.engine import Connection

from bot.core.clock import GEORGIA
from bot.core.masking import PHONE, mask, mask_values
from bot.core.programmes import Programme
from bot.core.submissions import codes
from bot.core.submissions.guards import DAY, Refused
from bot.core.submissions.model import (
    OPEN_STAGES,
    RESIDENT,
    Draft,
    Event,
    Recorded,
    StageType,
    Submission,
    Visibility,
    is_staff,
)
from bot.core.submissions.transitions import Change, transition
from bot.store import submissions_changes, submissions_news
from bot.store.participation_tables import (
    followers,
    submission_events,
    submissions,
)
from bot.store.submissions_rows import dump, events_of, fetch, one, place_columns

#: So many submissions may come from one chat in 24 hours.
DAILY_LIMIT = 3


@dataclass(frozen=True)
class Submitted:
    """A stored submission; ``new`` is False when the same message had confirmed it before.

    ``masked`` names the kinds of numbers that were hidden in its texts.
    """

    submission: Submission
    new: bool
    masked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Applied:
    """A submission after an event, and the event."""

    submission: Submission
    event: Recorded
    change: Change


@dataclass(frozen=True)
class Status:
    """What somebody may know who has the code: all of it only when it is their own."""

    code: str
    kind: str
    stage: str
    type: StageType
    created_at: float
    stage_since: float
    due_at: float | None
    own: bool
    submission: Submission | None = None


def submit(connection: Connection, draft: Draft, key: str, now: float) -> Submitted:
    """Store what a resident confirmed.

    Args:
        draft: what the form gathered; numbers that nobody needs are hidden in it here.
        key: names the message that confirmed it, such as the conversation and the platform's id;
            the same key again gives the submission it made.

    Raises:
        Refused: ``daily_limit`` when this chat handed in enough for one day.
    """
    _one_at_a_time(connection, draft.conversation)
    found = fetch(connection, select(submissions).where(submissions.c.key == key))
    if found:
        return Submitted(found[0], new=False)
    if count_since(connection, draft.conversation, now - DAY) >= DAILY_LIMIT:
        raise Refused("daily_limit")
    clean, kinds = _masked(draft)
    submission = _insert(connection, clean, key, now)
    submissions_changes.record(
        connection, submission, Event("submit"), RESIDENT, now, None, submission.stage
    )
    return Submitted(submission, True, kinds)


def by_code(connection: Connection, code: str) -> Submission | None:
    """Give the submission with this code, for the staff; None without one."""
    return one(connection, code)


def status(connection: Connection, code: str, conversation: str | None) -> Status | None:
    """Give what whoever asks from ``conversation`` may know about a code; None without one."""
    found = one(connection, code)
    if found is None:
        return None
    own = conversation is not None and found.conversation == conversation
    return Status(
        code=found.code,
        kind=found.kind.value,
        stage=found.stage,
        type=found.type,
        created_at=found.created_at,
        stage_since=found.stage_since,
        due_at=found.due_at,
        own=own,
        submission=found if own else None,
    )


def mine(connection: Connection, conversation: str, limit: int = 20) -> list[Submission]:
    """Give a resident's own submissions, newest first."""
    return fetch(
        connection,
        select(submissions)
        .where(submissions.c.conversation == conversation)
        .order_by(submissions.c.created_at.desc(), submissions.c.id.desc())
        .limit(limit),
    )


def followed(connection: Connection, conversation: str, limit: int = 20) -> list[Submission]:
    """Give the submissions of others that a resident follows, newest first."""
    return fetch(
        connection,
        select(submissions)
        .join(followers, followers.c.submission_id == submissions.c.id)
        .where(followers.c.conversation == conversation)
        .order_by(submissions.c.created_at.desc())
        .limit(limit),
    )


def count_since(connection: Connection, conversation: str, since: float) -> int:
    """Count what a chat handed in after ``since``."""
    query = select(func.count()).where(
        submissions.c.conversation == conversation, submissions.c.created_at > since
    )
    return int(connection.execute(query).scalar_one())


def history(connection: Connection, code: str) -> list[Recorded]:
    """Give everything that happened to a submission, oldest first."""
    found = one(connection, code)
    return events_of(connection, found.id) if found else []


def open_question(connection: Connection, conversation: str) -> tuple[Submission, str] | None:
    """Give the submission that waits for this resident's answer, with the question."""
    waiting = fetch(
        connection,
        select(submissions)
        .where(submissions.c.conversation == conversation, submissions.c.stage == "needs_info")
        .order_by(submissions.c.stage_since.desc())
        .limit(1),
    )
    if not waiting:
        return None
    asked = [event for event in events_of(connection, waiting[0].id) if event.type == "ask"]
    return waiting[0], asked[-1].text if asked else ""


def just_answered(connection: Connection, conversation: str, since: float) -> str | None:
    """Give the code of the open submission to which this resident added something since then."""
    query = (
        select(submissions.c.code)
        .join(submission_events, submission_events.c.submission_id == submissions.c.id)
        .where(
            submissions.c.conversation == conversation,
            submissions.c.stage.in_(OPEN_STAGES),
            submission_events.c.actor == RESIDENT,
            submission_events.c.type.in_(("reply", "add")),
            submission_events.c.at >= since,
        )
        .order_by(submission_events.c.id.desc())
        .limit(1)
    )
    code = connection.execute(query).scalar()
    return None if code is None else str(code)


def apply(
    connection: Connection,
    code: str,
    event: Event,
    actor: str,
    now: float,
    *,
    conversation: str | None = None,
    programmes: Mapping[str, Programme] | None = None,
) -> Applied:
    """Let something happen to a submission.

    Args:
        code: the submission's.
        event: what is to happen; numbers that nobody needs are hidden in it here.
        actor: ``staff:<id>``, ``resident`` or ``timer``.
        conversation: the resident's, when one acts.
        programmes: those of the town, when it may concern co-funding.

    Raises:
        Refused: when it may not happen; ``unknown_code`` without such a submission.
    """
    submission = one(connection, code, lock=True)
    if submission is None:
        raise Refused("unknown_code")
    event = _masked_event(_with_code(event), actor)
    known = submissions_changes.known(
        connection, submission, event, actor, now, conversation, programmes or {}
    )
    change = transition(submission, event, actor, known)
    values = submissions_changes.changes(submission, event, change, now)
    if event.type == "revise" or "place" in values:
        submissions_changes.keep_revision(connection, submission, actor, now)
    if values:
        connection.execute(
            update(submissions).where(submissions.c.id == submission.id).values(**values)
        )
    if event.type in submissions_changes.BY_THE_AUTHOR:
        submissions_changes.attach(connection, submission.id, event.data.get("photos") or ())
    recorded = submissions_changes.record(
        connection, submission, event, actor, now, submission.stage, change.stage
    )
    if event.type == "merge" and known.target is not None:
        submissions_changes.take_along(connection, submission, known.target, now)
    after = one(connection, code)
    assert after is not None  # noqa: S101 -- it is locked
    submissions_news.note(connection, after, recorded, change.arrow, now)
    if event.type == "unmerge":
        connection.execute(followers.delete().where(followers.c.via == submission.id))
    return Applied(after, recorded, change)


def happened_since(connection: Connection, code: str, event: Event, actor: str, seen: int) -> bool:
    """Tell whether somebody let this very event happen after the one whose id is ``seen``.

    A form that is sent twice can so be done once. The submission is locked.
    """
    submission = one(connection, code, lock=True)
    if submission is None:
        return False
    event = _masked_event(_with_code(event), actor)
    return any(
        past.actor == actor
        and (past.type, past.text, past.reason, past.data)
        == (event.type, event.text, event.reason, event.data)
        for past in events_of(connection, submission.id)
        if past.id > seen
    )


def _one_at_a_time(connection: Connection, conversation: str) -> None:
    """Let submissions of one chat be stored one after the other.

    So the daily limit holds, and the same message twice finds what it made the first time. On
    SQLite every transaction that writes excludes the others anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": conversation}
        )


def _with_code(event: Event) -> Event:
    """Give the code of a merge's target as it is written, however it was typed."""
    target = codes.read(str(event.data.get("target", ""))) if event.type == "merge" else None
    return replace(event, data={**event.data, "target": target}) if target else event


def _masked(draft: Draft) -> tuple[Draft, tuple[str, ...]]:
    kinds: dict[str, None] = {}

    def hidden(words: str) -> str:
        masked = mask(words)
        kinds.update(dict.fromkeys(masked.kinds))
        return masked.text

    place = draft.place
    if place is not None:
        place = replace(place, text=hidden(place.text))
    clean = replace(
        draft,
        body=hidden(draft.body),
        title=hidden(draft.title),
        name=hidden(draft.name),
        place=place,
        answers=mask_values(draft.answers),
        phone=mask(draft.phone, keep=(PHONE,)).text,
    )
    return clean, tuple(kinds)


def _masked_event(event: Event, actor: str) -> Event:
    # Staff name the telephone of whoever has the matter now.
    hide = partial(mask, keep=(PHONE,)) if is_staff(actor) else mask
    # In the names of photos a run of digits is no number of anybody.
    photos = {"photos": event.data["photos"]} if "photos" in event.data else {}
    data = {**mask_values(event.data, hide), **photos}
    return replace(event, text=hide(event.text).text, data=data)


def _insert(connection: Connection, draft: Draft, key: str, now: float) -> Submission:
    year = datetime.fromtimestamp(now, GEORGIA).year
    number = connection.execute(
        text(
            "INSERT INTO submission_numbers (kind, year, last) VALUES (:kind, :year, 1)"
            " ON CONFLICT (kind, year) DO UPDATE SET last = submission_numbers.last + 1"
            " RETURNING last"
        ),
        {"kind": draft.kind.value, "year": year},
    ).scalar_one()
    code = codes.make(draft.kind, year, number)
    row = connection.execute(
        insert(submissions).values(
            code=code,
            key=key,
            kind=draft.kind.value,
            municipality=draft.municipality,
            conversation=draft.conversation,
            language=draft.language,
            programme=draft.programme,
            category=draft.category,
            title=draft.title,
            body=draft.body,
            answers=dump(draft.answers),
            name=draft.name,
            phone=draft.phone,
            publicity=draft.publicity.value,
            visibility=Visibility.PRIVATE.value,
            before_hiding=Visibility.PRIVATE.value,
            stage="received",
            stage_since=now,
            created_at=now,
            **place_columns(draft.place),
        )
    )
    submission_id = row.inserted_primary_key[0]
    submissions_changes.attach(connection, submission_id, draft.photos)
    stored = one(connection, code)
    assert stored is not None  # noqa: S101 -- it was just inserted
    return stored

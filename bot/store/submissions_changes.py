"""What an event needs to know and what it changes: the inside of :mod:`bot.store.submissions`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.engine import Connection

from bot.core.programmes import Programme
from bot.core.submissions import codes
from bot.core.submissions.guards import Known
from bot.core.submissions.model import Event, Place, Recorded, Submission
from bot.core.submissions.transitions import Change
from bot.store import submissions_news
from bot.store.participation_tables import (
    evaluations,
    followers,
    submission_events,
    submission_revisions,
)
from bot.store.submissions_rows import dump, events_of, one, place_columns


def known(
    connection: Connection,
    submission: Submission,
    event: Event,
    actor: str,
    now: float,
    conversation: str | None,
    programmes: Mapping[str, Programme],
) -> Known:
    """Gather what the guards must know; the target of a merge is locked."""
    target = None
    if event.type == "merge":
        code = codes.read(str(event.data.get("target", "")))
        target = one(connection, code, lock=True) if code else None
    # A timer asks once in each stage, a person has their right once in a submission's life.
    since = submission.stage_since if actor == "timer" else 0.0
    happened = {
        past.type
        for past in events_of(connection, submission.id)
        if past.actor == actor and past.at >= since
    }
    programme = programmes.get(submission.programme)
    return Known(
        now=now,
        conversation=conversation,
        target=target,
        happened=happened,
        rules=tuple(rule.id for rule in programme.rules) if programme else (),
        scored=_scored(connection, submission, programme) if event.type == "evaluate" else {},
        closes_at=programme.closes_at if programme else None,
    )


def _scored(
    connection: Connection, submission: Submission, programme: Programme | None
) -> dict[str, bool]:
    criteria = {criterion.id for criterion in programme.criteria} if programme else set()
    given: dict[str, set[str]] = {}
    rows = connection.execute(
        select(evaluations.c.staff, evaluations.c.criterion).where(
            evaluations.c.submission_id == submission.id
        )
    )
    for staff, criterion in rows:
        given.setdefault(staff, set()).add(criterion)
    return {staff: criteria <= scored for staff, scored in given.items()}


def changes(submission: Submission, event: Event, change: Change, now: float) -> dict[str, Any]:
    """Give the columns that an event changes."""
    values: dict[str, Any] = {}
    data = event.data
    if change.stage != submission.stage:
        values.update(stage=change.stage, stage_since=now)
        if event.type != "merge":
            values["merged_into"] = None
    if change.visibility is not submission.visibility:
        values["visibility"] = change.visibility.value
    if change.before_hiding is not submission.before_hiding:
        values["before_hiding"] = change.before_hiding.value
    for key in ("assignee", "due_at", "category", "official_ref", "title", "body"):
        if key in data and event.type in _SETS.get(key, ()):
            values[key] = data[key]
    if event.type == "merge":
        values["merged_into"] = codes.read(str(data["target"]))
    if event.type == "revise" and "place" in data:
        place = data["place"]
        values.update(place_columns(Place.from_json(place) if place else None))
    elif event.type in BY_THE_AUTHOR and data.get("place"):
        pin, known = Place.from_json(data["place"]), submission.place or Place()
        values.update(place_columns(replace(known, lat=pin.lat, lon=pin.lon)))
    return values


#: Events by which the author sends words, photos and a point on the map.
BY_THE_AUTHOR = ("reply", "add", "dispute")

#: Which events may set a column from their data.
_SETS: Mapping[str, tuple[str, ...]] = {
    "assignee": ("take", "assign"),
    "due_at": ("take", "assign", "reopen"),
    "category": ("categorise",),
    "official_ref": ("contract",),
    "title": ("revise",),
    "body": ("revise",),
}


def attach(connection: Connection, submission_id: int, photos: Iterable[str]) -> None:
    """Let photos belong to a submission; one that does already is no matter."""
    for photo in photos:
        connection.execute(
            text(
                "INSERT INTO submission_photos (submission_id, media_id)"
                " VALUES (:submission, :photo) ON CONFLICT DO NOTHING"
            ),
            {"submission": submission_id, "photo": photo},
        )


def keep_revision(connection: Connection, submission: Submission, actor: str, now: float) -> None:
    """Keep a submission's words as they are before somebody changes them."""
    before = {
        "title": submission.title,
        "body": submission.body,
        "place": submission.place.to_json() if submission.place else None,
    }
    connection.execute(
        insert(submission_revisions).values(
            submission_id=submission.id, at=now, actor=actor, before=dump(before)
        )
    )


def record(
    connection: Connection,
    submission: Submission,
    event: Event,
    actor: str,
    now: float,
    from_stage: str | None,
    to_stage: str,
) -> Recorded:
    """Add an event to the history."""
    row = connection.execute(
        insert(submission_events).values(
            submission_id=submission.id,
            at=now,
            actor=actor,
            type=event.type,
            from_stage=from_stage,
            to_stage=to_stage,
            reason=event.reason,
            text=event.text,
            data=dump(dict(event.data)),
        )
    )
    return Recorded(
        id=row.inserted_primary_key[0],
        at=now,
        actor=actor,
        type=event.type,
        from_stage=from_stage,
        to_stage=to_stage,
        text=event.text,
        reason=event.reason,
        data=event.data,
    )


def take_along(
    connection: Connection, submission: Submission, target: Submission, now: float
) -> None:
    """Let the author and the followers of a merged submission follow its target."""
    people = submissions_news.followers_of(connection, submission.id)
    if submission.conversation:
        people = {submission.conversation, *people}
    present = submissions_news.followers_of(connection, target.id)
    new = people - present - {target.conversation}
    if new:
        connection.execute(
            insert(followers),
            [
                {
                    "submission_id": target.id,
                    "conversation": person,
                    "via": submission.id,
                    "at": now,
                }
                for person in sorted(new)
            ],
        )

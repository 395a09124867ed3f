"""Submissions and their events as rows, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.engine.row import Row
from sqlalchemy.sql import Select

from bot.core.submissions.model import (
    Kind,
    Place,
    Publicity,
    Recorded,
    Submission,
    Visibility,
)
from bot.store.participation_tables import submission_events, submission_photos, submissions


def dump(value: Any) -> str:
    """Give plain values as the JSON text that is stored."""
    return json.dumps(value, ensure_ascii=False)


def place_columns(place: Place | None) -> dict[str, Any]:
    """Give the columns that hold a place."""
    if place is None:
        return {"place": None, "lat": None, "lon": None}
    return {"place": dump(place.to_json()), "lat": place.lat, "lon": place.lon}


def fetch(connection: Connection, query: Select) -> list[Submission]:
    """Give the submissions that a query of whole rows finds, with their photos."""
    rows = connection.execute(query).all()
    photos = _photos(connection, [row.id for row in rows])
    return [_submission(row, tuple(photos.get(row.id, ()))) for row in rows]


def one(connection: Connection, code: str, *, lock: bool = False) -> Submission | None:
    """Give the submission with this code; None without one.

    Args:
        lock: nobody else may change it before the transaction ends.
    """
    query = select(submissions).where(submissions.c.code == code)
    found = fetch(connection, query.with_for_update() if lock else query)
    return found[0] if found else None


def _photos(connection: Connection, ids: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    wanted = list(ids)
    if not wanted:
        return found
    rows = connection.execute(
        select(submission_photos)
        .where(submission_photos.c.submission_id.in_(wanted))
        .order_by(submission_photos.c.media_id)
    )
    for row in rows:
        found.setdefault(row.submission_id, []).append(row.media_id)
    return found


def _submission(row: Row, photos: tuple[str, ...]) -> Submission:
    return Submission(
        id=row.id,
        code=row.code,
        kind=Kind(row.kind),
        municipality=row.municipality,
        conversation=row.conversation,
        language=row.language,
        stage=row.stage,
        created_at=row.created_at,
        stage_since=row.stage_since,
        visibility=Visibility(row.visibility),
        before_hiding=Visibility(row.before_hiding),
        publicity=Publicity(row.publicity),
        body=row.body,
        title=row.title,
        category=row.category,
        place=Place.from_json(json.loads(row.place)) if row.place else None,
        photos=photos,
        programme=row.programme,
        answers=json.loads(row.answers),
        name=row.name,
        phone=row.phone,
        due_at=row.due_at,
        assignee=row.assignee,
        merged_into=row.merged_into,
        official_ref=row.official_ref,
    )


def events_of(connection: Connection, submission_id: int) -> list[Recorded]:
    """Give everything that happened to a submission, oldest first."""
    rows = connection.execute(
        select(submission_events)
        .where(submission_events.c.submission_id == submission_id)
        .order_by(submission_events.c.id)
    )
    return [
        Recorded(
            id=row.id,
            at=row.at,
            actor=row.actor,
            type=row.type,
            from_stage=row.from_stage,
            to_stage=row.to_stage,
            text=row.text,
            reason=row.reason,
            data=json.loads(row.data),
        )
        for row in rows
    ]

"""Submissions as open data: a white list of fields, nothing that tells of a person.

Words appear only of what is published; what is hidden or private has none. A place is given to
about a hundred metres, so that nobody's home is pointed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.core.clock import GEORGIA
from bot.core.ratings import FEWEST
from bot.core.submissions.guards import DAY
from bot.core.submissions.model import (
    OPEN_STAGES,
    STAFF_PREFIX,
    STAGES,
    Submission,
    Visibility,
)
from bot.store.participation_tables import (
    initiatives,
    rating_rounds,
    ratings,
    submission_events,
    submissions,
)
from bot.store.submissions_rows import fetch

#: Decimals of a degree: three are about a hundred metres.
DECIMALS = 3
#: Events by staff that answer nobody.
_NO_ANSWER = ("take", "assign", "categorise", "revise", "hide", "unhide", "evaluate")
#: Read at once.
AT_ONCE = 500


@dataclass(frozen=True)
class Record:
    """One submission as the public may have it; dates are ISO, empty when there is none."""

    code: str
    kind: str
    category: str
    programme: str
    district: str
    stage: str
    status: str
    visibility: str
    received_on: str
    stage_since: str
    due_on: str
    first_answer_on: str
    days_to_first_answer: int | None
    lat: float | None
    lon: float | None
    mean_rating: float | None
    ratings: int | None
    title: str
    text: str


#: The columns of the export, and no others.
COLUMNS = tuple(field.name for field in fields(Record))


@dataclass(frozen=True)
class Chosen:
    """Which submissions are wanted; what is None does not matter."""

    municipality: str
    codes: Sequence[str] | None = None
    kinds: Sequence[str] | None = None
    category: str | None = None
    status: str | None = None
    since: float | None = None
    until: float | None = None


def records(
    connection: Connection, chosen: Chosen, now: float, limit: int = AT_ONCE, offset: int = 0
) -> list[Record]:
    """Give submissions as open data, the newest first."""
    columns = submissions.c
    query = select(submissions).where(columns.municipality == chosen.municipality)
    if chosen.codes is not None:
        query = query.where(columns.code.in_(list(chosen.codes)))
    if chosen.kinds is not None:
        query = query.where(columns.kind.in_(list(chosen.kinds)))
    if chosen.category is not None:
        query = query.where(columns.category == chosen.category)
    if chosen.status is not None:
        is_open = columns.stage.in_(OPEN_STAGES)
        query = query.where(is_open if chosen.status == "open" else ~is_open)
    if chosen.since is not None:
        query = query.where(columns.created_at >= chosen.since)
    if chosen.until is not None:
        query = query.where(columns.created_at <= chosen.until)
    query = query.order_by(columns.created_at.desc(), columns.id.desc())
    found = fetch(connection, query.limit(limit).offset(offset))
    ids = [submission.id for submission in found]
    answered = _first_answers(connection, ids)
    rated = _ratings(connection, ids, now)
    return [_record(one, answered.get(one.id), rated.get(one.id)) for one in found]


def all_records(connection: Connection, chosen: Chosen, now: float) -> Iterable[Record]:
    """Give all chosen submissions, piece by piece."""
    offset = 0
    while some := records(connection, chosen, now, AT_ONCE, offset):
        yield from some
        offset += len(some)


def _first_answers(connection: Connection, ids: Sequence[int]) -> Mapping[int, float]:
    rows = connection.execute(
        select(submission_events.c.submission_id, func.min(submission_events.c.at))
        .where(
            submission_events.c.submission_id.in_(ids),
            submission_events.c.actor.like(f"{STAFF_PREFIX}%"),
            submission_events.c.type.notin_(_NO_ANSWER),
        )
        .group_by(submission_events.c.submission_id)
    )
    return dict(rows.all())


def _ratings(
    connection: Connection, ids: Sequence[int], now: float
) -> Mapping[int, tuple[float, int]]:
    """Give mean and count of the ratings of closed rounds, when there are enough."""
    rows = connection.execute(
        select(initiatives.c.submission_id, func.avg(ratings.c.value), func.count())
        .select_from(
            initiatives.join(ratings, ratings.c.initiative == initiatives.c.id).join(
                rating_rounds, rating_rounds.c.id == initiatives.c.round
            )
        )
        .where(initiatives.c.submission_id.in_(ids), rating_rounds.c.closes_at <= now)
        .group_by(initiatives.c.submission_id)
        .having(func.count() >= FEWEST)
    )
    return {submission_id: (float(mean), count) for submission_id, mean, count in rows}


def _record(
    submission: Submission, answered_at: float | None, rated: tuple[float, int] | None
) -> Record:
    public = submission.visibility is Visibility.PUBLIC
    place = submission.place
    waited = None if answered_at is None else answered_at - submission.created_at
    return Record(
        code=submission.code,
        kind=submission.kind.value,
        category=submission.category,
        programme=submission.programme,
        district=place.district if place else "",
        stage=submission.stage,
        status="open" if STAGES[submission.stage].value == "open" else "closed",
        visibility=submission.visibility.value,
        received_on=_day(submission.created_at),
        stage_since=_day(submission.stage_since),
        due_on=_day(submission.due_at),
        first_answer_on=_day(answered_at),
        days_to_first_answer=None if waited is None else int(waited // DAY),
        lat=round(place.lat, DECIMALS) if place and place.lat is not None else None,
        lon=round(place.lon, DECIMALS) if place and place.lon is not None else None,
        mean_rating=round(rated[0], 2) if rated else None,
        ratings=rated[1] if rated else None,
        title=submission.title if public else "",
        text=submission.body if public else "",
    )


def _day(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, GEORGIA).date().isoformat()

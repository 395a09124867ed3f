"""What staff do with submissions besides changing them: queues, notes, scores, their history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, insert, or_, select, text
from sqlalchemy.engine import Connection

from bot.core.masking import PHONE, mask
from bot.core.programmes import Programme
from bot.core.submissions.guards import Refused
from bot.core.submissions.model import OPEN_STAGES, Event, Kind, Submission
from bot.store.participation_tables import (
    evaluations,
    submission_notes,
    submission_revisions,
    submissions,
)
from bot.store.submissions import Applied, apply
from bot.store.submissions_rows import fetch, one


@dataclass(frozen=True)
class Wanted:
    """Which submissions a list shows; what is None does not matter."""

    municipality: str | None = None
    kind: Kind | None = None
    stages: Sequence[str] | None = None
    only_open: bool = False
    assignee: str | None = None
    unassigned: bool = False
    category: str | None = None
    programme: str | None = None
    overdue_at: float | None = None
    words: str = ""


@dataclass(frozen=True)
class Note:
    """A note of the staff; it never leaves the console."""

    at: float
    actor: str
    text: str


@dataclass(frozen=True)
class Revision:
    """A submission's words before somebody changed them."""

    at: float
    actor: str
    before: Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """One person's score of one criterion."""

    staff: str
    criterion: str
    score: float
    comment: str


def queue(
    connection: Connection, wanted: Wanted, limit: int = 50, offset: int = 0
) -> list[Submission]:
    """Give the submissions of a list: what is due first, then the oldest without a day."""
    query = (
        _filtered(select(submissions), wanted)
        .order_by(
            case((submissions.c.due_at.is_(None), 1), else_=0),
            submissions.c.due_at,
            submissions.c.created_at,
        )
        .limit(limit)
        .offset(offset)
    )
    return fetch(connection, query)


def count(connection: Connection, wanted: Wanted) -> int:
    """Count the submissions of a list."""
    query = _filtered(select(func.count()).select_from(submissions), wanted)
    return int(connection.execute(query).scalar_one())


def _filtered(query: Any, wanted: Wanted) -> Any:
    columns = submissions.c
    simple = {
        columns.municipality: wanted.municipality,
        columns.kind: wanted.kind.value if wanted.kind else None,
        columns.assignee: wanted.assignee,
        columns.category: wanted.category,
        columns.programme: wanted.programme,
    }
    for column, value in simple.items():
        if value is not None:
            query = query.where(column == value)
    if wanted.stages is not None:
        query = query.where(columns.stage.in_(list(wanted.stages)))
    if wanted.only_open or wanted.overdue_at is not None:
        query = query.where(columns.stage.in_(OPEN_STAGES))
    if wanted.unassigned:
        query = query.where(columns.assignee.is_(None))
    if wanted.overdue_at is not None:
        query = query.where(columns.due_at < wanted.overdue_at)
    for word in wanted.words.lower().split():
        texts = (columns.title, columns.body, columns.code)
        found = [func.lower(text).contains(word, autoescape=True) for text in texts]
        query = query.where(or_(*found))
    return query


def assign_all(
    connection: Connection,
    codes: Iterable[str],
    assignee: str,
    due_at: float,
    actor: str,
    now: float,
) -> tuple[list[Applied], dict[str, str]]:
    """Give many submissions to one person; those just received are taken into review.

    What that person has until that day already stays as it is, as after a form that was sent
    twice. Gives what was done, and for each code that could not be given the code of why.
    """
    done: list[Applied] = []
    refused: dict[str, str] = {}
    data = {"assignee": assignee, "due_at": due_at}
    for code in dict.fromkeys(codes):
        submission = one(connection, code)
        kind = "take" if submission is not None and submission.stage == "received" else "assign"
        if submission is not None and (submission.assignee, submission.due_at) == (
            assignee,
            due_at,
        ):
            continue
        try:
            done.append(apply(connection, code, Event(kind, data=data), actor, now))
        except Refused as refusal:
            refused[code] = refusal.code
    return done, refused


def add_note(connection: Connection, code: str, actor: str, words: str, now: float) -> bool:
    """Write a note on a submission, for the staff alone.

    Returns:
        False when it is the last one already, as after a form that was sent twice.

    Raises:
        Refused: ``unknown_code``, or ``text_missing``.
    """
    submission = _existing(connection, code, lock=True)
    if not words.strip():
        raise Refused("text_missing")
    clean = mask(words.strip(), keep=(PHONE,)).text
    if [(last.actor, last.text) for last in notes(connection, code)[-1:]] == [(actor, clean)]:
        return False
    connection.execute(
        insert(submission_notes).values(
            submission_id=submission.id, at=now, actor=actor, text=clean
        )
    )
    return True


def notes(connection: Connection, code: str) -> list[Note]:
    """Give the notes on a submission, oldest first."""
    submission = _existing(connection, code)
    rows = connection.execute(
        select(submission_notes)
        .where(submission_notes.c.submission_id == submission.id)
        .order_by(submission_notes.c.id)
    )
    return [Note(row.at, row.actor, row.text) for row in rows]


def revisions(connection: Connection, code: str) -> list[Revision]:
    """Give a submission's earlier words, the first first."""
    submission = _existing(connection, code)
    rows = connection.execute(
        select(submission_revisions)
        .where(submission_revisions.c.submission_id == submission.id)
        .order_by(submission_revisions.c.id)
    )
    return [Revision(row.at, row.actor, json.loads(row.before)) for row in rows]


_SCORE = text(
    """
    INSERT INTO evaluations (submission_id, staff, criterion, score, comment, at)
    VALUES (:submission, :staff, :criterion, :score, :comment, :now)
    ON CONFLICT (submission_id, staff, criterion)
    DO UPDATE SET score = :score, comment = :comment, at = :now
    """
)


def evaluate(
    connection: Connection,
    code: str,
    actor: str,
    scores: Mapping[str, tuple[float, str]],
    programme: Programme,
    now: float,
) -> None:
    """Store one person's scores of an enquiry, each with a comment; again replaces them.

    Raises:
        Refused: ``not_in_this_stage``, ``criterion_unknown`` or ``score_out_of_range``.
    """
    submission = _existing(connection, code)
    if submission.stage != "eligible":
        raise Refused("not_in_this_stage")
    most = {criterion.id: criterion.most for criterion in programme.criteria}
    for criterion, (score, comment) in scores.items():
        if criterion not in most:
            raise Refused("criterion_unknown")
        if not 0 <= score <= most[criterion]:
            raise Refused("score_out_of_range")
        connection.execute(
            _SCORE,
            {
                "submission": submission.id,
                "staff": actor,
                "criterion": criterion,
                "score": score,
                "comment": mask(comment, keep=(PHONE,)).text,
                "now": now,
            },
        )


def scores(connection: Connection, code: str) -> list[Score]:
    """Give all scores of an enquiry, by person and criterion."""
    submission = _existing(connection, code)
    rows = connection.execute(
        select(evaluations)
        .where(evaluations.c.submission_id == submission.id)
        .order_by(evaluations.c.staff, evaluations.c.criterion)
    )
    return [Score(row.staff, row.criterion, row.score, row.comment) for row in rows]


def total_score(connection: Connection, submission_id: int) -> float | None:
    """Give the mean over all people of what each gave in total; None without scores."""
    totals = (
        select(func.sum(evaluations.c.score).label("total"))
        .where(evaluations.c.submission_id == submission_id)
        .group_by(evaluations.c.staff)
        .subquery()
    )
    found = connection.execute(select(func.avg(totals.c.total))).scalar()
    return None if found is None else float(found)


def _existing(connection: Connection, code: str, lock: bool = False) -> Submission:
    submission = one(connection, code, lock=lock)
    if submission is None:
        raise Refused("unknown_code")
    return submission

"""Planning and running rounds of ratings: what staff do with a round, and what they may not.

A round can be changed until it begins. From then on residents rely on it: it can only be ended
early, and archived after its end. Residents are shown one round, so two of a town never run at
the same time. Every function runs inside the caller's transaction; ``now`` is seconds since 1970.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.engine import Connection

from bot.core.clock import GEORGIA
from bot.core.ratings import Scale
from bot.core.submissions.guards import Refused
from bot.core.submissions.model import Kind, Submission, Visibility
from bot.store import ratings as stored
from bot.store.participation_tables import (
    initiatives,
    rating_log,
    rating_rounds,
    ratings,
    submissions,
)
from bot.store.ratings import Initiative, Round, State
from bot.store.submissions_rows import dump, fetch, one

#: A beginning may lie so far back: the form took its time.
_FILLING_IN = 120.0


class ChangedMeanwhile(Exception):
    """Somebody else changed the round since it was looked at; nothing was written."""


@dataclass(frozen=True)
class Project:
    """A project of the city, which is no submission: its title and short text per language."""

    title: Mapping[str, str]
    summary: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """What a round is to be; ``codes`` are those of the published ideas that take part."""

    title: Mapping[str, str]
    scale: Scale
    opens_at: float
    closes_at: float
    codes: Sequence[str]


def make(
    connection: Connection,
    municipality: str,
    plan: Plan,
    now: float,
    project: Project | None = None,
) -> Round:
    """Add a round of a town with all that takes part, a project of the city among it if wanted.

    Raises:
        Refused: ``dates_wrong``, ``begins_in_past``, ``rounds_overlap``, ``round_empty``,
            ``unknown_code`` or ``not_published``.
    """
    _check(plan, now)
    if not plan.codes and project is None:
        raise Refused("round_empty")
    id = _free_id(connection, municipality, plan.opens_at)
    new = Round(
        id=id,
        municipality=municipality,
        programme="",
        title=plan.title,
        scale=plan.scale,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        archived=False,
    )
    open_alone(connection, new)
    _put_in(connection, id, plan.codes)
    if project is not None:
        stored.add_initiative(connection, id, project.title, project.summary)
    return new


def version(connection: Connection, found: Round) -> str:
    """Give a mark of all that :func:`change` writes over; it differs after every change."""
    codes = sorted(one.code for one in stored.initiatives_of(connection, found.id) if one.code)
    held = [dict(found.title), found.scale.value, found.opens_at, found.closes_at, codes]
    return hashlib.sha256(dump(held).encode()).hexdigest()


def change(connection: Connection, round_id: str, plan: Plan, now: float, seen: str) -> None:
    """Change a round that has not begun; projects of the city in it stay.

    Args:
        seen: the round's :func:`version` when it was looked at.

    Raises:
        Refused: ``unknown_round``, ``round_begun``, or what :func:`make` refuses.
        ChangedMeanwhile: when it is another version by now.
    """
    found = _not_begun(connection, round_id, now)
    if version(connection, found) != seen:
        raise ChangedMeanwhile
    _check(plan, now)
    _alone(connection, replace(found, opens_at=plan.opens_at, closes_at=plan.closes_at))
    connection.execute(
        update(rating_rounds)
        .where(rating_rounds.c.id == round_id)
        .values(
            title=dump(dict(plan.title)),
            scale=plan.scale.value,
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
        )
    )
    connection.execute(
        delete(initiatives).where(
            initiatives.c.round == round_id, initiatives.c.submission_id.isnot(None)
        )
    )
    _put_in(connection, round_id, plan.codes)
    _not_empty(connection, round_id)


def add_project(connection: Connection, round_id: str, project: Project, now: float) -> bool:
    """Put a project of the city into a round that has not begun.

    Returns:
        False when the very same is in it already, as after a form that was sent twice.

    Raises:
        Refused: ``unknown_round`` or ``round_begun``.
    """
    _not_begun(connection, round_id, now)
    if project in (Project(one.title, one.summary) for one in _projects(connection, round_id)):
        return False
    stored.add_initiative(connection, round_id, project.title, project.summary)
    return True


def remove_project(
    connection: Connection, round_id: str, initiative: int, now: float
) -> Initiative | None:
    """Take a project of the city out of a round that has not begun; None when it is not in it.

    Raises:
        Refused: ``unknown_round``, ``round_begun``, or ``round_empty`` when nothing would stay.
    """
    _not_begun(connection, round_id, now)
    found = {project.id: project for project in _projects(connection, round_id)}
    if initiative in found:
        connection.execute(delete(initiatives).where(initiatives.c.id == initiative))
        _not_empty(connection, round_id)
    return found.get(initiative)


def _projects(connection: Connection, round_id: str) -> list[Initiative]:
    return [one for one in stored.initiatives_of(connection, round_id) if one.code is None]


def open_alone(connection: Connection, new: Round) -> None:
    """Add a round when no other one of its town runs at the same time.

    Raises:
        Refused: ``round_exists``, ``dates_wrong`` or ``rounds_overlap``.
    """
    _lock(connection, new.municipality)
    stored.open_round(connection, new)
    _alone(connection, new)


def open_now(connection: Connection, round_id: str, now: float) -> None:
    """Let a planned round begin at once.

    Raises:
        Refused: ``unknown_round``, ``round_begun``, ``rounds_overlap`` or ``round_empty``.
    """
    found = _not_begun(connection, round_id, now)
    _not_empty(connection, round_id)
    _alone(connection, replace(found, opens_at=now))
    connection.execute(
        update(rating_rounds).where(rating_rounds.c.id == round_id).values(opens_at=now)
    )


def close_now(connection: Connection, round_id: str, now: float) -> None:
    """End an open round before its time; its counts can be seen from then on.

    Raises:
        Refused: ``unknown_round`` or ``round_not_open``.
    """
    if _found(connection, round_id).state(now) is not State.OPEN:
        raise Refused("round_not_open")
    connection.execute(
        update(rating_rounds).where(rating_rounds.c.id == round_id).values(closes_at=now)
    )


def discard(connection: Connection, round_id: str, now: float) -> None:
    """Remove a round that has not begun; the caller destroys its salt after this is committed.

    Raises:
        Refused: ``unknown_round`` or ``round_begun``.
    """
    _not_begun(connection, round_id, now)
    connection.execute(delete(initiatives).where(initiatives.c.round == round_id))
    connection.execute(delete(rating_rounds).where(rating_rounds.c.id == round_id))


def archive(connection: Connection, round_id: str, now: float) -> None:
    """Close a round's books: the log goes; the caller destroys the salt after this is committed.

    Raises:
        Refused: ``unknown_round`` or ``round_still_open``.
    """
    if now < _found(connection, round_id).closes_at:
        raise Refused("round_still_open")
    connection.execute(delete(rating_log).where(rating_log.c.round == round_id))
    connection.execute(
        update(rating_rounds).where(rating_rounds.c.id == round_id).values(archived_at=now)
    )


def add_submission(
    connection: Connection,
    round_id: str,
    code: str,
    title: Mapping[str, str] | None = None,
    summary: Mapping[str, str] | None = None,
) -> int:
    """Put a published submission into a round, by its own words; gives the initiative's id.

    Args:
        title: in further languages, or instead of the author's.
        summary: the same of its text.

    Raises:
        Refused: ``unknown_code`` also for one of another town, or what
            :func:`~bot.store.ratings.add_initiative` refuses.
    """
    submission = one(connection, code)
    town = _found(connection, round_id).municipality
    if submission is None or submission.municipality != town:
        raise Refused("unknown_code")
    return stored.add_initiative(
        connection,
        round_id,
        {submission.language: submission.title, **(title or {})},
        {submission.language: submission.body, **(summary or {})},
        code=submission.code,
    )


def published_ideas(connection: Connection, municipality: str, limit: int) -> list[Submission]:
    """Give the ideas of a town that can take part in a round, the newest first."""
    return fetch(
        connection,
        select(submissions)
        .where(
            submissions.c.municipality == municipality,
            submissions.c.kind == Kind.IDEA.value,
            submissions.c.visibility == Visibility.PUBLIC.value,
        )
        .order_by(submissions.c.created_at.desc(), submissions.c.id.desc())
        .limit(limit),
    )


def participants(connection: Connection, round_ids: Iterable[str]) -> dict[str, int]:
    """Count who has rated anything in each round; how they rated stays hidden until the close."""
    rows = connection.execute(
        select(ratings.c.round, func.count(func.distinct(ratings.c.voter_key)))
        .where(ratings.c.round.in_(list(round_ids)))
        .group_by(ratings.c.round)
    )
    return {id: int(number) for id, number in rows}


def _check(plan: Plan, now: float) -> None:
    if plan.closes_at <= plan.opens_at:
        raise Refused("dates_wrong")
    if plan.opens_at < now - _FILLING_IN or plan.closes_at <= now:
        raise Refused("begins_in_past")


def _not_empty(connection: Connection, round_id: str) -> None:
    if not stored.initiatives_of(connection, round_id):
        raise Refused("round_empty")


def _put_in(connection: Connection, round_id: str, codes: Sequence[str]) -> None:
    for code in dict.fromkeys(codes):
        add_submission(connection, round_id, code)


def _found(connection: Connection, round_id: str) -> Round:
    found = stored.find_round(connection, round_id)
    if found is None:
        raise Refused("unknown_round")
    return found


def _not_begun(connection: Connection, round_id: str, now: float) -> Round:
    found = _found(connection, round_id)
    _lock(connection, found.municipality)
    # Somebody else may have changed it until the lock was ours.
    found = _found(connection, round_id)
    if found.state(now) is not State.PLANNED:
        raise Refused("round_begun")
    return found


def _alone(connection: Connection, new: Round) -> None:
    for other in stored.rounds(connection, new.municipality):
        apart = other.closes_at <= new.opens_at or new.closes_at <= other.opens_at
        if other.id != new.id and not other.archived and not apart:
            raise Refused("rounds_overlap")


def _lock(connection: Connection, municipality: str) -> None:
    """Let nobody else plan a round of this town until the transaction ends."""
    # On SQLite one transaction writes at a time anyway.
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:name))"),
            {"name": f"rounds:{municipality}"},
        )


def _free_id(connection: Connection, municipality: str, opens_at: float) -> str:
    """Give an id that tells town and day; it stands in the address of the results' picture."""
    _lock(connection, municipality)
    first = f"{municipality}-{datetime.fromtimestamp(opens_at, GEORGIA):%Y-%m-%d}"
    id, number = first, 1
    while stored.find_round(connection, id) is not None:
        number += 1
        id = f"{first}-{number}"
    return id

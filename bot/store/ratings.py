"""Rounds in which residents rate initiatives, one rating per person and initiative.

The table's primary key keeps a second rating of the same person out, however many processes
store at once. Counts are given only after the round has closed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import delete, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.row import Row

from bot.core.ratings import Result, Scale, Voter, in_order, result
from bot.core.submissions.guards import Refused
from bot.core.submissions.model import Visibility
from bot.store.participation_tables import (
    initiatives,
    rating_log,
    rating_rounds,
    ratings,
    submissions,
)
from bot.store.submissions_rows import dump, one


class State(str, Enum):
    """Where a round is in its life."""

    #: It has not begun; all of it can be changed.
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    #: Its log and salt are gone, the results stay.
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Round:
    """A time in which initiatives are rated."""

    id: str
    municipality: str
    programme: str
    title: Mapping[str, str]
    scale: Scale
    opens_at: float
    closes_at: float
    archived: bool

    def is_open(self, now: float) -> bool:
        """Tell whether ratings are taken at this moment."""
        return self.state(now) is State.OPEN

    def state(self, now: float) -> State:
        """Tell where the round is at this moment."""
        if self.archived:
            return State.ARCHIVED
        if now < self.opens_at:
            return State.PLANNED
        return State.OPEN if now < self.closes_at else State.CLOSED


@dataclass(frozen=True)
class Initiative:
    """Something to rate; ``code`` is that of the submission it came from, if any."""

    id: int
    round: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    image: str
    code: str | None


@dataclass(frozen=True)
class Given:
    """One of a person's own ratings."""

    initiative: Initiative
    value: int


def open_round(connection: Connection, new: Round) -> None:
    """Add a round.

    Raises:
        Refused: ``round_exists``, or ``dates_wrong`` when it ends before it begins.
    """
    if new.closes_at <= new.opens_at:
        raise Refused("dates_wrong")
    if find_round(connection, new.id) is not None:
        raise Refused("round_exists")
    connection.execute(
        insert(rating_rounds).values(
            id=new.id,
            municipality=new.municipality,
            programme=new.programme,
            title=dump(dict(new.title)),
            scale=new.scale.value,
            opens_at=new.opens_at,
            closes_at=new.closes_at,
        )
    )


def find_round(connection: Connection, round_id: str) -> Round | None:
    """Give a round; None without one."""
    row = connection.execute(select(rating_rounds).where(rating_rounds.c.id == round_id)).first()
    return _round(row) if row is not None else None


def rounds(connection: Connection, municipality: str | None) -> list[Round]:
    """Give a town's rounds, or those of all towns, the newest first."""
    query = select(rating_rounds).order_by(rating_rounds.c.opens_at.desc())
    if municipality is not None:
        query = query.where(rating_rounds.c.municipality == municipality)
    return [_round(row) for row in connection.execute(query)]


def round_ids(connection: Connection) -> list[str]:
    """Give the ids of all rounds of all towns."""
    return list(connection.execute(select(rating_rounds.c.id)).scalars())


def forget(connection: Connection, round_id: str, voter: Voter) -> int:
    """Erase all ratings of a person in a round, open or closed; gives how many."""
    gone = 0
    for table in (ratings, rating_log):
        result = connection.execute(
            delete(table).where(table.c.round == round_id, table.c.voter_key.in_(_keys(voter)))
        )
        gone += result.rowcount if table is ratings else 0
    return gone


def _round(row: Row) -> Round:
    return Round(
        id=row.id,
        municipality=row.municipality,
        programme=row.programme,
        title=json.loads(row.title),
        scale=Scale(row.scale),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        archived=row.archived_at is not None,
    )


def add_initiative(
    connection: Connection,
    round_id: str,
    title: Mapping[str, str],
    summary: Mapping[str, str],
    *,
    code: str | None = None,
    image: str = "",
) -> int:
    """Put something into a round, a published submission or a project of the city; gives its id.

    Raises:
        Refused: ``unknown_round``, ``unknown_code``, ``not_published``, or
            ``in_round_already``.
    """
    if find_round(connection, round_id) is None:
        raise Refused("unknown_round")
    submission_id = None
    if code is not None:
        submission = one(connection, code)
        if submission is None:
            raise Refused("unknown_code")
        if submission.visibility is not Visibility.PUBLIC:
            raise Refused("not_published")
        submission_id = submission.id
        query = select(initiatives.c.id).where(
            initiatives.c.round == round_id, initiatives.c.submission_id == submission_id
        )
        if connection.execute(query).first() is not None:
            raise Refused("in_round_already")
    added = connection.execute(
        insert(initiatives).values(
            round=round_id,
            submission_id=submission_id,
            title=dump(dict(title)),
            summary=dump(dict(summary)),
            image=image,
        )
    )
    return int(added.inserted_primary_key[0])


# An idea that is hidden or withdrawn after it came into the round is shown no more.
_SHOWN = (
    select(initiatives, submissions.c.code, submissions.c.conversation)
    .select_from(
        initiatives.outerjoin(submissions, submissions.c.id == initiatives.c.submission_id)
    )
    .where(
        initiatives.c.submission_id.is_(None)
        | (submissions.c.visibility == Visibility.PUBLIC.value)
    )
)


def initiatives_of(connection: Connection, round_id: str) -> list[Initiative]:
    """Give what is to be rated in a round."""
    rows = connection.execute(
        _SHOWN.where(initiatives.c.round == round_id).order_by(initiatives.c.id)
    )
    return [_initiative(row) for row in rows]


def _initiative(row: Row) -> Initiative:
    return Initiative(
        id=row.id,
        round=row.round,
        title=json.loads(row.title),
        summary=json.loads(row.summary),
        image=row.image,
        code=row.code,
    )


def remaining(connection: Connection, round_id: str, voter: Voter, salt: bytes) -> list[Initiative]:
    """Give what a person has not rated yet, in the order drawn for them, without their own."""
    rows = connection.execute(_SHOWN.where(initiatives.c.round == round_id)).all()
    rated = set(_values(connection, round_id, voter))
    left = {
        row.id: _initiative(row)
        for row in rows
        if row.id not in rated and row.conversation != voter.conversation
    }
    return [left[id] for id in in_order(salt, voter, left)]


def given(connection: Connection, round_id: str, voter: Voter) -> list[Given]:
    """Give all ratings of a person in a round."""
    values = _values(connection, round_id, voter)
    return [
        Given(initiative, values[initiative.id])
        for initiative in initiatives_of(connection, round_id)
        if initiative.id in values
    ]


def _values(connection: Connection, round_id: str, voter: Voter) -> dict[int, int]:
    rows = connection.execute(
        select(ratings.c.initiative, ratings.c.value).where(
            ratings.c.round == round_id, ratings.c.voter_key.in_(_keys(voter))
        )
    )
    return {row.initiative: row.value for row in rows}


def _keys(voter: Voter) -> list[str]:
    return [voter.key] if voter.former is None else [voter.former, voter.key]


_RATE = text(
    """
    INSERT INTO ratings (initiative, voter_key, round, value, tier, at)
    VALUES (:initiative, :key, :round, :value, :tier, :now)
    ON CONFLICT (initiative, voter_key) DO UPDATE SET value = :value, tier = :tier, at = :now
    """
)


def rate(
    connection: Connection, initiative_id: int, voter: Voter, value: int, now: float
) -> Initiative:
    """Store a rating; a second one of the same person replaces the first.

    Raises:
        Refused: ``unknown_initiative``, ``round_not_open``, ``value_out_of_range``, or
            ``own_submission``.
    """
    row, found = _rateable(connection, initiative_id, now)
    if value not in found.scale.values:
        raise Refused("value_out_of_range")
    if row.conversation is not None and row.conversation == voter.conversation:
        raise Refused("own_submission")
    if voter.former is not None:
        _drop(connection, initiative_id, voter.former)
    connection.execute(
        _RATE,
        {
            "initiative": initiative_id,
            "key": voter.key,
            "round": found.id,
            "value": value,
            "tier": voter.tier,
            "now": now,
        },
    )
    _log(connection, found.id, initiative_id, voter, value, now)
    return _initiative(row)


def take_back(connection: Connection, initiative_id: int, voter: Voter, now: float) -> bool:
    """Erase a person's rating while the round is open; False when there was none.

    Raises:
        Refused: ``unknown_initiative`` or ``round_not_open``.
    """
    _row, found = _rateable(connection, initiative_id, now)
    gone = sum(_drop(connection, initiative_id, key) for key in _keys(voter))
    if gone:
        _log(connection, found.id, initiative_id, voter, None, now)
    return bool(gone)


def _rateable(connection: Connection, initiative_id: int, now: float) -> tuple[Row, Round]:
    row = connection.execute(_SHOWN.where(initiatives.c.id == initiative_id)).first()
    if row is None:
        raise Refused("unknown_initiative")
    found = find_round(connection, row.round)
    if found is None or not found.is_open(now):
        raise Refused("round_not_open")
    return row, found


def _drop(connection: Connection, initiative_id: int, key: str) -> int:
    gone = connection.execute(
        delete(ratings).where(ratings.c.initiative == initiative_id, ratings.c.voter_key == key)
    )
    return int(gone.rowcount)


def _log(
    connection: Connection,
    round_id: str,
    initiative_id: int,
    voter: Voter,
    value: int | None,
    now: float,
) -> None:
    connection.execute(
        insert(rating_log).values(
            round=round_id,
            initiative=initiative_id,
            voter_key=voter.key,
            value=value,
            tier=voter.tier,
            at=now,
        )
    )


def results(connection: Connection, round_id: str, now: float) -> list[Result]:
    """Give what came out of a closed round, best first; advisory, whoever decides.

    Raises:
        Refused: ``unknown_round``, or ``round_still_open``: until then nobody sees counts.
    """
    found = find_round(connection, round_id)
    if found is None:
        raise Refused("unknown_round")
    if now < found.closes_at:
        raise Refused("round_still_open")
    votes: dict[int, list[tuple[str, int]]] = {}
    rows = connection.execute(
        select(ratings.c.initiative, ratings.c.tier, ratings.c.value).where(
            ratings.c.round == round_id
        )
    )
    for row in rows:
        votes.setdefault(row.initiative, []).append((row.tier, row.value))
    everything = [
        result(initiative.id, initiative.title, votes.get(initiative.id, ()))
        for initiative in initiatives_of(connection, round_id)
    ]
    return sorted(everything, key=_rank)


def _rank(item: Result) -> tuple[float, int]:
    return (-item.total.mean, -item.total.count) if item.total else (1.0, 0)

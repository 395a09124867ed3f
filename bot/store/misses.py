"""What the bot did not answer, and what residents called a bad answer: the staff's list.

Messages that read the same are one row. Texts are stored with personal numbers, accounts and
telephones masked; who wrote one is kept only as a keyed hash, to count residents and to forget.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.core.likeness import grouped
from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.store.misses_tables import miss_residents, misses

NEW, TAUGHT, TEST, DISMISSED, SOLVED = "new", "taught", "test", "dismissed", "solved"
STATES = (NEW, TAUGHT, TEST, DISMISSED, SOLVED)
OFFERED, NOT_UNDERSTOOD, FEEDBACK = "offered", "not_understood", "feedback"
KINDS = (OFFERED, NOT_UNDERSTOOD, FEEDBACK)
_GUESSES = 3


@dataclass(frozen=True)
class Missed:
    """A message that was not answered, or badly, as the engine tells it.

    Attributes:
        kind: offered, not_understood or feedback.
        text: masked.
        resident: a keyed hash of the conversation.
        guesses: the likeliest ids with their confidences, the best first.
        service: of the answer that was called bad.
        reason: why it was called so.
    """

    municipality: str
    kind: str
    text: str
    language: str
    resident: str
    model: str
    guesses: Sequence[Mapping[str, Any]] = ()
    service: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Miss:
    """One row of the list."""

    id: int
    municipality: str
    kind: str
    text: str
    skeleton: str
    language: str
    guesses: Sequence[Mapping[str, Any]]
    model: str
    service: str | None
    reason: str | None
    count: int
    residents: int
    first_at: float
    last_at: float
    state: str
    label: str | None
    decided_by: str | None
    decided_at: float | None


@dataclass(frozen=True)
class Group:
    """Misses that say much the same, the most frequent first."""

    misses: tuple[Miss, ...] = field(default=())

    @property
    def head(self) -> Miss:
        """The one that stands for all."""
        return self.misses[0]

    @property
    def count(self) -> int:
        """How many messages there were."""
        return sum(miss.count for miss in self.misses)

    @property
    def residents(self) -> int:
        """How many residents it touched, at most."""
        return sum(miss.residents for miss in self.misses)


def record(connection: Connection, missed: Missed, now: float | None = None) -> int | None:
    """Count a message; gives the row's id, None for a text without a readable word.

    One that was solved and is missed again is new again; other decisions stand.
    """
    now = time.time() if now is None else now
    normalised = normalise(missed.text)
    if not normalised:
        return None
    told = {
        "kind": missed.kind,
        "guesses": json.dumps([dict(guess) for guess in missed.guesses[:_GUESSES]]),
        "model": missed.model,
        "language": missed.language,
        "last_at": now,
    }
    if missed.kind == FEEDBACK:
        told["service"] = missed.service
        if missed.reason is not None:
            told["reason"] = missed.reason
    place = {"municipality": missed.municipality, "key": _key(missed, normalised)}
    statement = _insert(connection)(misses).values(
        **place,
        **told,
        text=missed.text,
        skeleton=skeleton(normalised),
        count=0,
        residents=0,
        first_at=now,
        state=NEW,
    )
    connection.execute(statement.on_conflict_do_nothing())
    here = (misses.c.municipality == place["municipality"]) & (misses.c.key == place["key"])
    # The row's lock makes two engines count one after the other.
    connection.execute(update(misses).where(here).values(count=misses.c.count + 1, **told))
    connection.execute(
        update(misses).where(here, misses.c.state == SOLVED).values(state=NEW, label=None)
    )
    id = int(connection.execute(select(misses.c.id).where(here)).scalar_one())
    touched = _insert(connection)(miss_residents).values(miss=id, resident=missed.resident)
    connection.execute(touched.on_conflict_do_nothing())
    _count_residents(connection, [id])
    return id


def explain(connection: Connection, missed: Missed) -> None:
    """Write down why an answer was called bad, when that is told after the fact."""
    normalised = normalise(missed.text)
    here = (misses.c.municipality == missed.municipality) & (
        misses.c.key == _key(missed, normalised)
    )
    changed = connection.execute(update(misses).where(here).values(reason=missed.reason))
    if not changed.rowcount:
        record(connection, missed)


def _key(missed: Missed, normalised: str) -> str:
    letters = "".join(character for character in normalised if character.isalnum())
    what = f"{missed.service}" if missed.kind == FEEDBACK else ""
    return hashlib.sha256(f"{what}\0{letters or normalised}".encode()).hexdigest()[:32]


def _insert(connection: Connection) -> Any:
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def listing(
    connection: Connection,
    *,
    states: Sequence[str] = (NEW,),
    municipalities: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    limit: int = 1_000,
) -> list[Miss]:
    """List misses, those that touched most residents first.

    Args:
        states: only in these states.
        municipalities: only of these towns; None for all.
        kinds: only of these kinds; None for all.
        limit: at most so many.
    """
    query = select(misses).where(misses.c.state.in_(states))
    if municipalities is not None:
        query = query.where(misses.c.municipality.in_(municipalities))
    if kinds is not None:
        query = query.where(misses.c.kind.in_(kinds))
    order = (misses.c.residents.desc(), misses.c.count.desc(), misses.c.last_at.desc())
    return [_miss(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def groups(found: Iterable[Miss]) -> list[Group]:
    """Put misses together that say much the same; the groups that weigh most come first."""
    together = [Group(tuple(items)) for items in grouped(found, lambda miss: miss.skeleton)]
    return sorted(together, key=lambda group: (-group.residents, -group.count))


def get(connection: Connection, id: int) -> Miss | None:
    """Give one miss."""
    row = connection.execute(select(misses).where(misses.c.id == id)).first()
    return _miss(row) if row is not None else None


def decide(
    connection: Connection,
    ids: Sequence[int],
    state: str,
    actor: str,
    label: str | None = None,
    now: float | None = None,
) -> int:
    """Write down what a person decided about misses; gives how many there were."""
    if state not in STATES:
        raise ValueError(state)
    result = connection.execute(
        update(misses)
        .where(misses.c.id.in_(list(ids)))
        .values(
            state=state,
            label=label,
            decided_by=actor,
            decided_at=time.time() if now is None else now,
        )
    )
    return int(result.rowcount)


def settle(
    connection: Connection, answers: Mapping[int, str | None]
) -> tuple[list[int], list[int]]:
    """Compare taught misses with what the new live model answers them.

    Args:
        answers: for each miss the id that the model answers directly, None for no answer.

    Returns:
        Those that are solved now, and those that stay taught because they are not.
    """
    taught = listing(connection, states=(TAUGHT,), limit=10_000)
    asked = [miss for miss in taught if miss.id in answers]
    solved = [miss.id for miss in asked if answers[miss.id] == miss.label]
    connection.execute(update(misses).where(misses.c.id.in_(solved)).values(state=SOLVED))
    return solved, [miss.id for miss in asked if miss.id not in set(solved)]


def states(connection: Connection, municipalities: Sequence[str] | None = None) -> dict[str, int]:
    """Count the misses in each state."""
    query = select(misses.c.state, func.count()).group_by(misses.c.state)
    if municipalities is not None:
        query = query.where(misses.c.municipality.in_(municipalities))
    counted = {row.state: row[1] for row in connection.execute(query)}
    return {state: counted.get(state, 0) for state in STATES}


def forget(connection: Connection, resident: str) -> int:
    """Forget a resident: their hash, and the new misses that nobody else wrote.

    Gives how many messages were erased.
    """
    mine = select(miss_residents.c.miss).where(miss_residents.c.resident == resident)
    ids = [id for (id,) in connection.execute(mine)]
    connection.execute(delete(miss_residents).where(miss_residents.c.resident == resident))
    _count_residents(connection, ids)
    alone = misses.c.id.in_(ids) & (misses.c.residents == 0)
    return int(connection.execute(delete(misses).where(alone)).rowcount)


def _count_residents(connection: Connection, ids: Sequence[int]) -> None:
    touched = (
        select(func.count())
        .where(miss_residents.c.miss == misses.c.id)
        .correlate(misses)
        .scalar_subquery()
    )
    connection.execute(update(misses).where(misses.c.id.in_(ids)).values(residents=touched))


def _miss(row: Any) -> Miss:
    values = {name: getattr(row, name) for name in Miss.__dataclass_fields__}
    values["guesses"] = tuple(json.loads(row.guesses))
    return Miss(**values)

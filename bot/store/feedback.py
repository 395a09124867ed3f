"""What residents think of the answers: 👍 or 👎, and why."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.store.misses_tables import feedback

UP, DOWN = "up", "down"


@dataclass(frozen=True)
class Verdict:
    """What a resident said of an answer; ``answer`` is a hash that names only the answer."""

    municipality: str
    answer: str
    service: str
    language: str
    channel: str
    verdict: str
    model: str
    reason: str | None = None


@dataclass(frozen=True)
class Tally:
    """How often a service's answers were called good and bad."""

    service: str
    up: int
    down: int


def record(connection: Connection, verdict: Verdict, now: float | None = None) -> None:
    """Keep a verdict; a later one about the same answer replaces it."""
    values: dict[str, Any] = {name: getattr(verdict, name) for name in Verdict.__dataclass_fields__}
    values["at"] = time.time() if now is None else now
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(feedback).values(**values)
    changed = {name: values[name] for name in ("verdict", "reason", "at")}
    connection.execute(statement.on_conflict_do_update(index_elements=["answer"], set_=changed))


def tallies(
    connection: Connection,
    *,
    since: float = 0.0,
    until: float | None = None,
    municipalities: Sequence[str] | None = None,
) -> list[Tally]:
    """Count the verdicts of each service, those called bad most often first."""
    query = (
        select(feedback.c.service, feedback.c.verdict, func.count())
        .where(feedback.c.at >= since)
        .group_by(feedback.c.service, feedback.c.verdict)
    )
    if until is not None:
        query = query.where(feedback.c.at < until)
    if municipalities is not None:
        query = query.where(feedback.c.municipality.in_(municipalities))
    counted: dict[str, dict[str, int]] = {}
    for service, verdict, number in connection.execute(query):
        counted.setdefault(service, {})[verdict] = number
    found = [Tally(id, n.get(UP, 0), n.get(DOWN, 0)) for id, n in counted.items()]
    return sorted(found, key=lambda tally: (-tally.down, -tally.up, tally.service))

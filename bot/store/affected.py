"""After an incident: whose data was there, and which fields, since a given time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table, func, select
from sqlalchemy.engine import Connection

from bot.store.every_table import every_table, person_column
from bot.store.tables import conversations

#: Columns that say when a row was last touched, the best first.
_TIMES = ("stage_since", "seen_at", "done_at", "told_at", "created_at", "timestamp", "at", "since")


@dataclass(frozen=True)
class Affected:
    """One resident's rows of one table: how many, since when, and which fields they have."""

    person: str
    table: str
    rows: int
    latest: float
    fields: tuple[str, ...]


def affected(connection: Connection, since: float) -> Iterator[Affected]:
    """Give who was affected, table by table; ``latest`` is their newest row's time."""
    for table in every_table():
        column = "id" if table is conversations else person_column(table)
        if column is None:
            continue
        yield from _of_table(connection, table, column, since)


def _of_table(
    connection: Connection, table: Table, column: str, since: float
) -> Iterator[Affected]:
    times = [table.c[name] for name in _TIMES if name in table.c]
    # Rows without any time count as if they were of now.
    latest = func.max(func.coalesce(*times, since) if times else since)
    rows = connection.execute(
        select(table.c[column], func.count(), latest)
        .where(table.c[column].isnot(None))
        .group_by(table.c[column])
        .having(latest >= since)
        .order_by(table.c[column])
    )
    fields = tuple(field.name for field in table.c if field.name != column)
    for person, number, at in rows:
        yield Affected(person, table.name, number, at, fields)

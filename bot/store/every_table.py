"""All tables of all areas, whichever of them a process uses itself."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from sqlalchemy import Table

import bot.store
from bot.store.tables import metadata

#: The columns that name a resident.
PERSON = ("conversation", "sender_id")


@cache
def every_table() -> tuple[Table, ...]:
    """Give all tables, each after those it refers to."""
    for module in pkgutil.iter_modules(bot.store.__path__):
        if module.name.endswith("_tables"):
            importlib.import_module(f"bot.store.{module.name}")
    return tuple(metadata.sorted_tables)


def person_column(table: Table) -> str | None:
    """Give the name of the column that names a resident; None for a table about nobody."""
    return next((name for name in PERSON if name in table.c), None)

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

import bot.store
from bot.store import migrate
from bot.store.database import Database, open_database
from bot.store.tables import metadata

NOT_OURS = {"alembic_version", "sqlite_sequence"}
#: The full-text index is made by a migration alone: SQLAlchemy has no name for such tables.
FULL_TEXT = "knowledge_fts"
ROOT = Path(__file__).resolve().parents[2]

# Each area has its tables in a module of its own.
for _module in pkgutil.iter_modules(bot.store.__path__):
    if _module.name.endswith("_tables"):
        importlib.import_module(f"bot.store.{_module.name}")


def ours(table: str | None) -> bool:
    """Tell whether a table is one of the metadata's."""
    return table not in NOT_OURS and not str(table).startswith(FULL_TEXT)


def shape(url: str) -> dict[str, object]:
    """Tell everything the database itself says of its tables."""
    database = open_database(url)
    inspector = inspect(database.engine)
    found: dict[str, object] = {}
    for table in filter(ours, sorted(inspector.get_table_names())):
        found[table] = {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], str(column["default"]))
                for column in inspector.get_columns(table)
            ],
            "key": inspector.get_pk_constraint(table),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "foreign": sorted(map(str, inspector.get_foreign_keys(table))),
        }
    found["indexes"] = indexes(database)
    database.close()
    return found


def indexes(database: Database) -> list[str]:
    query = (
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " UNION SELECT name || ' counts' FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
        if database.dialect == "sqlite"
        else "SELECT replace(indexdef, current_schema(), '') FROM pg_indexes"
        " WHERE schemaname = current_schema() AND tablename <> 'alembic_version'"
        f" AND tablename <> '{FULL_TEXT}'"
    )
    with database.engine.connect() as connection:
        return sorted(connection.execute(text(query)).scalars())


def test_migrations_and_tables_agree(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrated = shape(empty_url)
    database = open_database(empty_url)
    with database.engine.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, *_: ours(name)}
        )
        differences = compare_metadata(context, metadata)
        metadata.drop_all(connection)
        metadata.create_all(connection)
    database.close()
    assert differences == []
    assert shape(empty_url) == migrated


def test_upgrade_tells_the_revision_and_does_nothing_the_second_time(empty_url: str) -> None:
    assert migrate.current(empty_url) is None
    assert migrate.upgrade(empty_url) == migrate.newest()
    assert migrate.upgrade(empty_url) == migrate.newest()
    assert migrate.current(empty_url) == migrate.newest()


def test_upgrade_by_several_processes_at_once_is_done_once(empty_url: str) -> None:
    code = "import sys; from bot.store import migrate; print(migrate.upgrade(sys.argv[1]))"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_url],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    ends = [process.communicate(timeout=300) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, ends
    assert {out.strip() for out, _error in ends} == {migrate.newest()}


def test_events_are_rasas_table(url: str) -> None:
    columns = {
        name: (kind, nullable) for name, kind, nullable, _default in shape(url)["events"]["columns"]
    }
    floating = "DOUBLE_PRECISION" if url.startswith("postgresql") else "FLOAT"
    assert columns == {
        "id": ("INTEGER", False),
        "sender_id": ("VARCHAR(255)", False),
        "type_name": ("VARCHAR(255)", False),
        "timestamp": (floating, True),
        "intent_name": ("VARCHAR(255)", True),
        "action_name": ("VARCHAR(255)", True),
        "data": ("TEXT", True),
    }


def test_messages_from_before_towns_were_kept_have_none(empty_url: str) -> None:
    from alembic import command

    database = open_database(empty_url)
    with database.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0009")
        connection.execute(
            text(
                "INSERT INTO conversations (id, channel, account, last_position, created_at,"
                " seen_at) VALUES ('a', 'web', 'a', 1, 5, 5)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO inbox (channel, account, ext_id, conversation, position, kind, body,"
                " sent_at, created_at, state, not_before)"
                " VALUES ('web', 'a', '1', 'a', 1, 'text', '{}', 5, 5, 'done', 5)"
            )
        )
    migrate.upgrade(empty_url)
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT municipality FROM inbox")).scalars().all() == [None]
    database.close()


def test_downgrade_leaves_nothing(url: str) -> None:
    from alembic import command

    database = open_database(url)
    with database.engine.begin() as connection:
        command.downgrade(migrate._config(connection), "base")
    database.close()
    assert shape(url) == {"indexes": []}

"""Bringing a database's tables up to date.

Any number of processes may call :func:`upgrade` at once: one does the work while the others
wait, and see that nothing is left to do.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.store.database import open_database

SCRIPTS = Path(__file__).with_name("migrations")

#: Names the lock among PostgreSQL's advisory locks; any constant of ours does.
LOCK = 0x0C_B0_7D_B0


def upgrade(url: str) -> str:
    """Run the migrations that the database at ``url`` lacks; give the revision it now has.

    Raises:
        StoreUnavailable: when the database cannot be reached.
    """
    database = open_database(url)
    try:
        # On SQLite a transaction that writes excludes every other one.
        with database.engine.begin() as connection:
            if database.dialect == "postgresql":
                # Another process's migration may take as long as it must.
                connection.execute(text("SET LOCAL lock_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            command.upgrade(_config(connection), "head")
            return _revision(connection) or ""
    finally:
        database.close()


def current(url: str) -> str | None:
    """Give the revision of the database at ``url``; None when it has no tables of ours."""
    database = open_database(url)
    try:
        with database.engine.connect() as connection:
            return _revision(connection)
    finally:
        database.close()


def newest() -> str:
    """Give the revision that this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    revision: str | None = MigrationContext.configure(connection).get_current_revision()
    return revision

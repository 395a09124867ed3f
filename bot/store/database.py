"""One database for all of C-Bot: SQLite in a file, or PostgreSQL.

The repositories of this package are plain functions that take a connection first. They run in a
transaction of their own through :class:`Database`, which keeps threads and the event loop apart::

    database = open_database("sqlite:////srv/c-bot/var/cbot.sqlite")
    added = await database.run(inbox.add, event, now)     # writes: one transaction
    items = await database.read(transcript.after, "web:1f", 0)
    database.call(inbox.replay, 17)                       # the same for code without a loop
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool

from bot.core.errors import InputError
from bot.store.errors import CLOSED, StoreUnavailable, named, sentence
from bot.store.writer import GroupWriter

P = ParamSpec("P")
T = TypeVar("T")

#: How long a write waits for another one's transaction: for all of SQLite, for PostgreSQL's rows.
BUSY_SECONDS = 15
LOCK_SECONDS = 10
#: Threads that talk to the database at once; PostgreSQL groups their commits itself.
POSTGRES_THREADS = 8
SQLITE_READERS = 2


class Database:
    """A database opened with :func:`open_database`.

    Attributes:
        engine: SQLAlchemy's engine, for code that manages its own transactions.
        dialect: ``"sqlite"`` or ``"postgresql"``.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect: str = engine.dialect.name
        sqlite = self.dialect == "sqlite"
        self._writer = GroupWriter(engine) if sqlite else None
        self._threads = ThreadPoolExecutor(
            SQLITE_READERS if sqlite else POSTGRES_THREADS, thread_name_prefix="database"
        )

    async def run(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn(connection, …)`` in a transaction; it is committed when this returns.

        A cancelled caller does not stop the transaction.

        Raises:
            StoreUnavailable: when the database is away, locked, full or closed.
        """
        return await asyncio.wrap_future(self._submit(fn, *args, **kwargs))

    async def read(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn(connection, …)``, which only reads, on one consistent state of the data.

        Raises:
            StoreUnavailable: when the database is away or closed.
        """
        return await asyncio.wrap_future(self._in_thread(True, fn, args, kwargs))

    def call(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like :meth:`run` for code without an event loop: waits until it is committed."""
        return self._submit(fn, *args, **kwargs).result()

    def close(self) -> None:
        """Finish what was handed over, then close every connection."""
        if self._writer is not None:
            self._writer.close()
        self._threads.shutdown()
        self.engine.dispose()

    def _submit(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> Future[T]:
        if self._writer is not None:
            return self._writer.submit(fn, *args, **kwargs)
        return self._in_thread(False, fn, args, kwargs)

    def _in_thread(
        self, reading: bool, fn: Callable[..., T], args: Iterable[Any], kwargs: Mapping[str, Any]
    ) -> Future[T]:
        try:
            return self._threads.submit(self._transaction, reading, fn, args, kwargs)
        except RuntimeError as error:
            raise StoreUnavailable(CLOSED) from error

    def _transaction(
        self, reading: bool, fn: Callable[..., T], args: Iterable[Any], kwargs: Mapping[str, Any]
    ) -> T:
        try:
            with self.engine.connect() as connection:
                if reading:
                    connection = connection.execution_options(reading=True)
                with connection.begin():
                    return fn(connection, *args, **kwargs)
        except DBAPIError as error:
            raise named(error) from None


def open_database(url: str) -> Database:
    """Open the database at ``url`` and see that it answers.

    Args:
        url: ``sqlite:///<path>`` (the folder is made when missing) or ``postgresql://…``.

    Raises:
        InputError: when the address is neither of the two.
        StoreUnavailable: when the database cannot be reached.
    """
    address = read_url(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgres(address)
    try:
        with engine.connect():
            pass
    except DBAPIError as error:
        engine.dispose()
        raise StoreUnavailable(
            f"The database {address.render_as_string(hide_password=True)} cannot be opened "
            f"({sentence(error)}); start it or mend CBOT_DATABASE_URL."
        ) from error
    return Database(engine)


def read_url(url: str) -> URL:
    """Read a database address.

    Raises:
        InputError: when it is no SQLite file and no PostgreSQL address.
    """
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    backend = address.get_backend_name() if address is not None else ""
    if address is None or backend not in ("sqlite", "postgresql"):
        raise InputError(
            "CBOT_DATABASE_URL is no address of a database; give sqlite:////path/to/file or "
            "postgresql://user:password@host/name."
        )
    if backend == "sqlite" and address.database in (None, "", ":memory:"):
        raise InputError("CBOT_DATABASE_URL names no file; give sqlite:////path/to/file.")
    return address


def _sqlite(address: URL) -> Engine:
    Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        future=True,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=SQLITE_READERS + 1,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
    )

    # The sqlite3 module begins transactions late and deferred, which lets two writers block each
    # other; with isolation_level None it leaves BEGIN to these two.
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


#: How long to wait for a server that does not answer: seconds, but milliseconds for the last.
_PATIENCE = {
    "fallback_application_name": "c-bot",
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "tcp_user_timeout": "15000",
}


def _postgres(address: URL) -> Engine:
    engine = create_engine(
        address.set(drivername="postgresql+psycopg2"),
        future=True,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=POSTGRES_THREADS,
        max_overflow=2,
        connect_args={**_PATIENCE, **address.query},
    )

    def prepare(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", (f"{LOCK_SECONDS}s",))
        connection.commit()

    event.listen(engine, "connect", prepare)
    return engine

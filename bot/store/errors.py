"""The database's own errors, told apart from those of a statement."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.core.errors import MissingError


class StoreUnavailable(MissingError):
    """The database does not answer or refuses to write; nothing of the transaction was kept."""


#: What is said to who comes after `Database.close`.
CLOSED = "The database is closed: this process is ending."

#: PostgreSQL's code for a write in a transaction that may only read.
READ_ONLY = "25006"


def sentence(error: SQLAlchemyError) -> str:
    """Give the driver's first line, without the statement and its values."""
    origin = getattr(error, "orig", None) or error
    lines = str(origin).strip().splitlines()
    return lines[0] if lines else type(origin).__name__


def named(error: BaseException) -> BaseException:
    """Give :class:`StoreUnavailable` for an error of the database itself, else ``error``.

    A lost connection, a lock that never came free, a full disk and a server that only reads, as
    after a failover, are the database's; a broken constraint or a wrong statement is not.
    """
    if not isinstance(error, DBAPIError):
        return error
    unavailable = StoreUnavailable(f"The database does not answer: {sentence(error)}")
    unavailable.__cause__ = error
    operational = type(error).__name__ in ("OperationalError", "InterfaceError")
    only_reads = getattr(error.orig, "pgcode", None) == READ_ONLY
    return unavailable if operational or only_reads or error.connection_invalidated else error

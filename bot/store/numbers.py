"""Figures of a span of time: how many wrote, about what, how it went, how fast.

What residents said is in the engine's events; the database itself counts there, so that no text
is read. Every function runs inside the caller's transaction; times are seconds since 1970. Where a
``municipality`` is given, only what concerns that town is counted; None counts everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.core.clock import GEORGIA

#: Georgia's clock is this far ahead, seconds, all year.
_AHEAD = int(GEORGIA.utcoffset(None).total_seconds())
#: The most answered messages whose waiting is looked at one by one.
_MOST_WAITS = 100_000


@dataclass(frozen=True)
class Span:
    """From ``since``, included, to ``until``, not included."""

    since: float
    until: float


@dataclass(frozen=True)
class Waits:
    """How long residents waited for an answer, seconds: the middle one, and 95 of 100."""

    middle: float
    most: float


def residents(connection: Connection, span: Span, municipality: str | None = None) -> int:
    """Count the residents who wrote."""
    return _one(connection, "SELECT count(DISTINCT conversation)", span, municipality)


def messages(connection: Connection, span: Span, municipality: str | None = None) -> int:
    """Count the messages of residents."""
    return _one(connection, "SELECT count(*)", span, municipality)


def without_town(connection: Connection, span: Span) -> int:
    """Count the messages from before towns were kept: they count only for all towns together."""
    return _one(connection, "SELECT count(*)", span, None, " AND municipality IS NULL")


#: The messages of a span; of one town, or all.
_MESSAGES = (
    " FROM inbox WHERE created_at >= :since AND created_at < :until"
    " AND (:town IS NULL OR municipality = :town)"
)


def _one(
    connection: Connection, select: str, span: Span, municipality: str | None, more: str = ""
) -> int:
    query = text(select + _MESSAGES + more)
    return int(connection.execute(query, _values(span, municipality)).scalar_one())


def _values(span: Span, municipality: str | None) -> dict[str, object]:
    return {**span.__dict__, "town": municipality}


def by_day(connection: Connection, span: Span, municipality: str | None = None) -> dict[str, int]:
    """Count the messages of each day of Georgia, as ``2026-11-29``."""
    what = _clock(connection, "%Y-%m-%d", "YYYY-MM-DD")
    return _grouped(connection, what, span, municipality)


def by_hour(connection: Connection, span: Span, municipality: str | None = None) -> dict[str, int]:
    """Count the messages of each hour of the day."""
    counted = _grouped(connection, _clock(connection, "%H", "HH24"), span, municipality)
    return {f"{hour:02}": counted.get(f"{hour:02}", 0) for hour in range(24)}


def by_channel(
    connection: Connection, span: Span, municipality: str | None = None
) -> dict[str, int]:
    """Count the messages of each channel."""
    return _grouped(connection, "channel", span, municipality)


def _clock(connection: Connection, sqlite: str, postgresql: str) -> str:
    if connection.dialect.name == "sqlite":
        return f"strftime('{sqlite}', created_at + {_AHEAD}, 'unixepoch')"
    return f"to_char(to_timestamp(created_at + {_AHEAD}) AT TIME ZONE 'UTC', '{postgresql}')"


def _grouped(
    connection: Connection, what: str, span: Span, municipality: str | None
) -> dict[str, int]:
    # `what` is one of a few constants of this module.
    query = f"SELECT {what} AS what, count(*) AS number{_MESSAGES} GROUP BY 1 ORDER BY 1"
    rows = connection.execute(text(query), _values(span, municipality))
    return {str(row.what): int(row.number) for row in rows}


def languages(
    connection: Connection, span: Span, municipality: str | None = None
) -> dict[str, int]:
    """Count the residents who wrote by the language they were answered in."""
    query = text(
        "SELECT coalesce(c.language, '') AS language, count(*) AS number FROM conversations AS c"  # noqa: S608
        f" WHERE EXISTS (SELECT 1{_MESSAGES} AND conversation = c.id)"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    rows = connection.execute(query, _values(span, municipality))
    return {row.language: int(row.number) for row in rows if row.language}


def intents(connection: Connection, span: Span, municipality: str | None = None) -> dict[str, int]:
    """Count what residents asked for, by id, the most frequent first."""
    return _of_events(connection, "intent_name", span, municipality)


def outcomes(connection: Connection, span: Span, municipality: str | None = None) -> dict[str, int]:
    """Count how messages were understood: answered, offered, not_understood."""
    return _of_events(connection, _data(connection, "parse_data", "outcome"), span, municipality)


def _data(connection: Connection, part: str, name: str) -> str:
    """Give what reads a value of an event's JSON."""
    if connection.dialect.name == "sqlite":
        return f"json_extract(data, '$.{part}.{name}')"
    return f"(data::json -> '{part}' ->> '{name}')"


def _of_events(
    connection: Connection, what: str, span: Span, municipality: str | None
) -> dict[str, int]:
    # The town stands in the event itself; it is read only where one is asked for.
    of_town = f" AND {_data(connection, 'metadata', 'town')} = :town" if municipality else ""
    # `what` is one of two constants of this module.
    query = (
        f"SELECT {what} AS what, count(*) AS number FROM events"  # noqa: S608
        " WHERE type_name = 'user' AND timestamp >= :since AND timestamp < :until"
        f" AND {what} IS NOT NULL{of_town} GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    rows = connection.execute(text(query), _values(span, municipality))
    return {str(row.what): int(row.number) for row in rows}


def waits(connection: Connection, span: Span, municipality: str | None = None) -> Waits | None:
    """Tell how long residents waited for the bot's answer; None when nobody did."""
    rows = connection.execute(
        text(
            f"SELECT done_at - created_at{_MESSAGES} AND state = 'done'"
            " AND done_at IS NOT NULL ORDER BY 1 LIMIT :most"
        ),
        {**_values(span, municipality), "most": _MOST_WAITS},
    )
    return _waits([float(seconds) for (seconds,) in rows])


def _waits(seconds: Sequence[float]) -> Waits | None:
    if not seconds:
        return None
    in_order = sorted(seconds)
    return Waits(in_order[len(in_order) // 2], in_order[int(len(in_order) * 0.95)])


def submitted(
    connection: Connection, span: Span, municipality: str | None = None
) -> Mapping[tuple[str, str], int]:
    """Count what was handed in, by kind and the stage it is in now."""
    query = text(
        "SELECT kind, stage, count(*) AS number FROM submissions WHERE created_at >= :since"
        " AND created_at < :until AND (:town IS NULL OR municipality = :town) GROUP BY 1, 2"
    )
    rows = connection.execute(query, _values(span, municipality))
    return {(row.kind, row.stage): int(row.number) for row in rows}


def days_to_answer(
    connection: Connection, span: Span, municipality: str | None = None
) -> dict[str, float]:
    """Give the middle number of days until somebody at city hall first answered, by kind."""
    query = text(
        "SELECT s.kind, s.created_at, min(e.at) AS answered FROM submissions AS s"
        " JOIN submission_events AS e ON e.submission_id = s.id"
        " WHERE s.created_at >= :since AND s.created_at < :until"
        " AND (:town IS NULL OR s.municipality = :town)"
        " AND e.actor LIKE 'staff:%' AND e.type NOT IN ('assign', 'categorise', 'revise', 'take')"
        " GROUP BY s.id, s.kind, s.created_at"
    )
    taken: dict[str, list[float]] = {}
    for row in connection.execute(query, _values(span, municipality)):
        taken.setdefault(row.kind, []).append((row.answered - row.created_at) / 86_400)
    return {kind: sorted(days)[len(days) // 2] for kind, days in taken.items()}


def topics(counted: Mapping[str, int]) -> dict[str, int]:
    """Put ids together by their topic, the most frequent first."""
    together: Counter[str] = Counter()
    for id, number in counted.items():
        together[id.partition(".")[0]] += number
    return dict(together.most_common())

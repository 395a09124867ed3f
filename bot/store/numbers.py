"""Figures of a span of time: how many wrote, about what, how it went, how fast.

What residents said is in the engine's events; the database itself counts there, so that no text
is read. Every function runs inside the caller's transaction; times are seconds since 1970.
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


def residents(connection: Connection, span: Span) -> int:
    """Count the residents who wrote."""
    return _one(connection, "SELECT count(DISTINCT conversation) FROM inbox", span)


def messages(connection: Connection, span: Span) -> int:
    """Count the messages of residents."""
    return _one(connection, "SELECT count(*) FROM inbox", span)


def _one(connection: Connection, select: str, span: Span) -> int:
    where = " WHERE created_at >= :since AND created_at < :until"
    return int(connection.execute(text(select + where), span.__dict__).scalar_one())


def by_day(connection: Connection, span: Span) -> dict[str, int]:
    """Count the messages of each day of Georgia, as ``2026-11-29``."""
    return _grouped(connection, _clock(connection, "%Y-%m-%d", "YYYY-MM-DD"), span)


def by_hour(connection: Connection, span: Span) -> dict[str, int]:
    """Count the messages of each hour of the day."""
    counted = _grouped(connection, _clock(connection, "%H", "HH24"), span)
    return {f"{hour:02}": counted.get(f"{hour:02}", 0) for hour in range(24)}


def by_channel(connection: Connection, span: Span) -> dict[str, int]:
    """Count the messages of each channel."""
    return _grouped(connection, "channel", span)


def _clock(connection: Connection, sqlite: str, postgresql: str) -> str:
    if connection.dialect.name == "sqlite":
        return f"strftime('{sqlite}', created_at + {_AHEAD}, 'unixepoch')"
    return f"to_char(to_timestamp(created_at + {_AHEAD}) AT TIME ZONE 'UTC', '{postgresql}')"


def _grouped(connection: Connection, what: str, span: Span) -> dict[str, int]:
    # `what` is one of a few constants of this module.
    query = (
        f"SELECT {what} AS what, count(*) AS number FROM inbox"  # noqa: S608
        " WHERE created_at >= :since AND created_at < :until GROUP BY 1 ORDER BY 1"
    )
    rows = connection.execute(text(query), span.__dict__)
    return {str(row.what): int(row.number) for row in rows}


def languages(connection: Connection, span: Span) -> dict[str, int]:
    """Count the residents who wrote by the language they were answered in."""
    query = text(
        "SELECT coalesce(c.language, '') AS language, count(*) AS number FROM conversations AS c"
        " WHERE EXISTS (SELECT 1 FROM inbox AS i WHERE i.conversation = c.id"
        " AND i.created_at >= :since AND i.created_at < :until) GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    rows = connection.execute(query, span.__dict__)
    return {row.language: int(row.number) for row in rows if row.language}


def intents(connection: Connection, span: Span) -> dict[str, int]:
    """Count what residents asked for, by id, the most frequent first."""
    return _of_events(connection, "intent_name", span)


def outcomes(connection: Connection, span: Span) -> dict[str, int]:
    """Count how messages were understood: answered, offered, not_understood."""
    path = (
        "json_extract(data, '$.parse_data.outcome')"
        if connection.dialect.name == "sqlite"
        else "(data::json -> 'parse_data' ->> 'outcome')"
    )
    return _of_events(connection, path, span)


def _of_events(connection: Connection, what: str, span: Span) -> dict[str, int]:
    # `what` is one of two constants of this module.
    query = (
        f"SELECT {what} AS what, count(*) AS number FROM events"  # noqa: S608
        " WHERE type_name = 'user' AND timestamp >= :since AND timestamp < :until"
        f" AND {what} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    rows = connection.execute(text(query), span.__dict__)
    return {str(row.what): int(row.number) for row in rows}


def waits(connection: Connection, span: Span) -> Waits | None:
    """Tell how long residents waited for the bot's answer; None when nobody did."""
    rows = connection.execute(
        text(
            "SELECT done_at - created_at FROM inbox WHERE state = 'done' AND done_at IS NOT NULL"
            " AND created_at >= :since AND created_at < :until ORDER BY 1 LIMIT :most"
        ),
        {**span.__dict__, "most": _MOST_WAITS},
    )
    return _waits([float(seconds) for (seconds,) in rows])


def _waits(seconds: Sequence[float]) -> Waits | None:
    if not seconds:
        return None
    in_order = sorted(seconds)
    return Waits(in_order[len(in_order) // 2], in_order[int(len(in_order) * 0.95)])


def submitted(
    connection: Connection, span: Span, municipality: str | None
) -> Mapping[tuple[str, str], int]:
    """Count what was handed in, by kind and the stage it is in now."""
    query = text(
        "SELECT kind, stage, count(*) AS number FROM submissions WHERE created_at >= :since"
        " AND created_at < :until AND (:town IS NULL OR municipality = :town) GROUP BY 1, 2"
    )
    rows = connection.execute(query, {**span.__dict__, "town": municipality})
    return {(row.kind, row.stage): int(row.number) for row in rows}


def days_to_answer(
    connection: Connection, span: Span, municipality: str | None
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
    for row in connection.execute(query, {**span.__dict__, "town": municipality}):
        taken.setdefault(row.kind, []).append((row.answered - row.created_at) / 86_400)
    return {kind: sorted(days)[len(days) // 2] for kind, days in taken.items()}


def topics(counted: Mapping[str, int]) -> dict[str, int]:
    """Put ids together by their topic, the most frequent first."""
    together: Counter[str] = Counter()
    for id, number in counted.items():
        together[id.partition(".")[0]] += number
    return dict(together.most_common())

"""Emergency notices: a town tells everybody who writes, once each, above the answer.

Every function runs inside the caller's transaction; times are seconds since 1970.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.engine.row import Row

from bot.store.emergency_tables import emergency_notices

#: The kind of the outbox's messages that carry one.
KIND = "emergency"


@dataclass(frozen=True)
class EmergencyNotice:
    """What residents are told from ``begins_at`` to ``ends_at``, by language."""

    id: int
    municipality: str
    texts: Mapping[str, str]
    begins_at: float
    ends_at: float
    actor: str


def begin(
    connection: Connection,
    municipality: str,
    texts: Mapping[str, str],
    ends_at: float,
    actor: str,
    now: float,
) -> None:
    """Let a notice begin; the one before it ends."""
    end(connection, municipality, now)
    connection.execute(
        insert(emergency_notices).values(
            municipality=municipality,
            texts=json.dumps(dict(texts), ensure_ascii=False),
            begins_at=now,
            ends_at=ends_at,
            actor=actor,
        )
    )


def end(connection: Connection, municipality: str, now: float) -> None:
    """End the notice that holds."""
    columns = emergency_notices.c
    connection.execute(
        update(emergency_notices)
        .where(columns.municipality == municipality, columns.ends_at > now)
        .values(ends_at=now)
    )


def current(connection: Connection, municipality: str, now: float) -> EmergencyNotice | None:
    """Give the notice that holds now."""
    columns = emergency_notices.c
    row = connection.execute(
        select(emergency_notices)
        .where(columns.municipality == municipality, columns.ends_at > now)
        .order_by(columns.id.desc())
        .limit(1)
    ).first()
    return _notice(row) if row is not None else None


def was_told(connection: Connection, conversation: str, since: float) -> bool:
    """Tell whether a resident was told of a notice that began at ``since``."""
    found = connection.execute(
        text(
            "SELECT 1 FROM outbox WHERE conversation = :conversation AND kind = :kind"
            " AND created_at >= :since LIMIT 1"
        ),
        {"conversation": conversation, "kind": KIND, "since": since},
    ).first()
    return found is not None


def _notice(row: Row) -> EmergencyNotice:
    return EmergencyNotice(**{**row._mapping, "texts": json.loads(row.texts)})

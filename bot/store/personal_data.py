"""What is held on a person, all of it, in a form that machines and people can read.

A person is a conversation. Every table with a column that names one is looked into, also those
of areas that come later; the staff's notes stay inside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.engine.row import Row

from bot.core.clock import GEORGIA
from bot.core.ratings import voter
from bot.core.submissions.model import Recorded
from bot.store import ratings
from bot.store.every_table import every_table, person_column
from bot.store.participation_tables import submission_revisions, submissions
from bot.store.salts import Salts
from bot.store.submissions_rows import events_of
from bot.store.tables import conversations

FORMAT = "c-bot-personal-data-1"

#: Columns that hold JSON as a text.
_JSON = frozenset({"body", "raw", "data", "answers", "place", "before"})
#: Columns that are the machine's own business.
_INTERNAL = frozenset(
    {"lease_owner", "lease_until", "not_before", "key", "priority", "attempts", "assignee"}
)
#: Columns that hold a time.
_TIMES = frozenset(
    {
        "at", "created_at", "sent_at", "done_at", "stage_since", "due_at", "seen_at", "heard_at",
        "told_at", "timestamp", "since", "until",
    }
)  # fmt: skip


def collect(connection: Connection, conversation: str, salts: Salts, now: float) -> dict[str, Any]:
    """Give everything held on a person as plain JSON values.

    Args:
        salts: those of the rating rounds; without its salt nobody is found in a round.
    """
    found: dict[str, Any] = {
        "format": FORMAT,
        "made_at": _time(now),
        "conversation": [
            _plain(row)
            for row in connection.execute(
                select(conversations).where(conversations.c.id == conversation)
            )
        ],
        "submissions": _submissions(connection, conversation),
        "ratings": _ratings(connection, conversation, salts),
    }
    for table in every_table():
        if table.name in found or person_column(table) is None:
            continue
        rows = _rows_of(connection, table, conversation)
        if rows:
            found[table.name] = rows
    return found


def as_file(found: Mapping[str, Any]) -> bytes:
    """Give what :func:`collect` gave as the content of a readable JSON file."""
    return json.dumps(found, ensure_ascii=False, indent=2).encode()


def _rows_of(connection: Connection, table: Table, conversation: str) -> list[dict[str, Any]]:
    column = table.c[str(person_column(table))]
    keys = list(table.primary_key.columns)
    return [
        _plain(row)
        for row in connection.execute(select(table).where(column == conversation).order_by(*keys))
    ]


def _submissions(connection: Connection, conversation: str) -> list[dict[str, Any]]:
    result = []
    rows = connection.execute(
        select(submissions)
        .where(submissions.c.conversation == conversation)
        .order_by(submissions.c.id)
    ).all()
    for row in rows:
        revisions = connection.execute(
            select(submission_revisions).where(submission_revisions.c.submission_id == row.id)
        )
        history = [_happened(event) for event in events_of(connection, row.id)]
        earlier = [_plain(revision)["before"] for revision in revisions]
        result.append({**_plain(row), "history": history, "earlier_words": earlier})
    return result


def _happened(event: Recorded) -> dict[str, Any]:
    """Give an event without which clerk it was."""
    data = {key: value for key, value in event.data.items() if key != "assignee"}
    actor = event.actor.partition(":")[0]
    return {**asdict(event), "actor": actor, "at": _time(event.at), "data": data}


def _ratings(connection: Connection, conversation: str, salts: Salts) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []
    for round_id in ratings.round_ids(connection):
        salt = salts.get(round_id)
        if salt is None:
            continue
        found = {
            one.initiative.id: one
            for person in persons(connection, conversation, salt)
            for one in ratings.given(connection, round_id, person)
        }
        result.extend(
            {"round": round_id, "initiative": dict(one.initiative.title), "value": one.value}
            for one in found.values()
        )
    return result


def persons(connection: Connection, conversation: str, salt: bytes) -> list[Any]:
    """Give the voters that a person may be in a round: by chat, and by telephones they gave."""
    phones = connection.execute(
        select(submissions.c.phone)
        .where(submissions.c.conversation == conversation, submissions.c.phone != "")
        .distinct()
    ).scalars()
    return [voter(salt, conversation), *(voter(salt, conversation, phone) for phone in phones)]


def _plain(row: Row) -> dict[str, Any]:
    return {
        name: _value(name, value)
        for name, value in row._mapping.items()
        if name not in _INTERNAL and value is not None
    }


def _value(name: str, value: Any) -> Any:
    if name in _TIMES and isinstance(value, int | float):
        return _time(value)
    if name in _JSON and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, GEORGIA).isoformat(timespec="seconds")

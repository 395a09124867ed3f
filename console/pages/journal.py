"""The journal: who saw or changed what, for those who must be able to tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.core.clock import GEORGIA
from bot.core.staff import May
from bot.store import journal, staff
from console import exports
from console.guard import Page
from console.site import when
from console.visit import Visit

#: A number of seconds as large as this is a moment of this century.
_MOMENTS_FROM = 1e9
PER_PAGE, MOST_EXPORTED = 100, 100_000


def _asked(visit: Visit) -> dict[str, Any]:
    """Read which lines are asked for."""
    query = visit.request.query_params
    asked: dict[str, Any] = {
        name: query[name][:255] for name in ("actor", "action", "subject") if query.get(name)
    }
    for name in ("since", "until"):
        with suppress(ValueError, OverflowError):
            day = datetime.fromisoformat(query.get(name, "")).replace(tzinfo=GEORGIA)
            asked[name] = day.timestamp()
    if query.get("before", "").isdecimal():
        asked["before_id"] = int(query["before"][:15])
    return asked


async def listing(visit: Visit) -> Response:
    """Show the newest lines that are asked for."""

    def read(connection: Connection) -> dict[str, Any]:
        return {
            "lines": journal.entries(connection, **_asked(visit), limit=PER_PAGE),
            "names": staff.names(connection),
        }

    values = await visit.site.database.read(read)
    kept = {name: value for name, value in visit.request.query_params.items() if name != "before"}
    address = visit.request.url.replace(query="").include_query_params(**kept)
    values |= {
        "did": lambda action: _said(action, visit),
        "detail": _detail,
        "address": f"/journal?{address.query}",
        "per_page": PER_PAGE,
        "export": address.query,
    }
    return visit.page("journal.html", values)


def _said(action: str, visit: Visit) -> str:
    """Say what was done in plain words; of a submission's event, those of its history."""
    area, _, event = action.partition(".")
    words = visit.texts
    known = words.journal.actions.get(action)
    if known is None and area == "submissions":
        known = words.events.get(event)
    return str(known or action)


def _detail(value: Any) -> str:
    """Write a detail without the brackets of programs; a moment as people write it."""
    if isinstance(value, Mapping):
        return " / ".join(_detail(one) for one in value.values())
    if isinstance(value, list):
        return ", ".join(_detail(one) for one in value)
    is_moment = isinstance(value, float) and value > _MOMENTS_FROM
    return when(value) if is_moment else str(value)


async def export(visit: Visit) -> Response:
    """Give the lines as a file: whom an incident touched, and what was seen of them."""
    now = visit.site.now()

    def read(connection: Connection) -> tuple[list[journal.Entry], dict[str, str]]:
        lines = journal.entries(connection, **_asked(visit), limit=MOST_EXPORTED)
        details = {"count": len(lines)}
        journal.write(connection, visit.member.actor, "journal.export", "", details, now)
        return lines, staff.names(connection)

    lines, names = await visit.site.database.run(read)
    head = [visit.texts.journal[name] for name in ("at", "actor", "action", "subject", "details")]
    rows = [
        (
            when(line.at),
            names.get(line.actor, line.actor),
            line.action,
            line.subject,
            json.dumps(dict(line.details), ensure_ascii=False),
        )
        for line in lines
    ]
    return exports.csv_file("journal", head, rows)


PAGES = [
    Page("/journal", listing, May.ADMINISTER),
    Page("/journal/export", export, May.ADMINISTER),
]

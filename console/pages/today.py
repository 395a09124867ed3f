"""The first page: what waits, by the day it is due."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.core import clock
from bot.core.staff import May
from bot.store import journal, leases, letters, misses, queues, submissions_staff, waiting
from bot.store.submissions_staff import Wanted
from console.guard import Page
from console.visit import Visit

#: Submissions and dead letters that are shown at once.
MOST = 12


async def today(visit: Visit) -> Response:
    """Show what waits; everybody sees what they can do something about."""
    now, town = visit.site.now(), visit.town

    def read(connection: Connection) -> dict[str, Any]:
        def count(**wanted: Any) -> int:
            return submissions_staff.count(connection, Wanted(municipality=town, **wanted))

        mine = Wanted(municipality=town, only_open=True, assignee=visit.member.actor)
        anybodys = Wanted(municipality=town, only_open=True)
        towns = [town] if town else None
        people = waiting.open_ones(connection, town) if visit.may(May.TALK) else []
        return {
            "new": count(stages=("received",)),
            "late": count(overdue_at=now),
            "open": count(only_open=True),
            "waiting": [one for one in people if one.taken_by is None],
            "misses": misses.states(connection, towns)[misses.NEW],
            "mine": submissions_staff.queue(connection, mine, MOST),
            "next": submissions_staff.queue(connection, anybodys, MOST),
            "dead": _dead(connection) if visit.may(May.ADMINISTER) else [],
            "outbox_dead": queues.outbox_state(connection, now).dead,
        }

    values = await visit.site.database.read(read)
    return visit.page("today.html", {**values, "stale": _stale(visit), "now": now})


def _dead(connection: Connection) -> list[letters.Letter]:
    return letters.letters(connection, leases.INBOX, "dead", MOST)


def _stale(visit: Visit) -> list[str]:
    """List the entries that should have been checked again by now."""
    entries = visit.site.knowledge().knowledge.entries(
        visit.town or visit.site.settings.municipality
    )
    day = clock.today()
    return [id for id, entry in entries.items() if entry.review_by and entry.review_by < day]


async def replay(visit: Visit) -> Response:
    """Let a message that failed be answered after all."""
    now, id = visit.site.now(), visit.request.path_params["id"]

    def work(connection: Connection) -> bool:
        journal.write(connection, visit.member.actor, "messages.replay", str(id), now=now)
        return letters.replay(connection, id, now)

    done = await visit.site.database.run(work)
    return visit.back_to("/", "replayed" if done else "")


PAGES = [Page("/", today), Page("/messages/{id:int}/replay", replay, May.ADMINISTER, "POST")]

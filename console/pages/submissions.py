"""The list of what residents handed in: filters, map, giving many to one person, export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.core.staff import May, may
from bot.core.submissions.model import OPEN_STAGES, STAGES, Kind, Submission
from bot.store import journal, staff, submissions, submissions_staff
from bot.store.submissions_staff import Wanted
from console import exports
from console.guard import Page
from console.pictures import town_map
from console.site import day
from console.submission_forms import end_of_day
from console.visit import Visit

PER_PAGE = 50
#: What fits into one export, and onto the map.
MOST_EXPORTED, MOST_ON_MAP = 20_000, 1_000


@dataclass(frozen=True)
class Filters:
    """What the list was asked for, as it stands in the address."""

    kind: str = ""
    stage: str = "open"
    who: str = ""
    category: str = ""
    words: str = ""

    def query(self, **more: object) -> str:
        """Give the address's query that asks for the same again."""
        asked = {**self.__dict__, **more}
        return urlencode({name: value for name, value in asked.items() if value != ""})

    def wanted(self, visit: Visit) -> Wanted:
        """Give what the database is asked for: only of towns this person may see."""
        stages = {"open": OPEN_STAGES, "all": None, "late": None}
        return Wanted(
            municipality=visit.town,
            kind=Kind(self.kind) if self.kind in Kind._value2member_map_ else None,
            stages=stages.get(self.stage, (self.stage,)),
            assignee=visit.member.actor if self.who == "me" else None,
            unassigned=self.who == "nobody",
            category=self.category or None,
            overdue_at=visit.site.now() if self.stage == "late" else None,
            words=self.words,
        )


def filters_of(source: Mapping[str, Any]) -> Filters:
    """Read the filters from an address or a form."""
    names = Filters.__dataclass_fields__
    given = {name: str(source[name])[:100] for name in names if name in source}
    return Filters(**given)


async def listing(visit: Visit) -> Response:
    """Show the list, what is due first on top."""
    asked = filters_of(visit.request.query_params)
    page = _page_number(visit)

    def read(connection: Connection) -> dict[str, Any]:
        wanted = asked.wanted(visit)
        offset = (page - 1) * PER_PAGE
        return {
            "rows": submissions_staff.queue(connection, wanted, PER_PAGE, offset),
            "count": submissions_staff.count(connection, wanted),
            "names": staff.names(connection),
            "clerks": clerks(connection, visit.town),
        }

    values = await visit.site.database.read(read)
    values |= {
        "asked": asked,
        "stages": ("open", "late", *STAGES, "all"),
        "kinds": [kind.value for kind in Kind],
        "categories": visit.site.categories(visit.language),
        "now": visit.site.now(),
        "page": page,
        "pages": max(1, -(-values["count"] // PER_PAGE)),
    }
    return visit.page("submissions.html", values)


def clerks(connection: Connection, town: str | None) -> list[staff.Member]:
    """Give those who may work on submissions of a town."""
    return [
        member
        for member in staff.everybody(connection)
        if member.disabled_at is None
        and may(member.role, May.ACT)
        and (town is None or member.municipality in (None, town))
    ]


def _page_number(visit: Visit) -> int:
    text = visit.request.query_params.get("page", "1")
    return int(text) if text.isdecimal() and 0 < int(text) < 10_000 else 1


async def map_page(visit: Visit) -> Response:
    """Show where they are."""
    asked = filters_of(visit.request.query_params)
    now = visit.site.now()

    def read(connection: Connection) -> list[Submission]:
        shown = submissions_staff.queue(connection, asked.wanted(visit), MOST_ON_MAP)
        details = {"count": len(shown), "filters": asked.query()}
        journal.write(connection, visit.member.actor, "submissions.map", "", details, now)
        return shown

    found = await visit.site.database.run(read)
    picture = town_map(
        [
            (one.place.lon, one.place.lat, one.code, bool(one.due_at and one.due_at < now))
            for one in found
            if one.place and one.place.lat is not None and one.place.lon is not None
        ]
    )
    values = {"asked": asked, "picture": picture, "without": len(found) - len(picture.dots)}
    return visit.page("submissions_map.html", {**values, "found": found})


async def assign(visit: Visit) -> Response:
    """Give many to one person at once."""
    codes, assignee = visit.many("codes"), visit.field("assignee")
    due = end_of_day(visit.field("due_at"))
    back = f"/submissions?{filters_of(visit.form).query()}"
    if not codes or not isinstance(due, float):
        return visit.back_to(back, "nothing_chosen")
    now = visit.site.now()

    def work(connection: Connection) -> bool:
        if assignee not in {member.actor for member in clerks(connection, visit.town)}:
            return False
        wanted = Wanted(municipality=visit.town)
        own = [code for code in codes if _is_in_town(connection, code, wanted)]
        done, refused = submissions_staff.assign_all(
            connection, own, assignee, due, visit.member.actor, now
        )
        for applied in done:
            code = applied.submission.code
            journal.write(connection, visit.member.actor, "submissions.assign", code, now=now)
        return len(own) == len(codes) and not refused

    all_given = await visit.site.database.run(work)
    return visit.back_to(back, "assigned" if all_given else "assigned_some")


def _is_in_town(connection: Connection, code: str, wanted: Wanted) -> bool:
    found = submissions.by_code(connection, code)
    return found is not None and wanted.municipality in (None, found.municipality)


async def export(visit: Visit) -> Response:
    """Give the list as a file; that somebody took it away is written down."""
    asked = filters_of(visit.request.query_params)
    kind = visit.request.path_params["ending"]
    now = visit.site.now()

    def read(connection: Connection) -> tuple[list[Submission], dict[str, str]]:
        found = submissions_staff.queue(connection, asked.wanted(visit), MOST_EXPORTED)
        details = {"count": len(found), "filters": asked.query()}
        journal.write(connection, visit.member.actor, "submissions.export", kind, details, now=now)
        return found, staff.names(connection)

    found, names = await visit.site.database.run(read)
    words = visit.texts
    head = [words.submissions.columns[name] for name in COLUMNS]
    rows = [_row(one, visit, names) for one in found]
    make = exports.xlsx_file if kind == "xlsx" else exports.csv_file
    return make("submissions", head, rows)


COLUMNS = (
    "code", "kind", "stage", "category", "title", "body", "place", "name", "phone", "created",
    "due", "assignee",
)  # fmt: skip


def _row(one: Submission, visit: Visit, names: Mapping[str, str]) -> list[exports.Cell]:
    words = visit.texts
    return [
        one.code,
        words.kinds[one.kind.value],
        words.stages[one.stage],
        dict(visit.site.categories(visit.language)).get(one.category, one.category),
        one.title,
        one.body,
        _place(one, words.submissions.district),
        one.name,
        one.phone,
        day(one.created_at),
        day(one.due_at),
        names.get(one.assignee or "", ""),
    ]


def _place(one: Submission, district: str) -> str:
    """Give a place in words; a microdistrict alone is one too."""
    if one.place is None:
        return ""
    number = f"{district} {one.place.district}" if one.place.district else ""
    return one.place.text or number


PAGES = [
    Page("/submissions", listing, May.LOOK),
    Page("/submissions/map", map_page, May.PERSONAL),
    Page("/submissions/assign", assign, May.ACT, "POST"),
    Page("/submissions/export/{ending}", export, May.PERSONAL),
]

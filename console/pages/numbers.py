"""Numbers: who wrote, about what, how it went, how fast the city answered."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.core import clock
from bot.core.clock import GEORGIA
from bot.core.staff import May
from bot.store import feedback, misses, numbers
from bot.store.numbers import Span
from console import exports
from console.guard import Page
from console.pictures import bars
from console.visit import Visit

#: Days shown when none are asked for, and the most at once.
USUAL_DAYS, MOST_DAYS = 30, 400
#: Years that may be asked for; with others calendars cannot reckon.
YEARS = range(2000, 2200)
#: The most asked services in one chart.
MOST_SERVICES = 12


def _days(visit: Visit) -> tuple[date, date]:
    """Read the first and the last day asked for."""
    last = _day(visit, "last") or clock.today()
    first = _day(visit, "first") or last - timedelta(days=USUAL_DAYS - 1)
    return max(min(first, last), last - timedelta(days=MOST_DAYS)), last


def _day(visit: Visit, name: str) -> date | None:
    with suppress(ValueError):
        day = date.fromisoformat(visit.request.query_params.get(name, ""))
        return day if day.year in YEARS else None
    return None


def _span(first: date, last: date) -> Span:
    return Span(
        datetime.combine(first, time(), GEORGIA).timestamp(),
        datetime.combine(last + timedelta(days=1), time(), GEORGIA).timestamp(),
    )


async def page(visit: Visit) -> Response:
    """Show the numbers of a span of days."""
    first, last = _days(visit)
    span, town = _span(first, last), visit.town_asked()

    def read(connection: Connection) -> dict[str, Any]:
        towns = [town] if town else None
        return {
            "residents": numbers.residents(connection, span, town),
            "messages": numbers.messages(connection, span, town),
            "waits": numbers.waits(connection, span, town),
            "outcomes": numbers.outcomes(connection, span, town),
            "intents": numbers.intents(connection, span, town),
            "days": numbers.by_day(connection, span, town),
            "hours": numbers.by_hour(connection, span, town),
            "channels": numbers.by_channel(connection, span, town),
            "languages": numbers.languages(connection, span, town),
            "submitted": numbers.submitted(connection, span, town),
            "answered_in": numbers.days_to_answer(connection, span, town),
            "tallies": feedback.tallies(
                connection, since=span.since, until=span.until, municipalities=towns
            ),
            "misses": misses.states(connection, towns),
            "older": town is not None and numbers.without_town(connection, span) > 0,
        }

    found = await visit.site.database.read(read)
    values = {
        **found,
        "first": first,
        "last": last,
        "town": town,
        "towns": visit.site.town_names(visit.language),
        "labels": visit.site.labels(visit.language),
        "charts": _charts(visit, found, first, last),
    }
    return visit.page("numbers.html", values)


def _charts(visit: Visit, found: dict[str, Any], first: date, last: date) -> dict[str, Any]:
    words, catalogue = visit.texts, visit.site.knowledge().catalogue
    labels = visit.site.labels(visit.language)
    services = {id: n for id, n in found["intents"].items() if id in catalogue.services}
    by_topic = numbers.topics(services)
    all_days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    stages: dict[str, int] = {}
    for (_kind, stage), number in found["submitted"].items():
        stages[stage] = stages.get(stage, 0) + number
    return {
        "days": bars([(f"{day:%d.%m}", found["days"].get(f"{day}", 0)) for day in all_days]),
        "hours": bars(list(found["hours"].items())),
        "outcomes": bars(
            [
                (words.numbers.outcome_names.get(name, name), number)
                for name, number in found["outcomes"].items()
            ]
        ),
        "topics": bars(
            [(catalogue.topics[id].name(visit.language), n) for id, n in by_topic.items()]
        ),
        "services": bars([(labels[id], n) for id, n in list(services.items())[:MOST_SERVICES]]),
        "channels": bars([(words.channels.get(id, id), n) for id, n in found["channels"].items()]),
        "languages": bars(
            [(words.languages.get(id, id), n) for id, n in found["languages"].items()]
        ),
        "stages": bars([(words.stages.get(id, id), n) for id, n in stages.items()]),
    }


async def export(visit: Visit) -> Response:
    """Give the figures by day and by service as a file."""
    first, last = _days(visit)
    span, town = _span(first, last), visit.town_asked()

    def read(connection: Connection) -> tuple[dict[str, int], dict[str, int]]:
        return numbers.by_day(connection, span, town), numbers.intents(connection, span, town)

    days, intents = await visit.site.database.read(read)
    words, people = visit.texts.numbers, visit.texts.people
    place = visit.site.town_names(visit.language)[town] if town else people.all_towns
    rows = [(place, words.day, day, number) for day, number in days.items()]
    rows += [(place, words.service, id, number) for id, number in intents.items()]
    head = (people.town, words.what, words.which, words.messages)
    return exports.csv_file("numbers", head, rows)


PAGES = [Page("/numbers", page, May.LOOK), Page("/numbers/export", export, May.LOOK)]

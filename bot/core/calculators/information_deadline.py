"""The last day for an answer to a request for public information."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

from bot.core.calculators.fields import Day, Field, Given, Result, figure
from bot.core.knowledge import Entry

NAME = "information_deadline"
SERVICES = ("public_information.deadline", "public_information.request")

_FACT = "information_days"
_SATURDAY = 5
_DAY = timedelta(days=1)


def fields(entry: Entry, given: Given) -> tuple[Field, ...]:
    """Ask for the day on which the request was handed in."""
    return (Day("filed", back=366, ahead=366, entity="date"),)


def work_out(entry: Entry, given: Given, day: date) -> Result | None:
    """Count the days, as working days and as days of the calendar.

    The law does not say which of the two it means: the answer names both.

    Returns:
        None when the entry has no such limit.
    """
    filed, days = given["filed"], figure(entry, _FACT, day)
    if days is None or not isinstance(filed, date):
        return None
    working, off = after_working_days(filed, int(days))
    values = {
        "filed": filed.strftime("%d.%m.%Y"),
        "days": str(int(days)),
        "working": working.strftime("%d.%m.%Y"),
        "calendar": (filed + int(days) * _DAY).strftime("%d.%m.%Y"),
    }
    if off:
        values["holidays"] = ", ".join(each.strftime("%d.%m") for each in off)
    return Result("calculated_information_deadline", values, (_FACT,))


def after_working_days(start: date, number: int) -> tuple[date, list[date]]:
    """Count working days in Georgia, from the day after ``start``.

    Returns:
        The last of them, and the public holidays on weekdays that were skipped.
    """
    day, skipped = start, []
    while number:
        day += _DAY
        if day.weekday() >= _SATURDAY:
            continue
        if day in _holidays(day.year):
            skipped.append(day)
        else:
            number -= 1
    return day, skipped


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GE", years=year))

"""When somebody at city hall answers: working hours of Georgia's working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GE", years=year))


def is_working_day(day: date) -> bool:
    """Tell whether city hall works on a day."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def is_open(moment: datetime, hours: tuple[int, int]) -> bool:
    """Tell whether somebody answers at a moment of Georgia's clock.

    Args:
        moment: in Georgia's time.
        hours: the first hour of the day, and the one at which everybody goes home.
    """
    return is_working_day(moment.date()) and hours[0] <= moment.hour < hours[1]


def next_day(moment: datetime, hours: tuple[int, int]) -> date:
    """Give the day on which somebody answers next, after a moment at which nobody does."""
    day = moment.date()
    if is_working_day(day) and moment.hour < hours[0]:
        return day
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day

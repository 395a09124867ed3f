from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.core.clock import GEORGIA
from bot.core.office_hours import is_open, next_day

HOURS = (9, 18)


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, 30, tzinfo=GEORGIA)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        (at(30, 9), True),
        (at(30, 17), True),
        (at(30, 8), False),
        (at(30, 18), False),
        (at(29, 12), False),
        (at(23, 12), False),
    ],
)
def test_somebody_answers_in_working_hours_of_working_days(moment: datetime, opened: bool) -> None:
    assert is_open(moment, HOURS) is opened


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at(30, 7), date(2026, 11, 30)),
        (at(30, 20), date(2026, 12, 1)),
        (at(28, 12), date(2026, 11, 30)),
        (at(20, 20), date(2026, 11, 24)),
    ],
)
def test_next_day_skips_weekends_and_saint_georges_day(moment: datetime, day: date) -> None:
    assert next_day(moment, HOURS) == day

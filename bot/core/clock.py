"""The calendar of Georgia: which day it is for the city hall and its residents."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

#: Georgia keeps UTC+4 all year (no summer time since 2005).
GEORGIA = timezone(timedelta(hours=4), "Asia/Tbilisi")


def today() -> date:
    """Give today's date in Georgia."""
    return datetime.now(GEORGIA).date()

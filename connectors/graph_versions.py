"""How long the versions of the Graph API live."""

from __future__ import annotations

from datetime import date, timedelta

from bot.core import clock

#: The last day of each version, as Meta's list of November 2026 says; the newest has none yet.
ENDS: dict[str, date | None] = {
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,
}
#: So long before its end a version should be replaced.
SOON = timedelta(days=183)


def warning(version: str, today: date | None = None) -> str | None:
    """Give a sentence when a version ended, ends soon or is not known; None when all is well."""
    if version not in ENDS:
        return f"It is not known how long the Graph API {version} lives; look at Meta's list."
    end = ENDS[version]
    today = today or clock.today()
    if end is None or today < end - SOON:
        return None
    tense = "ended" if end < today else "ends"
    return f"The Graph API {version} {tense} on {end}; set CBOT_GRAPH_API_VERSION to a newer one."

"""The reasons that may be given for refusing, hiding or ending something.

The words that residents read for each code stand in the texts, under ``reasons``.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Codes of each event that needs one.
REASONS: Mapping[str, tuple[str, ...]] = {
    "decline": (
        "not_city_business",
        "against_law",
        "no_money",
        "exists_already",
        "not_feasible",
        "private_property",
        "not_found",
        "not_clear",
    ),
    "drop": ("no_money", "not_feasible", "against_law", "priorities_changed"),
    "hide": ("personal_data", "insult", "advertising", "off_topic", "against_law"),
    "check": (
        "applicant_not_eligible",
        "outside_programme",
        "sum_too_high",
        "own_share_too_low",
        "dates_outside",
        "papers_missing",
    ),
    "lapse": ("applicant_gave_up", "contract_not_signed", "terms_broken", "no_money"),
}

#: Every code, each once.
ALL = tuple(dict.fromkeys(code for codes in REASONS.values() for code in codes))


def of_event(event: str) -> tuple[str, ...]:
    """Give the codes that may be given with an event; none when it needs none."""
    return REASONS.get(event, ())

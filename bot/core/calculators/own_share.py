"""One's own part of a project that the city pays a share of."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bot.core.calculators.fields import Field, Given, Number, Result
from bot.core.knowledge import Entry, format_value

NAME = "own_share"
SERVICES = ("participation.co_funding_programme", "municipal_property.homeowners_association")
_HUNDRED = Decimal(100)
_TETRI = Decimal("0.01")


def fields(entry: Entry, given: Given) -> tuple[Field, ...]:
    """Ask for the cost of the project and for the share the programme pays.

    No source gives a share that holds today, so the resident takes it from the announcement.
    """
    return (
        Number("cost", Decimal(1), Decimal(100_000_000), entity="amount"),
        Number("share", Decimal(0), _HUNDRED),
    )


def work_out(entry: Entry, given: Given, day: date) -> Result | None:
    """Take the share off."""
    cost, share = Decimal(str(given["cost"])), Decimal(str(given["share"]))
    own = _HUNDRED - share
    mine = (cost * own / _HUNDRED).quantize(_TETRI, ROUND_HALF_UP)
    values = {"cost": cost, "share": share, "own": own, "mine": mine, "theirs": cost - mine}
    filled = {name: format_value(value) for name, value in values.items()}
    return Result("calculated_own_share", filled, ())

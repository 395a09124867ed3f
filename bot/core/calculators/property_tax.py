"""The property tax band a family's yearly income falls into."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.core.calculators.fields import Field, Given, Number, Result, figure, written_since
from bot.core.knowledge import Entry, format_value

NAME = "property_tax"
SERVICES = ("local_fees.property_tax",)
_MOST = Decimal(100_000_000)


def fields(entry: Entry, given: Given) -> tuple[Field, ...]:
    """Ask for last year's income of the family: no home's price, no month's pay."""
    income = Number(
        "income",
        Decimal(0),
        _MOST,
        entity="amount",
        not_of_a_home="calculation_not_of_a_home",
        not_of_a_month="calculation_not_of_a_month",
    )
    return (income,)


def work_out(entry: Entry, given: Given, day: date) -> Result | None:
    """Compare with the two limits.

    Returns:
        None when the entry lacks a limit.
    """
    income = Decimal(str(given["income"]))
    free, split = figure(entry, "income_free", day), figure(entry, "income_split", day)
    if free is None or split is None:
        return None
    values = {"income": format_value(income), "free": format_value(free)}
    if income <= free:
        return Result("calculated_tax_free", values, ("income_free",))
    band = "low" if income < split else "high"
    own = figure(entry, band, day)
    least, most = figure(entry, f"{band}_min", day), figure(entry, f"{band}_max", day)
    limits = {"low": (free, split), "high": (split, None)}[band]
    values["above"] = format_value(limits[0])
    if limits[1] is not None:
        values["below"] = format_value(limits[1])
    if own is not None:
        values.update(rate=format_value(own), since=written_since(entry, band, day))
        return Result("calculated_tax_rate", values, (band, "income_free", "income_split"))
    if least is None or most is None:
        return None
    values.update(least=format_value(least), most=format_value(most))
    names = (f"{band}_min", f"{band}_max", "income_free", "income_split")
    return Result("calculated_tax_band", values, names)

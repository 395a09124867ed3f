"""The household cleaning fee: persons times the town's rate, within the law's caps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.core.calculators.fields import Field, Given, Number, Result, figure, written_since
from bot.core.knowledge import Entry, format_value

NAME = "cleaning_fee"
SERVICES = ("local_fees.cleaning_fee",)


def fields(entry: Entry, given: Given) -> tuple[Field, ...]:
    """Ask for the persons of the household."""
    return (Number("persons", Decimal(1), Decimal(30), whole=True, entity="persons"),)


def work_out(entry: Entry, given: Given, day: date) -> Result | None:
    """Multiply; with no rate of the town known, tell the most the law allows.

    Returns:
        None when the entry has neither a rate nor a cap.
    """
    persons = Decimal(str(given["persons"]))
    most = figure(entry, "max_persons", day)
    counted = min(persons, most) if most is not None else persons
    rate, cap = figure(entry, "rate", day), figure(entry, "cap", day)
    one = rate if rate is not None else cap
    if one is None:
        return None
    product = counted * one
    family = figure(entry, "family_max", day) if rate is not None else None
    total = min(product, family) if family is not None else product
    values = {"persons": counted, "rate": one, "product": product, "total": total}
    if counted < persons and most is not None:
        values["max_persons"] = most
    if total < product and family is not None:
        values["family_max"] = family
    filled = {name: format_value(value) for name, value in values.items()}
    if rate is None:
        return Result("calculated_cleaning_cap", filled, ("cap", "max_persons"))
    filled["since"] = written_since(entry, "rate", day)
    return Result("calculated_cleaning_fee", filled, ("rate", "max_persons", "family_max"))

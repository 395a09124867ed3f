"""All calculators by name, and those of a service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.calculators import (
    cleaning_fee,
    information_deadline,
    own_share,
    permit_fee,
    property_tax,
)
from bot.core.calculators.fields import Field, Given, Result
from bot.core.knowledge import Entry


@dataclass(frozen=True)
class Calculator:
    """One calculator: the services it belongs to, what it asks, how it works the result out."""

    name: str
    services: tuple[str, ...]
    fields: Callable[[Entry, Given], tuple[Field, ...]]
    work_out: Callable[[Entry, Given, date], Result | None]


CALCULATORS: Mapping[str, Calculator] = {
    module.NAME: Calculator(module.NAME, module.SERVICES, module.fields, module.work_out)
    for module in (cleaning_fee, permit_fee, property_tax, information_deadline, own_share)
}


def calculator_of(service: str) -> Calculator | None:
    """Give the calculator of a service, or None."""
    return next((each for each in CALCULATORS.values() if service in each.services), None)

"""The construction permit fee: square metres times the town's rate, beside the law's cap."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.core.calculators.fields import (
    Choice,
    Field,
    Given,
    Number,
    Result,
    figure,
    written_since,
)
from bot.core.knowledge import Entry, format_value

NAME = "permit_fee"
SERVICES = ("local_fees.construction_permit_fee",)

#: Which figures hold for a kind of building, by where it stands: the first the town has.
_RATES = {
    ("house", "town"): ("town_home", "home", "rate"),
    ("other", "town"): ("town_commercial", "commercial", "rate"),
    ("house", "village"): ("village_home",),
    ("other", "village"): ("village_commercial",),
}
#: What a house is called, and how words begin that make another building of it.
_HOUSE = "სახლი სახლს სახლის სახლზე სახლისთვის house дом дома дому домик ev evi evin evə տուն տան"
_NOT_A_HOUSE = (
    "მრავალბინიან მრავალსართულიან კორპუს სასტუმრო apartment guest много çoxmənzil բազմաբնակարան"
)
_CAPS = {"house": "cap_house", "other": "cap_other"}
#: The largest building somebody asks about, in square metres: more is a slip of the finger.
_MOST = {"house": Decimal(2_000), "other": Decimal(100_000)}


def fields(entry: Entry, given: Given) -> tuple[Field, ...]:
    """Ask for the kind and the area, and for town or village where that makes a difference."""
    kind = Choice("kind", ("house", "other"), named={"house": _HOUSE}, unless=_NOT_A_HOUSE)
    most = _MOST.get(str(given.get("kind")), _MOST["other"])
    area = Number("area", Decimal(1), most, entity="area")
    if "village_home" in entry.facts:
        return kind, Choice("where", ("town", "village")), area
    return kind, area


def work_out(entry: Entry, given: Given, day: date) -> Result | None:
    """Multiply by the town's rate and by the law's cap.

    Returns:
        None when the entry has neither.
    """
    kind, where = str(given["kind"]), str(given.get("where", "town"))
    area = Decimal(str(given["area"]))
    rates = [name for name in _RATES[kind, where] if figure(entry, name, day) is not None]
    cap = figure(entry, _CAPS[kind], day)
    if cap is None and not rates:
        return None
    values = {"area": format_value(area)}
    if cap is not None:
        values.update(cap=format_value(cap), cap_total=format_value(area * cap))
    if not rates:
        return Result("calculated_permit_cap", values, (_CAPS[kind],))
    rate = figure(entry, rates[0], day) or Decimal(0)
    values.update(
        rate=format_value(rate),
        total=format_value(area * rate),
        since=written_since(entry, rates[0], day),
    )
    return Result("calculated_permit_fee", values, (rates[0], _CAPS[kind]))

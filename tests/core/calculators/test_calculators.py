from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest

from bot.core.calculators.fields import Value
from bot.core.calculators.information_deadline import after_working_days
from bot.core.calculators.registry import CALCULATORS, calculator_of
from bot.core.knowledge import Entry, Knowledge
from bot.core.knowledge_checks import load_knowledge

ROOT = Path(__file__).resolve().parents[3] / "knowledge"
DAY = date(2026, 11, 29)


@lru_cache(maxsize=1)
def shipped() -> Knowledge:
    return load_knowledge(ROOT)


def entries(town: str, service: str) -> Entry:
    entry = shipped().entry(service, town)
    assert entry is not None
    return entry


def worked_out(name: str, town: str, **given: Value | int) -> dict[str, str]:
    calculator = CALCULATORS[name]
    values = {
        key: Decimal(value) if isinstance(value, int) else value for key, value in given.items()
    }
    result = calculator.work_out(entries(town, calculator.services[0]), values, DAY)
    assert result is not None
    return {"text": result.text, **result.values}


@pytest.mark.parametrize(
    ("town", "persons", "text", "total"),
    [
        ("rustavi", 1, "calculated_cleaning_fee", "0.4"),
        ("rustavi", 4, "calculated_cleaning_fee", "1.6"),
        # At most four persons of a family are counted.
        ("rustavi", 7, "calculated_cleaning_fee", "1.6"),
        ("marneuli", 3, "calculated_cleaning_fee", "3"),
        # Tkibuli's decree has a cap per family.
        ("tkibuli", 4, "calculated_cleaning_fee", "1.5"),
        # No rate of the town is known: the law's cap, as the most it can be.
        ("chiatura", 2, "calculated_cleaning_cap", "6"),
    ],
)
def test_cleaning_fee(town: str, persons: int, text: str, total: str) -> None:
    result = worked_out("cleaning_fee", town, persons=persons)
    assert (result["text"], result["total"]) == (text, total)
    assert ("max_persons" in result) == (persons > 4)


@pytest.mark.parametrize(
    ("town", "given", "total", "cap_total"),
    [
        ("rustavi", {"kind": "house", "area": 120}, "120", "480"),
        ("rustavi", {"kind": "other", "area": 120}, "120", "1200"),
        ("marneuli", {"kind": "house", "where": "town", "area": 100}, "50", "400"),
        ("marneuli", {"kind": "other", "where": "village", "area": 100}, "70", "1000"),
        ("bolnisi", {"kind": "other", "area": 10}, "10", "100"),
        ("dmanisi", {"kind": "house", "area": 10}, None, "40"),
    ],
)
def test_permit_fee(town: str, given: dict[str, Value | int], total: str, cap_total: str) -> None:
    result = worked_out("permit_fee", town, **given)
    assert (result.get("total"), result["cap_total"]) == (total, cap_total)


@pytest.mark.parametrize(
    ("town", "income", "text", "rate"),
    [
        ("rustavi", 40_000, "calculated_tax_free", None),
        ("rustavi", 40_001, "calculated_tax_band", "0.05–0.2"),
        ("rustavi", 100_000, "calculated_tax_band", "0.8–1"),
        ("marneuli", 99_999, "calculated_tax_rate", "0.2"),
        ("chiatura", 100_000, "calculated_tax_rate", "1"),
    ],
)
def test_property_tax(town: str, income: int, text: str, rate: str | None) -> None:
    result = worked_out("property_tax", town, income=income)
    band = f"{result['least']}–{result['most']}" if "least" in result else None
    assert (result["text"], result.get("rate", band)) == (text, rate)


def test_information_deadline_leaves_out_weekends_and_public_holidays() -> None:
    result = worked_out("information_deadline", "rustavi", filed=date(2026, 11, 13))
    # Saint George's day, 23 November, is a Monday.
    assert (result["working"], result["holidays"]) == ("30.11.2026", "23.11")
    assert result["calendar"] == "23.11.2026"


@pytest.mark.parametrize(
    ("start", "number", "last"),
    [
        (date(2026, 6, 1), 1, date(2026, 6, 2)),
        (date(2026, 6, 5), 1, date(2026, 6, 8)),
        (date(2026, 6, 6), 1, date(2026, 6, 8)),
        # The new year's and the Easter holidays.
        (date(2026, 12, 31), 2, date(2027, 1, 5)),
        (date(2026, 4, 8), 2, date(2026, 4, 15)),
    ],
)
def test_working_days(start: date, number: int, last: date) -> None:
    assert after_working_days(start, number)[0] == last


def test_own_share() -> None:
    result = worked_out("own_share", "rustavi", cost=1000, share=70)
    assert (result["mine"], result["theirs"], result["own"]) == ("300", "700", "30")
    assert worked_out("own_share", "rustavi", cost=10, share=Decimal("66.6"))["mine"] == "3.34"


def test_what_the_entry_has_no_figures_for_is_not_worked_out() -> None:
    given = {
        "persons": Decimal(1), "kind": "house", "area": Decimal(1), "income": Decimal(1),
        "filed": DAY,
    }  # fmt: skip
    for name in ("cleaning_fee", "permit_fee", "property_tax", "information_deadline"):
        assert CALCULATORS[name].work_out(Entry("x"), given, DAY) is None


def test_every_service_of_a_calculator_has_an_entry() -> None:
    for calculator in CALCULATORS.values():
        for service in calculator.services:
            assert shipped().entry(service, None) is not None
            assert calculator_of(service) is calculator
    assert calculator_of("local_fees.debt") is None

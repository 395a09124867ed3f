"""The questions of a calculator and what answers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.core.knowledge import Entry

Value = Decimal | str | date
Given = Mapping[str, Value]


@dataclass(frozen=True)
class Number:
    """A question answered with a number from ``least`` to ``most``.

    ``not_of_a_home`` is the text for who names the price or the size of a home instead,
    ``not_of_a_month`` for who names what comes in a month.
    """

    name: str
    least: Decimal
    most: Decimal
    whole: bool = False
    entity: str = ""
    not_of_a_home: str = ""
    not_of_a_month: str = ""

    def refuses(self, value: Value) -> str | None:
        """Give the text that says what is wrong with a value; None when it is good."""
        if not isinstance(value, Decimal):
            return "calculation_number"
        if self.whole and value != value.to_integral_value():
            return "calculation_whole"
        return None if self.least <= value <= self.most else "calculation_range"


@dataclass(frozen=True)
class Choice:
    """A question answered with one of a few words, offered as buttons.

    ``named`` holds the words that mean an option wherever a question has them, ``unless`` how
    words begin beside which they do not.
    """

    name: str
    options: tuple[str, ...]
    entity: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    unless: str = ""

    def refuses(self, value: Value) -> str | None:
        """Give the text that says what is wrong with a value; None when it is good."""
        return None if value in self.options else "calculation_choice"


@dataclass(frozen=True)
class Day:
    """A question answered with a day, at most ``back`` and ``ahead`` days from today."""

    name: str
    back: int
    ahead: int
    entity: str = ""

    def refuses(self, value: Value, today: date) -> str | None:
        """Give the text that says what is wrong with a value; None when it is good."""
        if not isinstance(value, date):
            return "calculation_day"
        return None if -self.back <= (value - today).days <= self.ahead else "calculation_day_range"


Field = Number | Choice | Day


@dataclass(frozen=True)
class Problem:
    """The text that says what is wrong with what was told, and the field it was told for."""

    text: str
    field: Field


def refusal(asked: Field, value: Value, today: date) -> str | None:
    """Give the text that says why a value does not answer a field; None when it does."""
    return asked.refuses(value, today) if isinstance(asked, Day) else asked.refuses(value)


@dataclass(frozen=True)
class Result:
    """What came out: the text that tells it, what fills it, and the figures it rests on.

    A line of the text whose value is missing is left out.
    """

    text: str
    values: Mapping[str, str]
    facts: tuple[str, ...]


def figure(entry: Entry, name: str, day: date) -> Decimal | None:
    """Give a figure of the entry as it holds on ``day``; None when it has none of that name."""
    period = entry.period(name, day)
    if period is None or isinstance(period.value, str):
        return None
    return Decimal(str(period.value))


def written_since(entry: Entry, name: str, day: date) -> str:
    """Give the year of the rule that a town's own figure comes from."""
    period = entry.period(name, day)
    return str(period.valid_from.year) if period else ""

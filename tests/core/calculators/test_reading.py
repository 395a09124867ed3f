from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.core.calculators.fields import Choice, Day, Number, refusal
from bot.core.calculators.reading import (
    asks_to_reckon,
    named_option,
    read_answer,
    read_day,
    read_number,
    speaks_of_a_month,
    stated,
)

TODAY = date(2026, 11, 29)
PERSONS = Number("persons", Decimal(1), Decimal(30), whole=True, entity="persons")
AREA = Number("area", Decimal(1), Decimal(2_000), entity="area")
FILED = Day("filed", back=366, ahead=366)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4", 4), ("ოთხი სული", 4), ("otxi suli", 4), ("-3", -3), ("−3 სული", -3),
        ("85,5 მ2", "85.5"), ("1 200 ლარი", 1200), ("10 000 კვმ", 10000), ("30%", 30),
        ("50 ათასი", 50_000), ("10,000", 10_000), ("1.250.000 ლარი", 1_250_000), ("0.400", "0.4"),
        ("2,5 тысячи", 2_500),
        ("four", 4), ("четверо", 4), ("dörd nəfər", 4), ("չորս", 4), ("ბევრი", None), ("", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, number: int | str | None) -> None:
    assert read_number(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("დღეს", TODAY), ("dges", TODAY), ("сегодня", TODAY), ("გუშინ", date(2026, 11, 28)),
        ("21.11.2026", date(2026, 11, 21)), ("1.2", date(2026, 2, 1)),
        ("2026-11-20", date(2026, 11, 20)), ("31.02.2026", None),
        ("--11-21", date(2026, 11, 21)), ("მალე", None),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert read_day(text, TODAY) == day


def test_a_long_message_is_no_answer() -> None:
    assert read_answer(PERSONS, "4", TODAY) == 4
    assert read_answer(PERSONS, "ოთხშაბათს 3 საათზე მივდივარ და სად მოვიდე?", TODAY) is None
    assert read_answer(FILED, "გუშინ", TODAY) == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("value", "text"),
    [("4", None), ("-3", "calculation_range"), ("31", "calculation_range"),
     ("2.5", "calculation_whole")],
)  # fmt: skip
def test_nonsense_is_refused(value: str, text: str | None) -> None:
    assert refusal(PERSONS, Decimal(value), TODAY) == text


def test_a_day_far_away_is_refused() -> None:
    assert refusal(FILED, date(2020, 1, 1), TODAY) == "calculation_day_range"
    assert refusal(FILED, TODAY, TODAY) is None
    assert refusal(FILED, Decimal(3), TODAY) == "calculation_day"


@pytest.mark.parametrize(
    ("field", "text", "number"),
    [
        (PERSONS, "0 სულზე რა ღირს", 0), (PERSONS, "-5 kaci vart", -5),
        (PERSONS, "3-5 სულზე", 5), (PERSONS, "a million people", 1_000_000),
        (PERSONS, "2 ათასი კაცი", 2_000), (PERSONS, "5 კვირაში", None), (PERSONS, "1300", None),
        (AREA, "10 000 კვ.მ ბინა", 10_000), (AREA, "85,5 m²", "85.5"), (AREA, "5 კვირაში", None),
    ],
)  # fmt: skip
def test_a_number_of_people_or_metres_is_found_in_a_question(
    field: Number, text: str, number: int | str | None
) -> None:
    assert stated(field, text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "monthly"),
    [
        ("თვეში 2500 ლარი მაქვს", True), ("3000 a month", True), ("зарплата 2000 в месяц", True),
        ("წელიწადში 30000", False), ("2500 თვეში, წელს 30000", False), ("30000", False),
    ],
)  # fmt: skip
def test_a_sum_of_a_month_is_told_from_one_of_a_year(text: str, monthly: bool) -> None:
    assert speaks_of_a_month(text) is monthly


@pytest.mark.parametrize(
    ("text", "asks"),
    [("ნებართვის ფასი გამოთვალე", True), ("გამომითვალეთ", True), ("calculate it", True),
     ("посчитай за двоих", True), ("რა ღირს ნებართვა", False)],
)  # fmt: skip
def test_who_asks_to_reckon_says_so(text: str, asks: bool) -> None:
    assert asks_to_reckon(text) is asks


@pytest.mark.parametrize(
    ("text", "option"),
    [("სახლს ვაშენებ 120 კვადრატს", "house"), ("дом 120 м2", "house"), ("120 კვადრატი", None),
     ("მრავალბინიან სახლს ვაშენებ", None)],
)  # fmt: skip
def test_a_choice_is_taken_from_the_words_of_a_question(text: str, option: str | None) -> None:
    kind = Choice("kind", ("house", "other"), named={"house": "სახლს дом"}, unless="მრავალბინიან")
    assert named_option(kind, text) == option

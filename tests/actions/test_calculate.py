from __future__ import annotations

import pytest

from bot.actions.answer_service import AnswerService
from bot.actions.calculate import Calculate
from tests.actions.conversation import run, tracker

FEE = "local_fees.cleaning_fee"


def test_a_question_with_its_numbers_is_worked_out_at_once() -> None:
    asked = tracker(FEE, attribute="price", persons=4)
    (message,), slots = run(AnswerService(), asked)
    assert message["text"].startswith("1.6 GEL a month.")
    assert slots == {"calculation": None, "service": FEE}


def test_what_a_question_lacks_is_asked_for() -> None:
    asked = tracker("local_fees.construction_permit_fee", area=120, municipality="marneuli")
    (message,), slots = run(AnswerService(), asked)
    assert message["text"] == "What are you building?"
    begun = slots["calculation"]
    assert (begun["town"], begun["asks"]) == ("marneuli", "kind")
    then = tracker("calculation", slots={"calculation": begun}, calculation_answer="house")
    (message,), slots = run(Calculate(), then)
    assert message["text"] == "Where is it being built?"
    assert slots["calculation"]["given"]["area"] == ["Decimal", "120"]


def test_another_attribute_is_no_calculation() -> None:
    (message,), slots = run(AnswerService(), tracker(FEE, attribute="law", persons=4))
    assert "article" in message["text"]
    assert "calculation" not in slots


def test_a_number_the_calculator_does_not_ask_for_changes_nothing() -> None:
    (message,), _ = run(AnswerService(), tracker(FEE, date="2026-11-29"))
    assert message["text"] == run(AnswerService(), tracker(FEE))[0][0]["text"]


def test_an_answer_without_a_calculation_has_expired() -> None:
    (message,), slots = run(Calculate(), tracker("calculation", calculation_answer="4"))
    assert slots == {"calculation": None}
    assert message["text"]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("დასუფთავება 0 სულზე რა ღირს", {}),
        ("dasuftavebis mosakrebeli -5 sulze ramdenia?", {"persons": 5}),
        ("cleaning fee for a million persons", {}),
        ("сколько за мусор за 5000 человек", {}),
    ],
)
def test_nonsense_in_a_question_is_refused_with_the_range(
    text: str, entities: dict[str, int]
) -> None:
    (message,), slots = run(AnswerService(), tracker(FEE, text, attribute="price", **entities))
    said, question = message["text"].split("\n")
    assert "1 to 30" in said
    assert question == "How many people live in your home?"
    then = tracker("calculation", "3", slots=slots, calculation_answer="3")
    assert run(Calculate(), then)[0][0]["text"].startswith("1.2 GEL a month.")


def test_an_area_too_large_is_refused_before_the_first_question() -> None:
    service, text = "local_fees.construction_permit_fee", "10000000 კვ.მ-ზე რამდენია?"
    (message,), _ = run(AnswerService(), tracker(service, text, area=10_000_000))
    assert "1 to 100 000 square metres" in message["text"]
    assert message["text"].endswith("What are you building?")
    text = "10,000 კვ.მ სახლზე რამდენია?"
    (message,), _ = run(AnswerService(), tracker(service, text, area=10_000))
    assert "1 to 2000 square metres" in message["text"]


TAX = "local_fees.property_tax"
NO_INCOME = "The price or size of a home is not enough here"


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("ბინა ღირს 200000 ლარი, ქონების გადასახადი რამდენია?", {"amount": 200_000}),
        ("10000 კვ.მ ბინა ქონების გადასახადი", {"area": 10_000}),
        ("property tax for a flat that costs 80000 lari", {"amount": 80_000}),
    ],
)
def test_a_homes_price_or_size_is_not_taken_for_an_income(
    text: str, entities: dict[str, int]
) -> None:
    (message,), slots = run(AnswerService(), tracker(TAX, text, **entities))
    assert message["text"].startswith(NO_INCOME)
    assert "income last year?" in message["text"]
    again = tracker(
        "calculation", "ბინა 200000 ლარი ღირს", slots=slots, calculation_answer="200000"
    )
    (message,), slots = run(Calculate(), again)
    assert message["text"].startswith(NO_INCOME)
    then = tracker("calculation", "50000", slots=slots, calculation_answer="50000")
    assert "An income of 50 000 GEL" in run(Calculate(), then)[0][0]["text"]


def test_an_income_named_beside_a_home_is_taken() -> None:
    asked = tracker(TAX, "tax on a flat with an income of 50000 lari", amount=50_000)
    (message,), _ = run(AnswerService(), asked)
    assert "An income of 50 000 GEL" in message["text"]


def test_the_price_of_a_home_asked_about_for_something_else_is_no_question_about_its_tax() -> None:
    service, text = "local_fees.payment", "ბინა 200000 ლარი ღირს, რა უნდა გადავიხადო?"
    (message,), slots = run(
        AnswerService(), tracker(service, text, attribute="price", amount=200_000)
    )
    assert NO_INCOME not in message["text"]
    assert "calculation" not in slots


MONTHLY = "A month's income is not enough here"


def test_a_months_pay_is_not_taken_for_the_income_of_a_year() -> None:
    asked = tracker(TAX, "ქონების გადასახადი, ხელფასი თვეში 5000 ლარი მაქვს", amount=5_000)
    (message,), slots = run(AnswerService(), asked)
    assert message["text"].startswith(MONTHLY)
    again = tracker("calculation", "თვეში 5000", slots=slots, calculation_answer="5000")
    (message,), slots = run(Calculate(), again)
    assert message["text"].startswith(MONTHLY)
    then = tracker("calculation", "60 ათასი", slots=slots, calculation_answer="60 ათასი")
    assert "An income of 60 000 GEL" in run(Calculate(), then)[0][0]["text"]


def test_a_house_named_in_the_question_is_not_asked_for() -> None:
    service, text = "local_fees.construction_permit_fee", "სახლს ვაშენებ 180 კვადრატს, რა ღირს?"
    (message,), _ = run(AnswerService(), tracker(service, text, area=180))
    assert message["text"].startswith("About 180 GEL.")


def test_who_asks_to_work_it_out_is_asked_for_the_numbers() -> None:
    service, text = "local_fees.construction_permit_fee", "ნებართვის ფასი გამოთვალე"
    (message,), _ = run(AnswerService(), tracker(service, text, attribute="price"))
    assert message["text"] == "What are you building?"

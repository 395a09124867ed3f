from __future__ import annotations

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

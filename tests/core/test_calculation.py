from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.core import calculation
from bot.core.calculation import Calculation
from bot.core.knowledge_folder import Loaded, load_all
from bot.core.languages import LANGUAGES
from bot.core.replies import Reply

DAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_all(Path(__file__).resolve().parents[2] / "knowledge")


class Talk:
    """Somebody who has something worked out, answer by answer."""

    def __init__(self, loaded: Loaded, name: str, town: str = "rustavi", language: str = "en"):
        self.loaded, self.language = loaded, language
        self.going_on = calculation.begin(loaded, name, None, town)
        self.reply = self._proceed(None)

    def says(self, text: str) -> Reply:
        assert self.going_on is not None
        # As it comes back from the conversation's memory.
        kept = Calculation.from_json(json.loads(json.dumps(self.going_on.to_json())))
        assert kept == self.going_on
        self.going_on, problem = calculation.with_answer(self.loaded, kept, text, DAY)
        self.reply = self._proceed(problem)
        return self.reply

    def _proceed(self, problem: str | None) -> Reply:
        assert self.going_on is not None
        reply, self.going_on = calculation.proceed(
            self.loaded, self.going_on, self.language, problem, DAY
        )
        return reply


def test_it_asks_for_what_is_missing_and_tells_formula_and_source(loaded: Loaded) -> None:
    talk = Talk(loaded, "permit_fee", "marneuli")
    assert [b.payload for b in talk.reply.buttons] == [
        "calculate:permit_fee:house", "calculate:permit_fee:other",
    ]  # fmt: skip
    talk.says("house")
    talk.says("In a village")
    assert "square metres" in talk.reply.text
    result = talk.says("100 m2")
    assert "100 m² × 0.3 GEL = 30 GEL, under a decree of 2011" in result.text
    assert result.sources[0].url.startswith("https://www.matsne.gov.ge/ka/document/view/1198688")
    assert result.service == "local_fees.construction_permit_fee"
    assert 1 <= len(result.buttons) <= 3
    assert talk.going_on is None


def test_nonsense_is_refused_politely_and_asked_again(loaded: Loaded) -> None:
    talk = Talk(loaded, "cleaning_fee")
    for text, said in (("-3", "between 1 and 30"), ("2.5", "whole number"), ("many", "a number")):
        assert said in talk.says(text).text
        assert talk.reply.text.endswith("How many people live in your home?")
    assert talk.says("three").text.startswith("1.2 GEL a month.")
    flat = Talk(loaded, "permit_fee")
    flat.says("house")
    assert "between 1 and 2000" in flat.says("10,000 m²".replace(",", " ")).text


@pytest.mark.parametrize(
    ("text", "kind"),
    [("house", "house"), ("ინდივიდუალური სახლი", "house"), ("სახლს", "house"), ("другое", "other")],
)
def test_a_choice_may_be_said_in_words(loaded: Loaded, text: str, kind: str) -> None:
    begun = calculation.begin(loaded, "permit_fee", None, "rustavi")
    assert begun is not None
    asked = calculation.proceed(loaded, begun, "ka", today=DAY)[1]
    assert asked is not None
    assert calculation.with_answer(loaded, asked, text, DAY)[0].given == {"kind": kind}
    unclear, problem = calculation.with_answer(loaded, asked, "ჯერ ვფიქრობ", DAY)
    assert (unclear.given, problem is not None) == ({}, True)


def test_what_the_question_says_is_not_asked_again(loaded: Loaded) -> None:
    begun = calculation.begin(loaded, "cleaning_fee", None, "rustavi")
    assert begun is not None
    known = calculation.with_entities(loaded, begun, {"persons": 4, "area": 70}, DAY)
    reply, rest = calculation.proceed(loaded, known, "ka", today=DAY)
    assert rest is None
    assert reply.text.startswith("თვეში 1.6 ლარი.")
    wrong = calculation.with_entities(loaded, begun, {"persons": -4}, DAY)
    assert wrong.given == {}


def test_the_deadline_takes_a_day_or_a_button(loaded: Loaded) -> None:
    talk = Talk(loaded, "information_deadline")
    assert talk.reply.buttons[0].payload == "calculate:information_deadline:today"
    assert "29.11.2026 + 10 working days" in talk.says("today").text
    assert "very far away" in Talk(loaded, "information_deadline").says("1.1.1990").text


def test_a_button_pressed_once_more_begins_with_its_answer(loaded: Loaded) -> None:
    begun = calculation.begin(loaded, "permit_fee", None, "rustavi")
    assert begun is not None
    again, problem = calculation.with_answer(loaded, begun, "other", DAY)
    assert (again.given, problem) == ({"kind": "other"}, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_calculator_speaks_every_language(loaded: Loaded, language: str) -> None:
    answers = {
        "cleaning_fee": ["3"], "permit_fee": ["house", "100"], "property_tax": ["50000"],
        "information_deadline": ["today"], "own_share": ["1000", "70"],
    }  # fmt: skip
    for name, given in answers.items():
        talk = Talk(loaded, name, language=language)
        for text in given:
            talk.says(text)
        assert talk.going_on is None
        assert "{" not in talk.reply.text
        assert any(character.isdigit() for character in talk.reply.text)


def test_what_is_no_calculation_is_none(loaded: Loaded) -> None:
    assert calculation.begin(loaded, "horoscope", None, "rustavi") is None
    for data in (None, {}, {"name": "horoscope"}, "x"):
        assert Calculation.from_json(data) is None
    begun = calculation.begin(loaded, "own_share", "participation.co_funding_programme", "rustavi")
    assert begun == Calculation("own_share", "participation.co_funding_programme", "rustavi")
    assert calculation.asked_field(loaded, begun) is None


def test_an_expired_figure_is_told(loaded: Loaded) -> None:
    begun = calculation.begin(loaded, "cleaning_fee", None, "rustavi")
    assert begun is not None
    known = calculation.with_entities(loaded, begun, {"persons": Decimal(2)}, DAY)
    reply, _ = calculation.proceed(loaded, known, "en", today=date(2010, 1, 1))
    assert "out of date" in reply.text

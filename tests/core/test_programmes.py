from __future__ import annotations

from datetime import date, datetime

from bot.core.clock import GEORGIA
from bot.core.programmes import Programme, Question, Rule, next_to_open, open_ones
from bot.core.submissions.model import Kind


def programme(**changes: object) -> Programme:
    values: dict[str, object] = {
        "id": "youth",
        "municipality": "rustavi",
        "kind": "co_funding",
        "service": "participation.co_funding_programme",
        "title": {"ka": "პროგრამა", "en": "Programme"},
        "about": {"ka": "…", "en": "…"},
    }
    return Programme(**{**values, **changes})  # type: ignore[arg-type]


def test_what_nobody_knows_to_be_open_is_not() -> None:
    assert not programme().is_open(date(2026, 11, 29))
    assert programme().closes_at is None


def test_it_is_open_from_its_first_to_its_last_day() -> None:
    one = programme(opens=date(2026, 12, 1), closes=date(2026, 12, 3))
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 4)]
    assert [one.is_open(day) for day in days] == [False, True, True, False]
    assert one.closes_at == datetime(2026, 12, 4, tzinfo=GEORGIA).timestamp()


def test_a_standing_one_is_always_open() -> None:
    one = programme(kind="idea_round", standing=True)
    assert one.is_open(date(2030, 1, 1))
    assert one.takes is Kind.IDEA
    assert programme().takes is Kind.CO_FUNDING


def test_the_open_ones_of_a_kind_and_the_next() -> None:
    day = date(2026, 11, 29)
    programmes = {
        "a": programme(id="a"),
        "b": programme(id="b", opens=date(2026, 11, 1)),
        "c": programme(id="c", opens=date(2027, 3, 1)),
        "d": programme(id="d", opens=date(2027, 1, 1)),
        "e": programme(id="e", kind="idea_round", standing=True),
    }
    assert [one.id for one in open_ones(programmes, "co_funding", day)] == ["b"]
    found = next_to_open(programmes, "co_funding", day)
    assert found is not None
    assert found.id == "d"
    assert next_to_open(programmes, "idea_round", day) is None


def test_rules_are_answered_from_what_was_said() -> None:
    one = programme(
        questions=(Question("applicant", {}), Question("age", {}, "number")),
        rules=(
            Rule("who", {}, "order", "applicant", one_of=("ngo", "group")),
            Rule("old", {}, "order", "age", at_least=14, at_most=29),
            Rule("paper", {}, "order"),
        ),
    )

    def failed(**answers: object) -> list[str]:
        return [rule.id for rule in one.failed_rules(answers)]

    assert failed() == []
    assert failed(applicant="company", age=30) == ["who", "old"]
    assert failed(applicant="ngo", age=13) == ["old"]
    assert failed(applicant="group", age=29) == []
    assert failed(age="many") == []


def test_names_fall_back_on_another_language() -> None:
    assert programme().name("ru") == "Programme"
    assert programme().name("ka") == "პროგრამა"
    assert programme(questions=(Question("age", {}),)).question("age") is not None
    assert programme().question("age") is None

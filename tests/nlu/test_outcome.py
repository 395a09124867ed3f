from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.outcome import (
    ANSWERED,
    FALLBACK_INTENT,
    NOT_UNDERSTOOD,
    OFFERED,
    OUTCOME,
    OutcomeGate,
)

THRESHOLDS = {"answer_from": 0.5, "answer_margin": 0.2, "offer_from": 0.3}


def gate(**changed: float) -> OutcomeGate:
    return OutcomeGate({**THRESHOLDS, **changed}, None, None)


def ranking(*confidences: float) -> list[dict[str, object]]:
    return [{"name": f"waste.s{n}", "confidence": value} for n, value in enumerate(confidences)]


@pytest.mark.parametrize(
    ("confidences", "outcome"),
    [
        ((0.9, 0.05, 0.01), ANSWERED),
        ((0.5, 0.3, 0.1), ANSWERED),
        ((1.0,), ANSWERED),
        ((0.5, 0.31, 0.1), OFFERED),
        ((0.49, 0.01, 0.01), OFFERED),
        ((0.1, 0.1, 0.1), OFFERED),
        ((0.15, 0.1, 0.04, 0.9), NOT_UNDERSTOOD),
        ((0.2,), NOT_UNDERSTOOD),
        ((), NOT_UNDERSTOOD),
    ],
)
def test_outcome_follows_the_thresholds(confidences: tuple[float, ...], outcome: str) -> None:
    assert gate().decide(ranking(*confidences)) == outcome


def test_thresholds_are_taken_from_the_configuration() -> None:
    guesses = ranking(0.4, 0.3, 0.1)
    assert gate().decide(guesses) == OFFERED
    assert gate(answer_from=0.4, answer_margin=0.05).decide(guesses) == ANSWERED
    assert gate(offer_from=0.9).decide(guesses) == NOT_UNDERSTOOD


def test_sure_message_keeps_its_intent() -> None:
    guesses = ranking(0.9, 0.05)
    message = Message({INTENT: guesses[0], INTENT_RANKING_KEY: guesses})
    (done,) = gate().process([message])
    assert (done.get(OUTCOME), done.get(INTENT)) == (ANSWERED, guesses[0])


@pytest.mark.parametrize(("first", "outcome"), [(0.45, OFFERED), (0.1, NOT_UNDERSTOOD)])
def test_unsure_message_gets_the_fallback_and_keeps_its_ranking(first: float, outcome: str) -> None:
    guesses = ranking(first, 0.05)
    message = Message({INTENT: guesses[0], INTENT_RANKING_KEY: guesses})
    (done,) = gate().process([message])
    assert done.get(OUTCOME) == outcome
    assert done.get(INTENT) == {"name": FALLBACK_INTENT, "confidence": first}
    assert done.get(INTENT_RANKING_KEY) == guesses


def test_message_without_a_ranking_is_not_understood() -> None:
    (done,) = gate().process([Message({})])
    assert done.get(OUTCOME) == NOT_UNDERSTOOD
    assert done.get(INTENT)["name"] == FALLBACK_INTENT


def test_every_threshold_is_set_in_the_shipped_configuration(root: Path) -> None:
    config = yaml.safe_load((root / "config.yml").read_text(encoding="utf-8"))
    shipped = next(c for c in config["pipeline"] if c["name"].endswith("OutcomeGate"))
    assert set(shipped) - {"name"} == set(OutcomeGate.get_default_config())


@pytest.mark.parametrize(
    ("text", "outcome"), [("100000", NOT_UNDERSTOOD), ("7?", NOT_UNDERSTOOD), ("7 სული", ANSWERED)]
)
def test_a_number_alone_asks_for_no_service(text: str, outcome: str) -> None:
    guesses = ranking(0.9, 0.05)
    message = Message({TEXT: text, INTENT: guesses[0], INTENT_RANKING_KEY: guesses})
    (done,) = gate().process([message])
    assert done.get(OUTCOME) == outcome

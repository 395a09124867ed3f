from __future__ import annotations

import pytest

from bot.core.errors import InputError
from bot.evaluation import thresholds
from bot.evaluation.report import Report
from tests.evaluation.samples import SET

REPORT = Report("r", "m", "s", SET)


def missed(text: str, report: Report = REPORT) -> list[str]:
    return thresholds.missed(report, thresholds.read(text))


def test_kept_limits_say_nothing() -> None:
    assert missed("") == []
    assert missed("top1=.5, ka-Latn=1,wrong=.25,out_of_scope_answered=.5,top3=.6") == []


def test_missed_limits_are_named_with_both_numbers() -> None:
    assert missed("top1=.82,ka=.82,wrong=.05,language=.97") == [
        "top1 is 0.500, less than 0.82.",
        "ka is 0.333, less than 0.82.",
        "wrong is 0.250, more than 0.05.",
        "language is 0.875, less than 0.97.",
    ]


def test_what_was_not_measured_is_missed() -> None:
    assert missed("hy=.5,typos=.06") == [
        "hy was not measured; it must be 0.5.",
        "typos was not measured; it must be 0.06.",
    ]


def test_points_lost_to_typos_are_limited() -> None:
    noisy = Report("r", "m", "s", SET, SET[2:])
    assert missed("typos=.01", noisy) == []
    noisy = Report("r", "m", "s", SET, SET[1:3])
    assert missed("typos=.06", noisy) == ["typos is 0.500, more than 0.06."]


@pytest.mark.parametrize("text", ["top=.5", "top1", "top1=much", "fr=.5", "="])
def test_wrong_limits_are_told(text: str) -> None:
    with pytest.raises(InputError, match="--fail-under"):
        thresholds.read(text)

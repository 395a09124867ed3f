"""How well the shipped data are understood, on messages never taught."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.catalogue import load_catalogue
from bot.core.examination import load
from bot.core.progress import Silent
from bot.evaluation import thresholds
from bot.evaluation.judged import ask
from bot.evaluation.report import Report
from bot.evaluation.understanding import of_model

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests" / "evaluation" / "dev.jsonl"
#: What was reached (docs/reference/understanding.md), less a margin for chance.
LIMITS = (
    "top1=.89,top3=.955,answered=.82,wrong=.045,out_of_scope_answered=.15,language=.975,"
    "calibration=.06,ka=.88,ka-Latn=.88,en=.91,ru=.89,az=.85,hy=.86"
)

pytestmark = pytest.mark.slow


def test_shipped_data_are_understood(full_model: Path) -> None:
    questions = load(FILE, load_catalogue(ROOT / "knowledge"), ROOT)
    # Two of three, evenly over ids and languages, tell as much in two thirds of the time.
    some = [question for place, question in enumerate(questions) if place % 3]
    judged = ask(of_model(full_model), some, Silent(), "")
    report = Report("accuracy", full_model.name, FILE.name, judged)
    assert thresholds.missed(report, thresholds.read(LIMITS)) == []

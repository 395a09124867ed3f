"""What keeps a model from going live."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.progress import Silent
from bot.evaluation import gate
from bot.evaluation.gate import Candidate, reasons_against, worse
from bot.evaluation.judged import Judged
from bot.evaluation.report import Report
from tests.evaluation.samples import DEBT, judged

ROOT = Path(__file__).parents[2]


def report(right: int, wrong: int, offered: int = 0, language: str = "ka") -> Report:
    sentences = [
        *[judged(f"{language} right {n}", language=language) for n in range(right)],
        *[judged(f"{language} wrong {n}", given=(DEBT,), language=language) for n in range(wrong)],
        *[
            judged(f"{language} offered {n}", given=(DEBT,), outcome="offered", language=language)
            for n in range(offered)
        ],
    ]
    return Report("r", "m", "dev.jsonl", sentences)


def joined(*reports: Report) -> Report:
    sentences: list[Judged] = [one for report in reports for one in report.judged]
    return replace(reports[0], judged=sentences)


def test_model_as_good_or_better_is_fit() -> None:
    assert worse(report(90, 2, 8), report(90, 2, 8)) == []
    assert worse(report(95, 1, 4), report(90, 2, 8)) == []


def test_model_that_loses_little_is_fit_and_one_that_loses_more_is_not() -> None:
    live = report(900, 20, 80)
    assert worse(report(896, 20, 84), live) == []
    reasons = worse(report(880, 20, 100), live)
    assert any("top1 of all was 90.0% and would be 88.0%" in reason for reason in reasons)


def test_more_wrong_answers_weigh_though_more_are_right() -> None:
    (reason,) = worse(report(930, 30, 40), report(900, 20, 80))
    assert "wrong of all was 2.0% and would be 3.0%" in reason


def test_language_that_gets_worse_counts_though_the_whole_does_not() -> None:
    live = joined(report(900, 0, 100), report(80, 0, 20, "hy"))
    now = joined(report(930, 0, 70), report(75, 0, 25, "hy"))
    (reason,) = worse(now, live)
    assert "top1 of hy was 80.0% and would be 75.0%" in reason


def test_one_message_of_a_few_decides_nothing() -> None:
    assert worse(report(9, 0, 1), report(10, 0, 0)) == []


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    shutil.copytree(ROOT / "data/nlu/dialogue", tmp_path / "data/nlu/dialogue")
    return tmp_path


STORY = """\
stories:
- story: a question and its answer
  steps:
  - user: |
      nagvis fuli ramdenia
    intent: local_fees.cleaning_fee
  - action: {action}
"""


def put_story(project: Path, action: str) -> None:
    path = project / "tests/dialogue/stories.yml"
    path.parent.mkdir(parents=True)
    path.write_text(STORY.format(action=action))


def test_fit_model_passes_every_check(project: Path, small_model: Path) -> None:
    put_story(project, "action_answer_service")
    candidate = Candidate(small_model, [report(90, 2, 8)], [report(90, 2, 8)])
    assert reasons_against(project, candidate, Silent()) == []


def test_all_that_speaks_against_a_model_is_told_at_once(project: Path, small_model: Path) -> None:
    put_story(project, "utter_goodbye")
    greet = project / "data/nlu/dialogue/greet.yml"
    greet.write_text(greet.read_text(encoding="utf-8") + "\t- x\n", encoding="utf-8")
    texts = project / "knowledge/texts/en.yml"
    texts.write_text(texts.read_text(encoding="utf-8") + "\nunknown_text: Hi\n", encoding="utf-8")
    candidate = Candidate(small_model, [report(50, 30, 20)], [report(90, 2, 8)])
    reasons = reasons_against(project, candidate, Silent())
    told = "\n".join(reasons)
    assert "knowledge: knowledge/texts/en.yml:" in told
    assert "training data: data/nlu/dialogue/greet.yml:" in told
    assert "tests/dialogue/stories.yml:7" in told
    assert "top1 of all was 90.0% and would be 50.0%" in told
    assert "30.0% are answered wrongly" in told


def test_without_an_examination_nothing_is_published(project: Path, small_model: Path) -> None:
    (reason,) = reasons_against(project, Candidate(small_model, [], []), Silent())
    assert "no examination" in reason


def test_many_reasons_of_a_kind_are_shortened() -> None:
    many = gate._shortened([str(number) for number in range(30)])
    assert len(many) == 9
    assert many[-1] == "… and 22 more of this kind."
    assert json.dumps(many)

"""What a model must pass before residents are answered by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core import examination
from bot.core.catalogue import load_catalogue
from bot.core.errors import BotError, MissingError
from bot.core.knowledge_folder import check_all
from bot.core.progress import Progress
from bot.core.training_data import check_training_data, read_examples
from bot.evaluation.conversations import converse
from bot.evaluation.measures import Measures
from bot.evaluation.report import Report
from bot.evaluation.stories import read_stories

#: How much worse than the live model is still the same: chance moves the figures that much.
WORSE = {"top1": 0.005, "helped": 0.01, "wrong": 0.005, "language": 0.005}
WORSE_IN_A_LANGUAGE = 0.02
#: Fewer messages than this more do not count against a model in a small group.
FEW = 2
#: No model goes live that answers more than this wrongly.
MOST_WRONG = 0.10
#: Reasons of one kind that are told.
_TOLD = 8


class Refused(BotError):
    """The model is not fit to go live; ``reasons`` says why."""

    def __init__(self, message: str, reasons: Sequence[str]) -> None:
        super().__init__("\n".join((message, *(f"  - {reason}" for reason in reasons))))
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class Candidate:
    """A model and its reports, one an examination, beside those of the live model."""

    path: Path
    reports: Sequence[Report]
    live: Sequence[Report]


def reasons_against(root: Path, candidate: Candidate, progress: Progress) -> list[str]:
    """List everything that speaks against publishing; nothing when it is fit."""
    checks: tuple[tuple[str, Callable[[], list[str]]], ...] = (
        ("checking the knowledge", lambda: _knowledge(root)),
        ("checking the training data", lambda: _data(root)),
        ("conversing", lambda: _conversations(root, candidate.path, progress)),
        ("comparing with the live model", lambda: _evaluation(candidate)),
    )
    reasons: list[str] = []
    for name, check in checks:
        progress.step(name)
        reasons += check()
    return reasons


def _knowledge(root: Path) -> list[str]:
    try:
        findings, _ = check_all(root / "knowledge")
    except BotError as error:
        return [str(error)]
    return _shortened([f"knowledge: {finding}" for finding in findings])


def _data(root: Path) -> list[str]:
    try:
        catalogue = load_catalogue(root / "knowledge")
        _, findings = check_training_data(root, catalogue)
        findings += examination.check(root, catalogue, read_examples(root, catalogue)[0])
    except BotError as error:
        return [str(error)]
    return _shortened([f"training data: {finding}" for finding in findings])


def _conversations(root: Path, model: Path, progress: Progress) -> list[str]:
    try:
        stories = read_stories(root / "tests" / "dialogue", root)
    except MissingError:
        return []
    except BotError as error:
        return [str(error)]
    return _shortened([str(failure) for failure in converse(model, stories, progress)])


def _evaluation(candidate: Candidate) -> list[str]:
    if not candidate.reports:
        return ["There is no examination: neither tests/evaluation/dev.jsonl nor staff's own."]
    before = {report.examination: report for report in candidate.live}
    reasons = []
    for report in candidate.reports:
        if report.overall.wrong > MOST_WRONG and report.overall.count > 50:
            reasons.append(
                f"{report.examination}: {report.overall.wrong:.1%} are answered wrongly, "
                f"more than {MOST_WRONG:.0%}."
            )
        if report.examination in before:
            reasons += worse(report, before[report.examination])
    return reasons


def worse(report: Report, live: Report) -> list[str]:
    """Tell in what a report is worse than the live model's on the same messages."""
    reasons = []
    for name, allowed in WORSE.items():
        lost = _lost(report.overall, live.overall, name)
        if lost > allowed and lost * report.overall.count > FEW:
            reasons.append(_sentence(report, live.overall, report.overall, name, "all"))
    for language, figures in report.languages.items():
        earlier = live.languages.get(language)
        if earlier is None:
            continue
        lost = _lost(figures, earlier, "top1")
        if lost > WORSE_IN_A_LANGUAGE and lost * figures.count > FEW:
            reasons.append(_sentence(report, earlier, figures, "top1", language))
    return reasons


def _lost(now: Measures, before: Measures, name: str) -> float:
    change = float(getattr(before, name)) - float(getattr(now, name))
    return -change if name == "wrong" else change


def _sentence(report: Report, before: Measures, now: Measures, name: str, group: str) -> str:
    return (
        f"{report.examination}: {name} of {group} was {getattr(before, name):.1%} "
        f"and would be {getattr(now, name):.1%}."
    )


def _shortened(reasons: list[str]) -> list[str]:
    more = len(reasons) - _TOLD
    return [*reasons[:_TOLD], f"… and {more} more of this kind."] if more > 0 else reasons

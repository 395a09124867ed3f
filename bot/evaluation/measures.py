"""The figures of an examination: shares, calibration, and what is taken for what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.core.catalogue import DIALOGUE
from bot.evaluation.judged import ANSWERED, NOT_UNDERSTOOD, OFFERED, OUT_OF_SCOPE, Judged

#: Into so many equal parts the confidences are put for the calibration.
BINS = 10


@dataclass(frozen=True)
class Measures:
    """Shares of a group of messages, 0 to 1.

    Attributes:
        count: how many messages.
        top1: the right id is the best guess.
        top3: the right id is one of the first three.
        answered, offered, not_understood: the outcomes.
        wrong: answered directly, with the wrong id; of all messages.
        helped: answered rightly, or offered with the right id among the three.
        language: the language was told rightly.
        out_of_scope_answered: of the messages that ask for nothing we have, those that got a
            service's answer; None when there are none.
    """

    count: int
    top1: float
    top3: float
    answered: float
    offered: float
    not_understood: float
    wrong: float
    helped: float
    language: float
    out_of_scope_answered: float | None

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def measure(judged: Sequence[Judged]) -> Measures:
    """Give the figures of a group of messages."""

    def share(holds: Callable[[Judged], bool], of: Sequence[Judged] = judged) -> float:
        return sum(map(holds, of)) / len(of) if of else 0.0

    outside = [one for one in judged if one.label == OUT_OF_SCOPE]
    return Measures(
        count=len(judged),
        top1=share(lambda one: one.right),
        top3=share(lambda one: one.among_three),
        answered=share(lambda one: one.outcome == ANSWERED),
        offered=share(lambda one: one.outcome == OFFERED),
        not_understood=share(lambda one: one.outcome == NOT_UNDERSTOOD),
        wrong=share(lambda one: one.wrongly_answered),
        helped=share(_helped),
        language=share(lambda one: one.language_right),
        out_of_scope_answered=share(_answered_with_a_service, outside) if outside else None,
    )


def _helped(one: Judged) -> bool:
    if one.outcome == ANSWERED:
        return one.right
    return one.outcome == OFFERED and one.among_three


def _answered_with_a_service(one: Judged) -> bool:
    return one.outcome == ANSWERED and not one.given.startswith(f"{DIALOGUE}.")


def by(judged: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, Measures]:
    """Give the figures of each group, in the order in which the groups first occur."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one)].append(one)
    return {name: measure(group) for name, group in groups.items()}


@dataclass(frozen=True)
class Bin:
    """Messages whose confidence lies between two bounds: what was promised, what came true."""

    start: float
    end: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """How far confidence and truth lie apart: ``error`` is the expected calibration error."""

    error: float
    bins: tuple[Bin, ...]


def calibration(judged: Sequence[Judged]) -> Calibration:
    """Compare the confidence of the best guesses with how often they are right."""
    groups: list[list[Judged]] = [[] for _ in range(BINS)]
    for one in judged:
        groups[min(BINS - 1, int(one.confidence * BINS))].append(one)
    bins = []
    for number, group in enumerate(groups):
        size = len(group)
        promised = sum(one.confidence for one in group) / size if size else 0.0
        right = sum(one.right for one in group) / size if size else 0.0
        place = number / BINS, (number + 1) / BINS
        bins.append(Bin(*place, size, round(promised, 4), round(right, 4)))
    total = len(judged) or 1
    error = sum(bin.count * abs(bin.confidence - bin.right) for bin in bins) / total
    return Calibration(round(error, 4), tuple(bins))


@dataclass(frozen=True)
class Confusion:
    """Messages of one id that were taken for another."""

    label: str
    given: str
    judged: tuple[Judged, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.judged)


def confusions(judged: Iterable[Judged]) -> list[Confusion]:
    """List what is taken for what, the most frequent first."""
    pairs: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        if not one.right:
            pairs[one.label, one.given].append(one)
    found = [Confusion(*pair, tuple(group)) for pair, group in pairs.items()]
    return sorted(found, key=lambda confusion: (-confusion.count, confusion.label))


def topic_of(label: str) -> str:
    """Give the topic of an id."""
    return label.partition(".")[0]


def weakest(labels: Mapping[str, Measures], number: int) -> list[tuple[str, Measures]]:
    """List the ids least often right at first place."""
    return sorted(labels.items(), key=lambda item: (item[1].top1, item[0]))[:number]

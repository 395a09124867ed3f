"""Two reports side by side, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation.judged import ANSWERED, NOT_UNDERSTOOD, Judged

NOW_RIGHT, NOW_WRONG, CHANGED = "now_right", "now_wrong", "changed"


@dataclass(frozen=True)
class Change:
    """A message whose answer is another one: before and after."""

    kind: str
    before: Judged
    after: Judged

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {
            "kind": self.kind,
            "text": self.after.text,
            "language": self.after.language,
            "label": self.after.label,
            "before": {"outcome": self.before.outcome, "answer": list(answer(self.before))},
            "after": {"outcome": self.after.outcome, "answer": list(answer(self.after))},
        }


@dataclass(frozen=True)
class Comparison:
    """What is different; ``compared`` tells how many messages stand in both reports."""

    compared: int
    changes: tuple[Change, ...]

    def of(self, kind: str) -> list[Change]:
        """List the changes of a kind."""
        return [change for change in self.changes if change.kind == kind]

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {
            "compared": self.compared,
            **{kind: len(self.of(kind)) for kind in (NOW_RIGHT, NOW_WRONG, CHANGED)},
            "changes": [change.to_json() for change in self.changes],
        }


def answer(one: Judged) -> tuple[str, ...]:
    """Give what the resident sees: the id answered, the ids offered, or nothing."""
    if one.outcome == ANSWERED:
        return (one.given,)
    return () if one.outcome == NOT_UNDERSTOOD else one.ranking[:3]


def compare(before: Sequence[Judged], after: Sequence[Judged]) -> Comparison:
    """Compare what residents would see of two models, for the messages asked of both."""
    old = {(one.text, one.label): one for one in before}
    pairs = [(old[one.text, one.label], one) for one in after if (one.text, one.label) in old]
    changes = [
        Change(_kind(earlier, later), earlier, later)
        for earlier, later in pairs
        if (earlier.outcome, answer(earlier)) != (later.outcome, answer(later))
    ]
    order = {NOW_WRONG: 0, NOW_RIGHT: 1, CHANGED: 2}
    changes.sort(key=lambda change: order[change.kind])
    return Comparison(len(pairs), tuple(changes))


def _kind(before: Judged, after: Judged) -> str:
    was, will = _good(before), _good(after)
    if was == will:
        return CHANGED
    return NOW_RIGHT if will > was else NOW_WRONG


def _good(one: Judged) -> int:
    """Rate what the resident gets: a wrong answer, no help, the right offer, the answer."""
    if one.outcome == ANSWERED:
        return 3 if one.right else 0
    if one.outcome == NOT_UNDERSTOOD:
        return 1
    return 2 if one.among_three else 1

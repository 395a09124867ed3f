"""How well likely duplicates are found: precision and recall on 100 pairs with the right answer.

    .venv/bin/python -m tests.evaluation.duplicates

The pairs were written for it, Georgian mostly. So that the limits are not praised on what they
were chosen by, the last two lines choose them on one half and measure the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.submissions import duplicates
from bot.core.submissions.model import Kind

FILE = Path(__file__).with_name("duplicates.jsonl")
STEPS = tuple(number / 100 for number in range(2, 80, 2))


@dataclass(frozen=True)
class Pair:
    """Two submissions, whether they are about the same, and how alike their words are."""

    kind: Kind
    a: str
    b: str
    same_category: bool
    metres: float | None
    same: bool
    score: float


@dataclass(frozen=True)
class Measure:
    """How many were found rightly, found wrongly, and not found."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """How many of those found are the same."""
        found = self.right + self.wrong
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """How many of the same are found."""
        return self.right / (self.right + self.missed)

    @property
    def f1(self) -> float:
        """Both in one number."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed)


def load_pairs() -> list[Pair]:
    """Read the pairs."""
    rows = map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
    return [
        Pair(
            Kind(row["kind"]),
            row["a"],
            row["b"],
            row["category_a"] == row["category_b"],
            row["metres"],
            row["same"],
            duplicates.likeness(duplicates.pieces(row["a"]), duplicates.pieces(row["b"])),
        )
        for row in rows
    ]


def as_shipped(pair: Pair) -> bool:
    """Decide with the limits of the product."""
    return duplicates.is_likely(pair.kind, pair.same_category, pair.metres, pair.score)


def measure(pairs: Sequence[Pair], decide: Callable[[Pair], bool] = as_shipped) -> Measure:
    """Compare decisions with what is right."""
    found = [(decide(pair), pair.same) for pair in pairs]
    return Measure(
        found.count((True, True)), found.count((True, False)), found.count((False, True))
    )


def with_limits(alike: float, nearby: float) -> Callable[[Pair], bool]:
    """Make the decision with other limits."""

    def decide(pair: Pair) -> bool:
        if pair.metres is None:
            return pair.score >= alike
        near = pair.same_category and pair.metres <= duplicates.NEAR_METRES
        return near and pair.score >= nearby

    return decide


def across_halves(pairs: Sequence[Pair]) -> list[tuple[float, float, Measure]]:
    """Choose the limits on one half of the pairs and measure the other, both ways."""
    halves = (pairs[::2], pairs[1::2])
    result = []
    for chosen_on, measured_on in (halves, halves[::-1]):
        alike, nearby = max(
            ((a, n) for a in STEPS for n in STEPS),
            key=lambda limits: measure(chosen_on, with_limits(*limits)).f1,
        )
        result.append((alike, nearby, measure(measured_on, with_limits(alike, nearby))))
    return result


def main() -> None:
    """Print the figures."""
    pairs = load_pairs()
    groups = {"all": pairs}
    groups.update({kind.value: [p for p in pairs if p.kind is kind] for kind in Kind})
    for name, group in groups.items():
        if group:
            found = measure(group)
            print(f"{name}: {len(group)} pairs, precision {found.precision:.2f}, "
                  f"recall {found.recall:.2f}")  # fmt: skip
    for pair in pairs:
        if as_shipped(pair) != pair.same:
            print(f"  {'not found' if pair.same else 'wrong'}: {pair.a} | {pair.b}")
    for alike, nearby, found in across_halves(pairs):
        print(f"limits {alike:.2f} and {nearby:.2f} of one half on the other: precision "
              f"{found.precision:.2f}, recall {found.recall:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()

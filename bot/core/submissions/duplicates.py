"""Submissions that may be about the same thing: by place, category and likeness of words.

Georgian bends its words at the end, so texts are compared by pieces of three letters rather than
by words. A likeness is only ever offered to a resident, it never keeps anything back.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.normalise import normalise
from bot.core.submissions.model import Draft, Kind, Place, Submission

#: Problems further apart than this are two problems.
NEAR_METRES = 250.0
#: At most so many are offered.
MOST = 3
#: Texts less alike than this are not offered; measured on tests/evaluation/duplicates.jsonl.
ALIKE = 0.38
#: The same for problems known to be near each other: place and category say much already.
ALIKE_NEARBY = 0.2

_EARTH_RADIUS = 6_371_000.0


@dataclass(frozen=True)
class Likely:
    """A submission that may be the same; ``metres`` is None without two pins."""

    submission: Submission
    score: float
    metres: float | None


def likely(draft: Draft, others: Iterable[Submission]) -> list[Likely]:
    """Give at most three submissions that may be about the same as a draft, likeliest first.

    Args:
        draft: what a resident is about to hand in.
        others: open submissions of the same town and kind.
    """
    own = pieces(f"{draft.title} {draft.body}")
    found: list[Likely] = []
    for other in others:
        metres = distance(draft.place, other.place)
        score = likeness(own, pieces(f"{other.title} {other.body}"))
        if is_likely(draft.kind, draft.category == other.category, metres, score):
            found.append(Likely(other, score, metres))
    return sorted(found, key=lambda item: -item.score)[:MOST]


def is_likely(kind: Kind, same_category: bool, metres: float | None, score: float) -> bool:
    """Decide whether two texts of this likeness may be about the same."""
    if kind is Kind.PROBLEM and metres is not None:
        return same_category and metres <= NEAR_METRES and score >= ALIKE_NEARBY
    return score >= ALIKE


def pieces(text: str) -> Counter[str]:
    """Count the pieces of three letters of a text's words."""
    found: Counter[str] = Counter()
    for word in normalise(text).split():
        framed = f" {word} "
        found.update(framed[start : start + 3] for start in range(len(framed) - 2))
    return found


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Tell from 0 to 1 how alike two texts are: the cosine of their pieces' counts."""
    shared = sum(count * other[piece] for piece, count in one.items())
    size = math.sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))
    return shared / size if size else 0.0


def distance(one: Place | None, other: Place | None) -> float | None:
    """Give the metres between two pins; None when one of the two has no pin."""
    if one is None or other is None:
        return None
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    x = (math.radians(other.lon) - math.radians(one.lon)) * math.cos((lat + other_lat) / 2)
    return _EARTH_RADIUS * math.hypot(x, other_lat - lat)

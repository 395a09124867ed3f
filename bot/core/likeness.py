"""Which messages say much the same, so that a person decides once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from rapidfuzz import fuzz, process

T = TypeVar("T")

#: From this likeness on, of 100, two messages stand together.
LIKE = 78.0


def grouped(items: Iterable[T], skeleton: Callable[[T], str]) -> list[list[T]]:
    """Put items together whose skeletons are alike.

    The first item of a group is the one the others are compared with, so give the most
    important ones first. Groups come in the order of their first items.

    Args:
        items: what is grouped.
        skeleton: gives the script-neutral text of an item (`bot.core.skeleton`).
    """
    groups: list[list[T]] = []
    heads: list[str] = []
    for item in items:
        text = skeleton(item)
        place = _most_alike(text, heads)
        if place is None:
            groups.append([item])
            heads.append(text)
        else:
            groups[place].append(item)
    return groups


def _most_alike(text: str, heads: list[str]) -> int | None:
    """Compare letter by letter, then with the words in any order."""
    for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
        found = process.extractOne(text, heads, scorer=scorer, score_cutoff=LIKE)
        if found is not None:
            return int(found[2])
    return None

"""Long answers in parts that a channel takes, cut where a reader would pause."""

from __future__ import annotations

import re

#: Where a text may be cut, the best place first: between paragraphs, lines, sentences, words.
_CUTS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…։])\s+"),
    re.compile(r"\s+"),
)
#: A part is filled at least this far before a worse kind of place is taken.
_LEAST = 0.4


def split(text: str, limit: int) -> list[str]:
    """Split a text into parts of at most ``limit`` characters.

    Args:
        text: the whole text.
        limit: the longest text a channel takes, in the characters Python counts.

    Returns:
        The parts in order, each without white space at its ends; none is empty. A word longer
        than the limit is cut inside.

    Raises:
        ValueError: when ``limit`` is not positive.
    """
    if limit < 1:
        raise ValueError("the limit must be positive")
    rest, parts = text.strip(), []
    while len(rest) > limit:
        end, begin = _cut(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[begin:].lstrip()
    return [*parts, rest] if rest else parts


def _cut(text: str, limit: int) -> tuple[int, int]:
    """Give where the first part ends and the next one begins."""
    for least in (int(limit * _LEAST), 1):
        for kind in _CUTS:
            # A place counts when the part before it fits; the white space there is dropped.
            places = [cut for cut in kind.finditer(text, 1, limit + 1) if cut.start() >= least]
            if places:
                return places[-1].start(), places[-1].end()
    return limit, limit

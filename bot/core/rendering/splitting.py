"""Cutting long texts into messages that a platform takes."""

from __future__ import annotations

import re

#: Where a text may be cut, the best place first: between paragraphs, lines, sentences, words.
_PLACES = (
    re.compile(r"\n\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…։])\s"),
    re.compile(r"\s"),
)
#: A cut before this part of the limit would leave too short a message.
_EARLIEST = 0.5


def length(text: str) -> int:
    """Give the length in UTF-16 units, as the platforms count; never less than characters."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most ``limit`` UTF-16 units, at the best place there is.

    Only white space at the cuts is dropped. An empty text has no parts.
    """
    parts: list[str] = []
    rest = text.strip()
    while length(rest) > limit:
        head = _head(rest, limit)
        cut = _cut(head)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*parts, rest) if part]


def shorten(text: str, limit: int) -> str:
    """Give the text, or its beginning with an ellipsis when it is too long."""
    return text if length(text) <= limit else _head(text, limit - 1).rstrip() + "…"


def _head(text: str, limit: int) -> str:
    """Give the longest beginning within the limit."""
    head = text[:limit]
    while length(head) > limit:
        head = head[: -max(1, (length(head) - limit) // 2)]
    return head


def _cut(head: str) -> int:
    earliest = int(len(head) * _EARLIEST)
    for place in _PLACES:
        cuts = [found.end() for found in place.finditer(head) if found.start() >= earliest]
        if cuts:
            return cuts[-1]
    return len(head)

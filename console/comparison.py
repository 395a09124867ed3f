"""Two models' answers to the same words beside each other, with what differs between them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

#: Texts less alike than this are different answers: marking their words would only confuse.
ALIKE = 0.5
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A part of a text, or a button's title, and whether the other side lacks it."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Bubble:
    """One message of an answer: ``service`` says what it was taken from."""

    pieces: tuple[Piece, ...]
    buttons: tuple[Piece, ...]
    service: str | None

    @property
    def differs(self) -> bool:
        """Whether anything in it differs from the other side's."""
        return any(piece.differs for piece in (*self.pieces, *self.buttons))


Replies = Sequence[Mapping[str, Any]]


def beside(replies: Replies, other: Replies) -> list[Bubble]:
    """Give one side's answer with what the other side's has not, message by message.

    Args:
        replies: as `cbot chat --jsonl` gives them.
    """
    pairs = list(zip_longest(replies, other))[: len(replies)]
    return [_bubble(mine, theirs or {}) for mine, theirs in pairs]


def _bubble(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Bubble:
    text, other = str(mine.get("text") or ""), str(theirs.get("text") or "")
    titles = {button["title"] for button in _own(theirs)}
    return Bubble(
        _pieces(text, other),
        tuple(Piece(button["title"], button["title"] not in titles) for button in _own(mine)),
        mine.get("service"),
    )


def _own(reply: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the buttons of the answer itself: whether it helped is asked once a day of anybody."""
    buttons = reply.get("buttons") or ()
    return [button for button in buttons if not button["payload"].startswith("feedback:")]


def _pieces(text: str, other: str) -> tuple[Piece, ...]:
    if text == other:
        return (Piece(text),)
    words, others = _WORDS.findall(text), _WORDS.findall(other)
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    if matcher.ratio() < ALIKE:
        return (Piece(text, True),)
    parts = (
        Piece("".join(words[begin:end]), operation != "equal")
        for operation, begin, end, _, _ in matcher.get_opcodes()
    )
    return tuple(part for part in parts if part.text)

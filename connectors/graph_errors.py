"""What the Graph API's errors mean for the message that was sent, and for those behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.core.errors import BotError


class Meaning(Enum):
    """What the caller does next."""

    TEMPORARY = "try again later"
    RATE_LIMIT = "send nothing to this page for a while"
    WINDOW_CLOSED = "hold the message until the resident writes"
    UNREACHABLE = "the resident cannot be reached until they write"
    #: Meta's pages disagree; our own record of the resident's last message decides.
    CLOSED_OR_UNREACHABLE = "hold, or mark as unreachable"
    WRONG = "ours to mend; never send it again"
    TOKEN = "stop sending until the token is replaced"  # noqa: S105 -- no password
    PERMISSION = "stop sending until the permission is given"
    RESTRICTED = "send nothing to this page for long"


class GraphError(BotError):
    """The Graph API refused a request, or gave no answer.

    ``uncertain`` when the request may have done its work all the same. The message names codes
    only: never the address, which holds the token, nor the text.
    """

    def __init__(
        self,
        meaning: Meaning,
        message: str,
        *,
        seconds: float | None = None,
        uncertain: bool = False,
    ) -> None:
        super().__init__(message)
        self.meaning = meaning
        self.seconds = seconds
        self.uncertain = uncertain


#: Codes with the subcodes that decide; None stands for any other or no subcode.
_TABLE: tuple[tuple[frozenset[int], frozenset[int] | None, Meaning], ...] = (
    (frozenset({10}), frozenset({2018278, 2534022, 2018065}), Meaning.WINDOW_CLOSED),
    (frozenset({10}), frozenset({2018108}), Meaning.UNREACHABLE),
    (frozenset({10}), frozenset({1893063}), Meaning.RESTRICTED),
    (frozenset({200, 551}), frozenset({1545041}), Meaning.UNREACHABLE),
    (frozenset({551}), None, Meaning.UNREACHABLE),
    (frozenset({1, 2, 1200}), None, Meaning.TEMPORARY),
    (frozenset({4, 17, 32, 613}), None, Meaning.RATE_LIMIT),
    (frozenset({368}), None, Meaning.RESTRICTED),
    (frozenset({190, 102}), None, Meaning.TOKEN),
    (frozenset({10, 200, 230}), None, Meaning.PERMISSION),
)
_EITHER = 1545041


@dataclass(frozen=True)
class Refusal:
    """The codes of an error's body."""

    code: int
    subcode: int | None

    def __str__(self) -> str:
        return f"{self.code}/{self.subcode}" if self.subcode else str(self.code)


def read(status: int, body: Any) -> GraphError:
    """Give the error for an answer that is none of success."""
    refusal = _refusal(body)
    if refusal is None:
        meaning = Meaning.TEMPORARY if status >= 500 or status == 429 else Meaning.WRONG
        # Something on the way broke, perhaps only after the message had passed it.
        return GraphError(meaning, f"Graph answers HTTP {status}", uncertain=status >= 500)
    meaning = meaning_of(refusal)
    if meaning is Meaning.WRONG and status >= 500:
        meaning = Meaning.TEMPORARY
    return GraphError(meaning, f"Graph answers HTTP {status}, error {refusal}")


def meaning_of(refusal: Refusal) -> Meaning:
    """Look the codes up."""
    for codes, subcodes, meaning in _TABLE:
        if refusal.code in codes and (subcodes is None or refusal.subcode in subcodes):
            return meaning
    if refusal.subcode == _EITHER:
        return Meaning.CLOSED_OR_UNREACHABLE
    return Meaning.WRONG


def _refusal(body: Any) -> Refusal | None:
    error = body.get("error") if isinstance(body, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else None
    if not isinstance(code, int):
        return None
    subcode = error.get("error_subcode") if isinstance(error, Mapping) else None
    return Refusal(code, subcode if isinstance(subcode, int) else None)

"""Rating initiatives: what a person may give, how the order is drawn, what the results say.

A voter is a key that only the round's salt can make from a chat or a telephone number. When the
salt is destroyed with the round, nobody can tell any more who rated what.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class Scale(str, Enum):
    """What is asked in a round."""

    #: From one to five.
    STARS = "stars"
    #: To support it, or not.
    SUPPORT = "support"

    @property
    def values(self) -> tuple[int, ...]:
        """The values that may be given."""
        return (1, 2, 3, 4, 5) if self is Scale.STARS else (1,)


CHAT = "chat"
PHONE = "phone"
#: Of an initiative with fewer ratings only that is said.
FEWEST = 5


@dataclass(frozen=True)
class Voter:
    """Somebody who rates: by their telephone when they shared it, else by their chat.

    ``former`` is the key of the same person's chat when a telephone counts now.
    """

    key: str
    tier: str
    conversation: str
    former: str | None = None


def voter(salt: bytes, conversation: str, phone: str | None = None) -> Voter:
    """Make the voter of a round; one person on two channels is one by the same telephone."""
    by_chat = _key(salt, f"{CHAT}:{conversation}")
    if not phone:
        return Voter(by_chat, CHAT, conversation)
    digits = "".join(char for char in phone if char.isdigit())[-9:]
    return Voter(_key(salt, f"{PHONE}:{digits}"), PHONE, conversation, by_chat)


def in_order(salt: bytes, voter: Voter, initiatives: Iterable[int]) -> list[int]:
    """Shuffle the initiatives: for each person differently, for one person always alike."""
    return sorted(initiatives, key=lambda id: _key(salt, f"{voter.key}:{id}"))


def _key(salt: bytes, text: str) -> str:
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Tally:
    """How many rated, and their mean."""

    count: int
    mean: float


@dataclass(frozen=True)
class Result:
    """What came out for one initiative; ``total`` is None below :data:`FEWEST` ratings."""

    initiative: int
    title: Mapping[str, str]
    total: Tally | None
    tiers: Mapping[str, Tally]


def result(initiative: int, title: Mapping[str, str], given: Iterable[tuple[str, int]]) -> Result:
    """Sum up the ratings of an initiative.

    Args:
        initiative: its id.
        title: per language.
        given: tier and value of each rating.
    """
    values: dict[str, list[int]] = {}
    for tier, value in given:
        values.setdefault(tier, []).append(value)
    everything = [value for group in values.values() for value in group]
    if len(everything) < FEWEST:
        return Result(initiative, title, None, {})
    tiers = {tier: _tally(group) for tier, group in sorted(values.items())}
    return Result(initiative, title, _tally(everything), tiers)


def _tally(values: list[int]) -> Tally:
    return Tally(len(values), sum(values) / len(values))

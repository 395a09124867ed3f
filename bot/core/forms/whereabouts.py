"""The place that words name on the way: who writes "კოსტავაზე ორმოა" said where it is.

It is filled in, told, and can be changed as every other answer. A microdistrict alone is enough
for an idea; for a problem it is kept and the spot asked for once. Another town's name is never
taken for a place in this one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.forms.questions import NOTICE, PREVIEW, PROGRAMME, TERMS
from bot.core.forms.state import State
from bot.core.submissions.model import Kind, Place

TOWN, DISTRICT, STREET = "municipality", "district", "street"
#: The kinds of places that the understanding finds in a message.
KINDS = (TOWN, DISTRICT, STREET)

_HOUSE = re.compile(r"\d{1,3}[ა-ჰa-z]?\b")
_GEORGIAN = re.compile("[ა-ჰ]")
#: Two streets are a corner; more of them say no place.
_MOST_STREETS = 2
#: Where the place is not told: before it would have been asked, and on the card that shows it.
_UNTOLD = frozenset({NOTICE, PROGRAMME, TERMS, "body", "category", "place", PREVIEW})


@dataclass(frozen=True)
class Named:
    """A place that a message names: its kind, its value for city hall, and the words for it.

    ``foreign`` tells that the words are not in city hall's language: whoever wrote them may not
    be able to read the value.
    """

    kind: str
    value: str
    words: str
    foreign: bool = False


def elsewhere(named: Sequence[Named], town: str) -> str:
    """Give the other town that a message names; empty when it names ``town`` too, or none."""
    towns = [one.value for one in named if one.kind == TOWN]
    return "" if town in towns else next(iter(towns), "")


def place_of(named: Sequence[Named]) -> Place | None:
    """Give the place that is named; None when it is none, or might be several."""
    districts = list(dict.fromkeys(one.value for one in named if one.kind == DISTRICT))
    streets = list(dict.fromkeys(_address(one) for one in named if one.kind == STREET))
    if len(districts) > 1 or len(streets) > _MOST_STREETS or not (districts or streets):
        return None
    return Place(", ".join(streets), district="".join(districts))


def _address(street: Named) -> str:
    numbers = [match.group() for match in _HOUSE.finditer(street.words)]
    in_name = _HOUSE.search(street.value)
    if in_name and in_name.group() in numbers:
        # "26 მაისის ქუჩა" has its number from the name.
        numbers.remove(in_name.group())
    address = " ".join([street.value, *numbers[:1]])
    # A street that stands in no table is said in the resident's own words already.
    other = bool(_GEORGIAN.search(street.value)) and not _GEORGIAN.search(street.words)
    return f"{address} ({street.words})" if street.foreign and other else address


def noticed(state: State, named: Sequence[Named], town: str) -> State:
    """Give the form with the place that a message names, unless one is known already."""
    if "place" in state.answers or state.near is not None:
        return state
    other = elsewhere(named, town)
    if other:
        return replace(state, elsewhere=other)
    if any(one.kind == TOWN and one.value != town for one in named):
        return state
    place = place_of(named)
    if place is None:
        return state
    if state.kind is Kind.PROBLEM and not place.text:
        return replace(state, near=place.to_json())
    answers = {**state.answers, "place": place.to_json()}
    return replace(state, answers=answers, understood=True)


def is_to_tell(state: State) -> bool:
    """Tell whether the resident is to hear now which place was understood."""
    return state.understood and not state.offer and state.question not in _UNTOLD

"""A number or a day alone, after an answer whose calculator can reckon with it."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core import calculation, clock
from bot.core.calculators.registry import calculator_of
from bot.core.forms import words
from bot.nlu.outcome import ANSWERED, OUTCOME

_DAY = "date"
#: What may stand beside a town or a number that is only named: "and in Bolnisi?".
AND_WHAT_OF = frozenset(
    words.folded(
        "და მაშინ ხოლო აბა კიდევ and in what about how for а и в во что по bəs və da isk իսկ և"
    ).split()
)

#: And beside a number: "and if it were 50 thousand lari?".
_BESIDE_A_NUMBER = AND_WHAT_OF | frozenset(
    words.folded(
        "თუ რომ რო იყოს იქნება ლარი ლარია ლარს ათასი ათასია "
        "if it is were was then gel lari thousand если будет было бы тогда лари тысяч "
        "isə olsa lari min եթե լինի լարի հազար"
    ).split()
)


def number_alone(
    focus: str, parse_data: Mapping[str, Any], text: str, tracker: DialogueStateTracker
) -> Optional[Dict[str, str]]:
    """Give the entity that a number or a day alone is to the calculator of the focus.

    After a result it may stand in a question: "and if it were 50 000?", "and if I send it today?".
    """
    calculator = calculator_of(focus) if focus else None
    bare = not any(character.isalpha() for character in text)
    unsure, little = parse_data.get(OUTCOME) != ANSWERED, _little_else(text)
    again = (unsure or little) and _reckoned_just_now(tracker)
    if calculator is None or not (bare or again or (unsure and little)):
        return None
    loaded, town = library.keeper().current(), library.municipality()
    begun = calculation.begin(loaded, calculator.name, focus, town)
    day = next((each for each in parse_data.get("entities") or () if each["entity"] == _DAY), None)
    text = text if day is None else str(day["value"])
    said = calculation.said_alone(loaded, begun, text, clock.today()) if begun else None
    if said is None or (said[0] != _DAY and not bare and not little):
        return None
    return {"entity": said[0], "value": said[1]}


def _reckoned_just_now(tracker: DialogueStateTracker) -> bool:
    """Tell whether the last reply told the result of a calculation."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, SlotSet) and event.key == "calculation":
            return event.value is None
    return False


def _little_else(text: str) -> bool:
    """Tell whether a message says little more than its number in digits."""
    said = words.folded(text).split()
    others = {word for word in said if not word.isdecimal()}
    return len(others) < len(said) and others <= _BESIDE_A_NUMBER

"""Telling an answer to a calculator's question from a message about something else."""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core import calculation, clock
from bot.core.calculation import Calculation
from bot.core.calculators.reading import MOST_WORDS
from bot.core.forms import words
from bot.engine.context import FOLLOW_UP

#: Intents a short message may get that is no answer, but no other question either.
_FEW_WORDS = 3
_UNCLEAR = frozenset({"nlu_fallback", FOLLOW_UP, "nothing_readable"})
#: Who does not know the number is told the rule instead.
_NOT_KNOWN = frozenset(
    words.folded(phrase)
    for phrase in (
        "არ ვიცი", "არ მახსოვს", "ზუსტად არ ვიცი", "don't know", "i don't know", "no idea",
        "не знаю", "не помню", "bilmirəm", "չգիտեմ", "չեմ հիշում",
    )
)  # fmt: skip


def answered(
    parse_data: Dict[str, Any], text: str, tracker: Optional[DialogueStateTracker]
) -> Dict[str, Any]:
    """Give the understanding of a message, as an answer when a calculator has just asked.

    A short message with a number (a day, where a day was asked for) answers; so does a short
    one that means nothing else: the resident is then told what is expected.
    """
    going_on = _awaiting(tracker)
    if going_on is None:
        return parse_data
    loaded = library.keeper().current()
    asked = calculation.asked_field(loaded, going_on)
    intent = (parse_data.get("intent") or {}).get("name")
    unclear = intent in _UNCLEAR and "?" not in text and len(text.split()) <= _FEW_WORDS
    if asked is None:
        return parse_data
    if words.folded(text) in _NOT_KNOWN:
        # What can be said without the number.
        price = {"entity": "attribute", "value": "price"}
        return {**parse_data, "intent": {"name": FOLLOW_UP, "confidence": 1.0}, "entities": [price]}
    said = _entity(parse_data, asked.entity) if len(text.split()) <= MOST_WORDS else None
    read = said is not None or calculation.read(loaded, asked, text, clock.today()) is not None
    if not read and not unclear:
        return parse_data
    entity = {"entity": "calculation_answer", "value": text if said is None else str(said)}
    return {
        **parse_data,
        "intent": {"name": "calculation", "confidence": 1.0},
        "entities": [*parse_data.get("entities", []), entity],
    }


def _entity(parse_data: Dict[str, Any], name: str) -> Optional[Any]:
    """Give the value of an entity that the understanding found; None without one."""
    found = (each for each in parse_data.get("entities", []) if each.get("entity") == name)
    return next((each.get("value") for each in found if name), None)


def _awaiting(tracker: Optional[DialogueStateTracker]) -> Optional[Calculation]:
    """Give the calculation whose question was the last thing the bot said."""
    going_on = Calculation.from_json(tracker.get_slot("calculation")) if tracker else None
    if tracker is None or going_on is None or tracker.active_loop:
        return None
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME:
            # A question that brought numbers itself was answered by the action of its service.
            asked = ("action_calculate", "action_answer_service", "action_follow_up")
            return going_on if event.action_name in asked else None
    return None

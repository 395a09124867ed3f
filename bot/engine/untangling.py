"""A message that says more than one thing: a greeting before a question, or two questions.

The classifier gives one label to a whole message, and a greeting is louder than what follows it.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping

from bot.actions import library
from bot.core.forms import words
from bot.engine.context import (
    FOLLOW_UP,
    SIDES,
    Understand,
    attributes_of,
    intent_of,
    reread,
    who_knows,
)
from bot.nlu.asking import MOST_ASKED
from bot.nlu.outcome import ANSWERED, OUTCOME

#: What is said before a question, in up to so many words.
_COURTESIES = frozenset({"dialogue.greet", "dialogue.thank", "dialogue.praise"})
_COURTEOUS_WORDS = 3
#: What stands between two questions; a longer message tells a story.
_AND = r"(?:(?:და|da|and|и|və|և|եւ)(?:\s+(?:კიდევ|ასევე|kidev|also|ещё|еще|həm|նաև))?)\s+"
_BETWEEN = re.compile(rf"(?<=\?)\s+(?:{_AND})?(?=\w)|,?\s+{_AND}(?=\w)", re.IGNORECASE)
_MOST_WORDS = 20
#: Each of two questions must be as sure as this.
_SURE = 0.75
#: The entity that tells the second question's service and side.
SECOND = "second_question"


async def untangled(
    parse_data: Dict[str, Any], text: str, understand: Understand
) -> Dict[str, Any]:
    """Give the understanding of the question after a greeting, or of both questions."""
    if len(text.split()) > _MOST_WORDS:
        return parse_data
    if intent_of(parse_data) in _COURTESIES:
        return await _after_courtesy(parse_data, text, understand)
    return await _both(parse_data, text, understand)


async def _after_courtesy(
    parse_data: Dict[str, Any], text: str, understand: Understand
) -> Dict[str, Any]:
    said = text.split()
    for courteous in range(1, min(_COURTEOUS_WORDS, len(said) - 2) + 1):
        rest = await understand(" ".join(said[courteous:]))
        if _asks(rest):
            kept = ("intent", "intent_ranking", OUTCOME)
            return {**parse_data, **{name: rest[name] for name in kept}}
    return parse_data


async def _both(parse_data: Dict[str, Any], text: str, understand: Understand) -> Dict[str, Any]:
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) != 2 or not any(map(words.is_question, parts)):
        return parse_data
    first, second = await understand(parts[0]), await understand(parts[1])
    if not all(map(_is_question, parts, (first, second))):
        return parse_data
    service = intent_of(first)
    if not _asks(first) or service == FOLLOW_UP:
        return parse_data
    other, sides = intent_of(second), attributes_of(second)
    if not _asks(second) or other in (FOLLOW_UP, *SIDES):
        # "... and what papers?" is about the first one's service.
        reading = await reread(service, second, parts[1], understand)
        if reading.intent == FOLLOW_UP or (not reading.intent and other == FOLLOW_UP):
            other = service
            if reading.attribute and reading.attribute not in sides:
                sides = [reading.attribute]
        elif reading.intent:
            # "... and where do I pay?" is a service of its own beside the first one.
            other = reading.intent
        elif not _asks(second):
            hinted = service in (guess["name"] for guess in second["intent_ranking"][:2])
            if not hinted or not sides:
                return parse_data
            other = service
    if len(sides) == 1:
        other = who_knows(other, sides[0])
    told = attributes_of(first)
    further = [side for side in sides if other != service or side not in told]
    found: Dict[str, Any] = {"entity": SECOND, "value": {"service": other, "attributes": further}}
    if other == service and not further:
        return parse_data
    entities = list(first.get("entities") or [])
    if other == service and told:
        # Sides of one service are one answer.
        more = [{"entity": "attribute", "value": side} for side in further]
        return {**first, "text": text, "entities": [*entities, *more[: MOST_ASKED - len(told)]]}
    return {**first, "text": text, "entities": [*entities, found]}


def _is_question(part: str, parsed: Mapping[str, Any]) -> bool:
    """Tell whether a part asks something: in its form, or for a side of a service."""
    return words.is_question(part) or bool(attributes_of(parsed))


def _asks(parsed: Mapping[str, Any]) -> bool:
    """Tell whether a text asks about a service for sure."""
    if parsed.get(OUTCOME) != ANSWERED or parsed["intent"]["confidence"] < _SURE:
        return False
    intent = intent_of(parsed)
    return intent == FOLLOW_UP or intent in library.catalogue().services

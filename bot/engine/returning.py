"""A message that returns by name to a subject of before: "back to the army: which papers?"."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core.forms import words
from bot.engine.context import MOST_WORDS, Understand, intent_of
from bot.nlu.outcome import ANSWERED, OUTCOME

#: How words begin that return to something; each stands beside what it returns to.
_RETURNING = tuple(
    words.folded(
        "დავუბრუნდ დავბრუნდ დაბრუნდ მივუბრუნდ back return вернёмся вернемся вернуться "
        "возвращаясь qayıdaq qayıtmaq վերադառնանք"
    ).split()
)
#: What else may stand there: "let us get back to".
_BESIDE = frozenset(words.folded("let us lets get to the ისევ давай давайте к ко").split())
_CLAUSE = re.compile(r"[,.:;!?…–—]+")
#: A name must point so much to a subject of before, or to its topic.
_NAMED_FROM = 0.3


async def returned(
    parse_data: Dict[str, Any], text: str, tracker: DialogueStateTracker, understand: Understand
) -> Optional[Dict[str, Any]]:
    """Give the understanding as a question about the subject returned to; None when it is none."""
    name = _name(text) if len(text.split()) <= MOST_WORDS else ""
    if not name:
        return None
    named = await understand(name)
    service = _meant(_earlier(tracker), named.get("intent_ranking") or ())
    if not service and named.get(OUTCOME) == ANSWERED:
        # Nothing of before: what is named all the same goes before what was answered last.
        service = intent_of(named)
    if service not in library.catalogue().services:
        return None
    return {**parse_data, "intent": {"name": service, "confidence": 1.0}, OUTCOME: ANSWERED}


def _name(text: str) -> str:
    """Give what stands beside the word that returns, or nothing when no word does."""
    for clause in _CLAUSE.split(text):
        said = clause.split()
        kept = [word for word in said if not words.folded(word).startswith(_RETURNING)]
        if len(kept) < len(said):
            return " ".join(word for word in kept if words.folded(word) not in _BESIDE)
    return ""


def _earlier(tracker: DialogueStateTracker) -> List[str]:
    """Give the services answered in this conversation, the latest first."""
    set_ones = (
        str(event.value)
        for event in reversed(tracker.events)
        if isinstance(event, SlotSet) and event.key == "service"
    )
    known = library.catalogue().services
    return [service for service in dict.fromkeys(set_ones) if service in known]


def _meant(earlier: Sequence[str], ranking: Iterable[Mapping[str, Any]]) -> str:
    """Give the service of before that a name points to most: itself, or else its topic.

    The first of them was answered last: nobody returns to that by its topic's name.
    """
    services: Dict[str, float] = defaultdict(float)
    topics: Dict[str, float] = defaultdict(float)
    for guess in ranking:
        services[guess["name"]] += guess["confidence"]
        topics[guess["name"].partition(".")[0]] += guess["confidence"]
    scores = {each: services[each] for each in earlier}
    for each in earlier[1:]:
        scores[each] += topics[each.partition(".")[0]]
    best = max(scores, key=lambda each: scores[each], default="")
    return best if scores.get(best, 0.0) >= _NAMED_FROM else ""

"""A message that returns by name to a subject of before: "back to the army: which papers?"."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, Container, Dict, Iterable, List, Mapping, Optional, Sequence

from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core.forms import words
from bot.engine.context import MOST_WORDS, Understand
from bot.nlu.outcome import ANSWERED, OFFERED, OUTCOME

#: How words begin that return to something; each stands beside what it returns to.
_RETURNING = tuple(
    words.folded(
        "დავუბრუნდ დავბრუნდეთ მივუბრუნდ вернёмся вернемся вернуться "
        "возвращаясь qayıdaq qayıtmaq վերադառնանք"
    ).split()
)
#: Two words that do only together: "back to the army", not "my money back".
_BACK, _TO = frozenset({"back", "return"}), "to"
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
    ranking = named.get("intent_ranking") or ()
    service = _meant(_earlier(tracker), ranking)
    if service:
        return {**parse_data, "intent": {"name": service, "confidence": 1.0}, OUTCOME: ANSWERED}
    likeliest = next((guess["name"] for guess in ranking), "")
    if named.get(OUTCOME) not in (ANSWERED, OFFERED) or likeliest not in _services():
        return None
    # Nothing of before: what is named goes before what was answered last all the same, and the
    # side asked about is not one of the latter.
    entities = named.get("entities") if named[OUTCOME] == OFFERED else parse_data.get("entities")
    kept = {key: named[key] for key in ("intent", "intent_ranking", OUTCOME)}
    return {**parse_data, **kept, "entities": entities or []}


def _name(text: str) -> str:
    """Give what stands beside the word that returns, or nothing when no word does."""
    for clause in _CLAUSE.split(text):
        said = [(word, words.folded(word)) for word in clause.split()]
        after = [folded for _, folded in said[1:]]
        if any(folded.startswith(_RETURNING) for _, folded in said) or any(
            folded in _BACK and then == _TO for (_, folded), then in zip(said, after, strict=False)
        ):
            return " ".join(
                word
                for word, folded in said
                if not folded.startswith(_RETURNING) and folded not in _BACK | _BESIDE
            )
    return ""


def _earlier(tracker: DialogueStateTracker) -> List[str]:
    """Give the services answered in this conversation, the latest first."""
    set_ones = (
        str(event.value)
        for event in reversed(tracker.events)
        if isinstance(event, SlotSet) and event.key == "service"
    )
    return [service for service in dict.fromkeys(set_ones) if service in _services()]


def _services() -> Container[str]:
    return library.catalogue().services


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

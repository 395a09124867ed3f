"""What the bot understands of one text, in the words of the catalogue.

This is the line that ``cbot parse --jsonl`` writes.
"""

from __future__ import annotations

from typing import Any, Dict

from bot.actions import library
from bot.core.languages import DEFAULT
from bot.engine.processor import CityAgent
from bot.nlu.outcome import ANSWERED, NOT_UNDERSTOOD, OFFERED, OUTCOME

_RANKING = 5
#: What is told of an entity.
_SHOWN = ("entity", "value", "start", "end", "text")


async def parse_line(agent: CityAgent, text: str) -> Dict[str, Any]:
    """Give language, outcome, label, ranking and entities of a text.

    Only ids of the catalogue are named: a question that follows up on a service has none of
    its own, so its best guess among the services counts, and as not more than offered.
    """
    parsed = await agent.parse_message(text)
    catalogue = library.catalogue()
    ranking = [
        {"label": guess["name"], "confidence": round(guess["confidence"], 4)}
        for guess in parsed.get("intent_ranking") or []
        if guess["name"] in catalogue
    ]
    outcome = parsed.get(OUTCOME, NOT_UNDERSTOOD)
    if outcome == ANSWERED and parsed["intent"]["name"] not in catalogue:
        outcome = OFFERED
    language = parsed.get("language") or {}
    return {
        "text": text,
        "language": language.get("code") or DEFAULT,
        "script": language.get("script"),
        "outcome": outcome,
        "label": ranking[0]["label"] if ranking else None,
        "confidence": ranking[0]["confidence"] if ranking else 0.0,
        "ranking": ranking[:_RANKING],
        "entities": [
            {key: entity[key] for key in _SHOWN if key in entity}
            for entity in parsed.get("entities") or []
        ],
    }

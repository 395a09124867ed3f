"""A message that answers a clerk's question, and the form that waits to be finished.

City hall asks in a message of its own; what the resident writes next is the answer, unless it is
clearly something else: a question about a service, a command, a greeting.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import keeping
from bot.core.forms import words
from bot.engine.processor import CityAgent
from bot.nlu.outcome import ANSWERED, OUTCOME
from bot.store import submissions

INTENT = "answer_to_question"
#: Acts that are an answer too: yes, no, and what concerns no service.
_ANSWERS = frozenset({"dialogue.affirm", "dialogue.deny", "dialogue.out_of_scope"})


async def answer_to_question(
    agent: CityAgent, tracker: Optional[DialogueStateTracker], text: str
) -> Optional[Dict[str, Any]]:
    """Give the understanding of a text that answers an open question; None when it is none."""
    if tracker is None or tracker.active_loop or not tracker.get_slot("sent_something"):
        return None
    waits = str(tracker.get_slot("answering") or "")
    if not waits:
        asked = await keeping.database().read(submissions.open_question, tracker.sender_id)
        if asked is None:
            return None
        waits = f"reply:{asked[0].code}"
    parsed: Dict[str, Any] = await agent.parse_message(text)
    if _is_something_else(parsed, text, pressed=bool(tracker.get_slot("answering"))):
        return None
    verb, _, code = waits.partition(":")
    return {
        **parsed,
        "intent": {"name": INTENT, "confidence": 1.0},
        "entities": [{"entity": "verb", "value": verb}, {"entity": "argument", "value": code}],
    }


def _is_something_else(parsed: Dict[str, Any], text: str, pressed: bool) -> bool:
    if words.folded(text) in words.CANCEL:
        return True
    if pressed or parsed.get(OUTCOME) != ANSWERED:
        return False
    intent = str(parsed["intent"]["name"])
    if intent.startswith("dialogue."):
        return intent not in _ANSWERS
    return words.is_question(text)

"""A message that answers a clerk's question, and the form that waits to be finished.

City hall asks in a message of its own; what the resident writes or sends next is the answer,
unless it is clearly something else: a question about a service, a command, a greeting.
"""

from __future__ import annotations

import time
from typing import Any, Dict, Mapping, Optional

from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import keeping
from bot.actions.form_world import ANSWER
from bot.core.forms import brought, words
from bot.core.forms.state import State
from bot.engine.processor import CityAgent
from bot.nlu.outcome import ANSWERED, OUTCOME
from bot.store import submissions

#: Acts that are an answer too: yes, no, and what concerns no service.
_ANSWERS = frozenset({"dialogue.affirm", "dialogue.deny", "dialogue.out_of_scope"})
#: Photos that follow an answer within so many seconds belong to it.
_MORE_SECONDS = 600.0
#: The question of a form that an attachment answers.
_ANSWERED_BY = {"image": "photos", "location": "place"}


async def answer_to_question(
    agent: CityAgent, tracker: Optional[DialogueStateTracker], text: str
) -> Optional[Dict[str, Any]]:
    """Give the understanding of a text that answers an open question; None when it is none."""
    if tracker is None or not tracker.get_slot("sent_something"):
        return None
    waits = _pressed(tracker)
    if tracker.active_loop and not waits:
        return None
    if not waits:
        asked = await keeping.database().read(submissions.open_question, tracker.sender_id)
        if asked is None:
            return None
        waits = f"reply:{asked[0].code}"
    parsed: Dict[str, Any] = await agent.parse_message(text)
    if _is_something_else(parsed, text, pressed=bool(_pressed(tracker))):
        return None
    return {**parsed, **_answers(waits)}


async def answered_by(
    tracker: Optional[DialogueStateTracker], conversation: str, attachment: Mapping[str, Any]
) -> Optional[Dict[str, Any]]:
    """Give the understanding of a photo or point that answers a question; None when it is none.

    Who sends several answers with the first; the others are added to it.
    """
    if not brought.is_kept(attachment):
        return None
    waits = _pressed(tracker) if tracker is not None else ""
    if not waits:
        asked = await keeping.database().read(submissions.open_question, conversation)
        if asked is not None and not _is_for_the_form(tracker, attachment, asked[0].stage_since):
            waits = f"reply:{asked[0].code}"
    if not waits and not (tracker and tracker.active_loop):
        since = time.time() - _MORE_SECONDS
        code = await keeping.database().read(submissions.just_answered, conversation, since)
        waits = f"add:{code}" if code else ""
    if not waits:
        return None
    return {"text": "", "attachment": dict(attachment), "intent_ranking": [], **_answers(waits)}


def _answers(waits: str) -> Dict[str, Any]:
    verb, _, code = waits.partition(":")
    return {
        "intent": {"name": ANSWER, "confidence": 1.0},
        "entities": [{"entity": "verb", "value": verb}, {"entity": "argument", "value": code}],
    }


def _pressed(tracker: DialogueStateTracker) -> str:
    """Give what the button "answer" announced; in a form only when it was pressed just now."""
    waits = str(tracker.get_slot("answering") or "")
    latest = tracker.latest_message
    just_now = latest is not None and latest.intent.get("name") == "submission_button"
    return waits if just_now or not tracker.active_loop else ""


def _is_for_the_form(
    tracker: Optional[DialogueStateTracker], attachment: Mapping[str, Any], asked_at: float
) -> bool:
    """Tell whether the form that goes on waits for it, or asked after city hall did."""
    if tracker is None or not tracker.active_loop:
        return False
    try:
        state = State.from_json(tracker.get_slot("draft") or {})
    except (KeyError, ValueError):
        return False
    waits = _ANSWERED_BY.get(str(attachment.get("type")))
    return state.question == waits or state.touched_at > asked_at


def _is_something_else(parsed: Dict[str, Any], text: str, pressed: bool) -> bool:
    if words.folded(text) in words.CANCEL:
        return True
    if pressed or parsed.get(OUTCOME) != ANSWERED:
        return False
    intent = str(parsed["intent"]["name"])
    if intent.startswith("dialogue."):
        return intent not in _ANSWERS
    return words.is_question(text)

"""What a resident thinks of an answer: 👍 and 👎 under it, at most once a day.

Only an answer that was given for sure is asked about, and never inside a form. The buttons
change nothing in the conversation, so they are answered here and not by a rule: whoever is
half way through a form goes on with it. What was pressed is kept by `bot.engine.aftermath`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence

from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core import clock, payloads
from bot.core.asking_opinion import DOWN, UP, with_thumbs
from bot.core.payloads import Payload
from bot.core.replies import Reply
from bot.nlu.outcome import ANSWERED, OUTCOME

if TYPE_CHECKING:
    from bot.engine.processor import CityAgent

SLOT = "feedback_on"
REASONS = ("wrong_service", "wrong_answer", "unclear")


def pressed(payload: Optional[str]) -> Optional[Payload]:
    """Give the payload of a button of ours, None for anything else."""
    found = payloads.parse(payload) if payload is not None else None
    if found is None or found.verb != "feedback" or found.arguments[0] not in (UP, DOWN):
        return None
    reasons = found.arguments[1:]
    if reasons and (found.arguments[0] == UP or reasons[0] not in REASONS):
        return None
    return found


def answer(payload: Payload, language: str, town: Optional[str]) -> List[Reply]:
    """Give the reply to a button: thanks, or the question why."""
    if payload.arguments[0] == UP:
        return [library.say("feedback_thanks", language, town)]
    text = "feedback_noted" if len(payload.arguments) > 1 else "feedback_why"
    return [library.say(text, language, town)]


async def remember(
    agent: CityAgent,
    tracker: Optional[DialogueStateTracker],
    message_id: str,
    replies: Sequence[Reply],
) -> None:
    """Settle that this answer is asked about, if it is one and none was today."""
    if tracker is None or SLOT not in tracker.slots or tracker.active_loop:
        return
    services = [reply.service for reply in replies if reply.service]
    parsed: Any = tracker.latest_message.parse_data if tracker.latest_message else {}
    intent = (parsed.get("intent") or {}).get("name")
    if len(services) != 1 or parsed.get(OUTCOME) != ANSWERED or intent != services[0]:
        return
    today = clock.today().isoformat()
    if asked_about(tracker).get("day") == today:
        return
    value = {"day": today, "message_id": message_id, "service": services[0]}
    tracker.update(SlotSet(SLOT, value))
    await agent.tracker_store.save(tracker)


def ask(
    replies: Sequence[Reply],
    tracker: Optional[DialogueStateTracker],
    message_id: str,
    language: str,
) -> List[Reply]:
    """Put the two buttons under the answer that is asked about."""
    about = asked_about(tracker)
    if about.get("message_id") != message_id:
        return list(replies)
    texts = library.keeper().current().texts
    return [with_thumbs(reply, texts, language) if reply.service else reply for reply in replies]


def asked_about(tracker: Optional[DialogueStateTracker]) -> Dict[str, Any]:
    """Give the day, the message and the service of the answer asked about last."""
    if tracker is None or SLOT not in tracker.slots:
        return {}
    value = tracker.get_slot(SLOT)
    return value if isinstance(value, dict) else {}

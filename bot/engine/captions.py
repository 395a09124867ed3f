"""The words under a photo, which the photo itself follows as a message of its own.

They count as part of the photo: a form that is open or that they open hears them and leaves the
question to the photo's turn; a question about a service is answered; whatever else they say is
kept with the photo, for the form that takes it. On the web page, where a photo may stay on its way
for long, the words are answered too.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions.form_world import CAPTION, SILENT, SPOKEN
from bot.core.forms import words
from bot.core.forms.hearing import OPENERS
from bot.engine import pending
from bot.engine.processor import CityAgent
from bot.nlu.outcome import ANSWERED, OUTCOME


async def understood(
    agent: CityAgent, tracker: Optional[DialogueStateTracker], text: str, *, silent: bool
) -> Dict[str, Any]:
    """Give the understanding of a caption; ``silent`` when the photo is sure to come."""
    answer = await pending.answer_to_question(agent, tracker, text)
    if answer is not None:
        return answer
    parsed: Dict[str, Any] = await agent.parse_message(text)
    parsed = {**parsed, CAPTION: SILENT if silent else SPOKEN}
    in_a_form = tracker is not None and bool(tracker.active_loop)
    if in_a_form or not silent or _is_for_itself(parsed, text):
        return parsed
    kept = {"intent": {"name": "attachment", "confidence": 1.0}, "attachment": {"type": CAPTION}}
    return {**parsed, **kept, OUTCOME: None}


def _is_for_itself(parsed: Dict[str, Any], text: str) -> bool:
    """Tell whether the words open a form or ask something."""
    intent = str(parsed["intent"]["name"])
    asks = not intent.startswith("dialogue.") and words.is_question(text)
    return parsed.get(OUTCOME) == ANSWERED and (intent in OPENERS or asks)

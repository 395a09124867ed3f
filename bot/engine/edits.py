"""A message that a resident changed after sending it, as Telegram and Messenger allow.

It counts only while it is the newest one and the form it belongs to goes on: then the form steps
back to where it stood before and hears the new words. Anything else was answered long ago, and
answering it again would surprise.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.processor import CityAgent

#: The slot that holds an unfinished form.
DRAFT = "draft"


async def step_back(agent: CityAgent, tracker: DialogueStateTracker | None, edited: str) -> bool:
    """Let the form forget the message ``edited``; False when it is too late for that."""
    if tracker is None or not tracker.active_loop:
        return False
    events = list(tracker.events)
    newest = next((n for n in reversed(range(len(events))) if _is_said(events[n])), None)
    if newest is None or events[newest].message_id != edited:
        return False
    tracker.update(SlotSet(DRAFT, _draft_after(events[:newest])), agent.domain)
    await agent.tracker_store.save(tracker)
    return True


def _is_said(event: Any) -> bool:
    return isinstance(event, UserUttered)


def _draft_after(events: list[Any]) -> Any:
    """Give the form as it stood after these events; None when there was none."""
    changes = (e for e in reversed(events) if isinstance(e, SlotSet) and e.key == DRAFT)
    change = next(changes, None)
    return change.value if change is not None else None

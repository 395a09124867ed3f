"""Telling each resident an emergency notice once, before the answer to what they wrote."""

from __future__ import annotations

from datetime import datetime
from typing import List

from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core import emergency
from bot.core.clock import GEORGIA
from bot.core.languages import DEFAULT
from bot.core.replies import Reply
from bot.engine.collector import uttered

#: How many notices a conversation remembers: older ones hold no longer.
_REMEMBERED = 50


async def tell(tracker: DialogueStateTracker, channel: OutputChannel, domain: Domain) -> None:
    """Send the notices that hold now and that the resident has not seen; remember them."""
    seen: List[str] = list(tracker.get_slot("notices_seen") or [])
    town = tracker.get_slot("municipality") or library.municipality()
    notices = library.keeper().current().notices
    new = emergency.unseen(notices, town, seen, datetime.now(GEORGIA))
    if not new:
        return
    language = tracker.get_slot("language") or DEFAULT
    for notice in new:
        text = library.say("emergency", language, town, notice=notice.words(language)).text
        message = library.message(Reply(text))
        await channel.send_response(tracker.sender_id, message)
        # So that a repeated turn finds it again.
        tracker.update(uttered(message), domain)
    ids = [*seen, *(notice.id for notice in new)][-_REMEMBERED:]
    tracker.update(SlotSet("notices_seen", ids), domain)

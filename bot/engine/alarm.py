"""Somebody in danger is told whom to call before anything else is said."""

from __future__ import annotations

from typing import Any, Dict

from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core.danger import DESPAIR, danger_in
from bot.core.languages import DEFAULT
from bot.core.replies import Reply
from bot.engine.collector import uttered
from bot.engine.context import intent_of
from bot.nlu.outcome import ANSWERED, OUTCOME

#: What is said all the same after the warning: what is reported, what to do when ill, a shelter.
_GOES_ON = ("participation.report_problem", "public_health.", "social_programmes.housing_support")
#: Where an understanding keeps what danger its message speaks of.
_ALARM = "danger"


def alarmed(parse_data: Dict[str, Any], text: str, in_a_form: bool) -> Dict[str, Any]:
    """Give the understanding of a message that may speak of danger.

    What is surely a report, a question about illness or shelter, or belongs to a form, stays what
    it is; everything else becomes the intent ``danger`` or ``despair``.
    """
    kind = danger_in(text)
    if kind is None:
        return parse_data
    marked = {**parse_data, _ALARM: kind}
    sure = parse_data.get(OUTCOME) == ANSWERED and kind != DESPAIR
    if in_a_form or (sure and intent_of(parse_data).startswith(_GOES_ON)):
        return marked
    return {**marked, "intent": {"name": kind, "confidence": 1.0}, OUTCOME: ANSWERED}


async def warn(tracker: DialogueStateTracker, channel: OutputChannel, domain: Domain) -> None:
    """Say whom to call before the answer to a message that speaks of danger and asks more."""
    latest = tracker.latest_message
    parse_data = (latest.parse_data if latest is not None else None) or {}
    kind = parse_data.get(_ALARM)
    if kind is None or intent_of(parse_data) == kind:
        return
    language = tracker.get_slot("language") or DEFAULT
    town = tracker.get_slot("municipality") or library.municipality()
    message = library.message(Reply(library.say(str(kind), language, town).text))
    await channel.send_response(tracker.sender_id, message)
    # So that a repeated turn finds it again.
    tracker.update(uttered(message), domain)

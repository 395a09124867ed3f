"""Rasa's actions and forms without what ours do not need: the history and copies of it."""

from __future__ import annotations

from typing import Any, Dict, List, Union

from rasa.core.actions.action import RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity


class LightAction(RemoteAction):
    """Runs an action with the slots and the latest message, without the events before it.

    No action of ours reads the history, and copying it costs more the longer a session is.
    """

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> Dict[str, Any]:
        return {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": tracker.current_state(EventVerbosity.NONE),
        }


class LightForm(FormAction):
    """A form whose validation action does it all: it reads the answer and asks the next question.

    Stock Rasa replays the whole conversation twice a turn to make a tracker for the two.
    """

    async def validate_slots(
        self,
        slot_candidates: Dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> List[Union[SlotSet, Event]]:
        """Run ``validate_<form>`` on the conversation as it is."""
        action = LightAction(f"validate_{self.name()}", self.action_endpoint)
        events: List[Union[SlotSet, Event]] = await action.run(output_channel, nlg, tracker, domain)
        return events

    def _temporary_tracker(
        self,
        current_tracker: DialogueStateTracker,
        additional_events: List[Event],
        domain: Domain,
    ) -> DialogueStateTracker:
        # Only read, to find the slot to request: ours have one, and it is empty until the end.
        return current_tracker

"""Answering a question that only makes sense about the service spoken of just now."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import library
from bot.actions.answer_service import answer, attribute_asked


class FollowUp(Action):
    """Answers "and how much is it?" about the service in focus, or asks which one is meant."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_follow_up"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the answer or the question back."""
        service = tracker.get_slot("service")
        if service not in library.catalogue():
            language, town = library.language_of(tracker), library.town_of(tracker)
            library.utter(dispatcher, library.say("which_service", language, town))
            return []
        return answer(dispatcher, tracker, service, attribute_asked(tracker), follow_up=True)

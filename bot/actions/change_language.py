"""Another language, chosen by hand."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import library
from bot.actions.answer_service import answer, attributes_told
from bot.core.languages import NAMES


class ChangeLanguage(Action):
    """Answers in the language asked for from now on, or asks which one is wanted."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_change_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the confirmation and the last answer in the new language, or the choice of them."""
        wanted = next(tracker.get_latest_entity_values("language"), "")
        town = library.town_of(tracker)
        if wanted not in NAMES:
            language = library.language_of(tracker)
            library.utter(dispatcher, library.say("change_language", language, town))
            return []
        library.utter(dispatcher, library.say("language_changed", wanted, town))
        chosen = [SlotSet("language_choice", wanted), SlotSet("language", wanted)]
        service = tracker.get_slot("service")
        if library.action_before(tracker) not in (*library.ANSWERING, "action_calculate"):
            return chosen
        if service not in library.catalogue():
            return chosen
        # Who asks for another language has an answer that they could not read.
        tracker.slots["language"] = wanted
        told = attributes_told(tracker)
        again = answer(dispatcher, tracker, service, told, follow_up=True)
        return [*chosen, *again]

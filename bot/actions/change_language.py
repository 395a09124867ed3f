"""Another language, chosen by hand."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import library
from bot.core.languages import NAMES


class ChangeLanguage(Action):
    """Answers in the language asked for from now on, or asks which one is wanted."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_change_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the confirmation in the new language, or the choice of languages."""
        wanted = next(tracker.get_latest_entity_values("language"), "")
        town = library.town_of(tracker)
        if wanted not in NAMES:
            language = library.language_of(tracker)
            library.utter(dispatcher, library.say("change_language", language, town))
            return []
        library.utter(dispatcher, library.say("language_changed", wanted, town))
        return [SlotSet("language_choice", wanted), SlotSet("language", wanted)]

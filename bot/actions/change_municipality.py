"""Another town, chosen by hand."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import library
from bot.core import answers


class ChangeMunicipality(Action):
    """Answers for the town asked for from now on, or asks which one is wanted."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_change_municipality"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the confirmation for the new town, or the choice of towns."""
        loaded, language = library.keeper().current(), library.language_of(tracker)
        wanted = library.town_named(tracker)
        if wanted is None:
            town = library.town_of(tracker)
            reply = answers.town_menu(loaded.knowledge, loaded.texts, town, language)
            library.utter(dispatcher, reply)
            return []
        library.utter(dispatcher, library.say("municipality_changed", language, wanted))
        return [SlotSet("municipality_choice", wanted), SlotSet("municipality", wanted)]

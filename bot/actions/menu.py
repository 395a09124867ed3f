"""The menus: the topics, and the services of a topic."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import library
from bot.core import answers


class Menu(Action):
    """Shows the topics: under a greeting to who greets, under a line of help to others."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_menu"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the menu."""
        greeted = library.intent_of(tracker) == "dialogue.greet"
        loaded = library.keeper().current()
        reply = answers.main_menu(
            loaded.knowledge,
            loaded.texts,
            loaded.catalogue,
            library.town_of(tracker),
            library.language_of(tracker),
            text_id="greet" if greeted else "help",
        )
        library.utter(dispatcher, reply)
        return []


class ChooseTopic(Action):
    """Shows the services of the topic that was pressed."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_choose_topic"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the services; without a known topic the button has expired."""
        topic = next(tracker.get_latest_entity_values("topic"), "")
        loaded = library.keeper().current()
        language, town = library.language_of(tracker), library.town_of(tracker)
        if topic not in loaded.catalogue.topics:
            library.utter(dispatcher, library.say("button_expired", language, town))
            return []
        reply = answers.topic_menu(
            loaded.knowledge, loaded.texts, loaded.catalogue, topic, town, language
        )
        library.utter(dispatcher, reply)
        return []

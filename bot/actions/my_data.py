"""Everything that is kept about the resident: shown, and erased when they say so twice."""

from __future__ import annotations

import time
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import keeping, library
from bot.actions.form_world import entity
from bot.actions.submission_words import button
from bot.core.forms import words
from bot.core.replies import Reply
from bot.store import personal_data


class MyData(Action):
    """Shows what is kept about the resident."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_my_data"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send it as readable text."""
        return []


class Privacy(Action):
    """Says what is kept and why; who asks for their own data is shown them."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_privacy"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the one or the other."""
        if words.folded(str(tracker.latest_message.get("text") or "")) in words.MY_DATA:
            return await MyData().run(dispatcher, tracker, domain)
        language, town = library.language_of(tracker), library.town_of(tracker)
        reply = library.say("privacy", language, town)
        mine = button("start:my_data", "my_data_button", language)
        library.utter(dispatcher, Reply(reply.text, (mine, *reply.buttons)))
        return []


class DeleteMyData(Action):
    """Asks once, then erases everything."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_delete_my_data"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the question, or what became of the answer to it."""
        language, town = library.language_of(tracker), library.town_of(tracker)
        said = entity(tracker, "verb")
        if said == "erase":
            proof = await keeping.database().run(
                personal_data.erase, tracker.sender_id, time.time()
            )
            library.utter(dispatcher, library.say("erased", language, town, proof=proof))
            return [SlotSet(name, None) for name in _ABOUT_THEM] + [SlotSet("erased", True)]
        if said == "keep":
            library.utter(dispatcher, library.say("erase_not_now", language, town))
            return []
        buttons = (
            button("my_data:erase", "erase_yes_button", language),
            button("my_data:keep", "erase_no_button", language),
        )
        library.utter(
            dispatcher, Reply(library.say("erase_everything", language, town).text, buttons)
        )
        return []


#: Slots that hold something of the resident's.
_ABOUT_THEM = ("draft", "noticed", "answering", "sent_something", "service", "offered")

"""A "yes" to "did you mean …?"."""

from __future__ import annotations

import time
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import form_world, library
from bot.actions.answer_service import answer
from bot.actions.finish_form import begin
from bot.core import answers
from bot.core.forms import flow
from bot.core.forms.hearing import OPENERS


class AcceptOffer(Action):
    """Answers the service that was offered alone; of several it asks which one."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_accept_offer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the answer or the offer again."""
        offered = tracker.get_slot("offered") or []
        if len(offered) == 1 and offered[0] in OPENERS:
            # What was told before the question is what the form is about.
            kind, town = OPENERS[offered[0]], library.town_of(tracker)
            said = form_world.said_before(tracker, kind)
            return begin(flow.begin(kind, said.text, time.time(), named=said.named, town=town))
        if len(offered) == 1:
            return answer(dispatcher, tracker, offered[0])
        if not offered:
            # Nothing was offered: "yes" goes on.
            town, language = library.town_of(tracker), library.language_of(tracker)
            library.utter(dispatcher, library.say("affirm", language, town))
            return []
        loaded = library.keeper().current()
        reply = answers.offer(
            loaded.knowledge,
            loaded.texts,
            offered,
            library.town_of(tracker),
            library.language_of(tracker),
        )
        library.utter(dispatcher, reply)
        return []

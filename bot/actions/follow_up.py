"""Answering a question that only makes sense about the service spoken of just now."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import library
from bot.actions.answer_service import (
    answer,
    asks_for_sources,
    attributes_asked,
    attributes_told,
)
from bot.actions.calculate import entities_of
from bot.core import answers


class FollowUp(Action):
    """Answers "and how much is it?" about the service in focus, or asks which one is meant."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_follow_up"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the answer or the question back."""
        service, asked = _spoken_of(tracker), attributes_asked(tracker)
        language, town = library.language_of(tracker), library.town_asked(tracker)
        if service not in library.catalogue():
            library.utter(dispatcher, library.say("which_service", language, town))
            return []
        loaded = library.keeper().current()
        entry, told = loaded.knowledge.entry(service, town), attributes_told(tracker)
        if not asked and asks_for_sources(tracker) and entry is not None:
            reply = answers.told_from(loaded.knowledge, loaded.texts, entry, town, language, told)
            library.utter(dispatcher, reply)
            return []
        named = library.town_named(tracker)
        if not asked and named is not None:
            # "And in Marneuli?" asks the same of another town.
            known = [each for each in told if entry is not None and each in entry.attributes]
            return answer(dispatcher, tracker, service, known, follow_up=True)
        if not asked and entry is not None and _told_just_now(tracker):
            reply = answers.not_known(loaded.knowledge, loaded.texts, entry, town, language)
            library.utter(dispatcher, reply)
            return []
        return answer(dispatcher, tracker, service, asked, follow_up=True)


def _spoken_of(tracker: Tracker) -> Any:
    """Give the service in focus: the one that was offered alone just now, or was answered last."""
    offered = tracker.get_slot("offered") or []
    if len(offered) == 1 and library.action_before(tracker) == "action_not_sure":
        return offered[0]
    return tracker.get_slot("service")


def _told_just_now(tracker: Tracker) -> bool:
    """Tell whether the last reply was the whole answer, so that it is not what is asked now."""
    if entities_of(tracker) or attributes_told(tracker):
        return False
    return library.action_before(tracker) in library.ANSWERING

"""Answering a question about a service from the knowledge."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import library
from bot.actions.calculate import entities_of, proceed
from bot.core import answers, calculation, clock
from bot.core.calculators.registry import calculator_of
from bot.core.next_step import is_story
from bot.core.ways_in import with_ways_in

#: The attributes whose question a calculator answers.
CALCULATED = ("price", "deadline")


def answer(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    service: str,
    attribute: Optional[str],
    follow_up: bool = False,
) -> List[EventType]:
    """Send the card of a service, or one attribute of it, and put the service in focus.

    A question that gives the numbers itself ("we are four, how much is it?") is worked out.
    """
    loaded = library.keeper().current()
    calculator, entities = calculator_of(service), entities_of(tracker)
    if calculator is not None and entities and attribute in (None, *CALCULATED):
        begun = calculation.begin(loaded, calculator.name, service, library.town_asked(tracker))
        if begun is not None:
            known = calculation.with_entities(loaded, begun, entities)
            if known.given:
                return proceed(dispatcher, tracker, known)
    asked, town, language = (
        library.town_asked(tracker),
        library.town_of(tracker),
        library.language_of(tracker),
    )
    reply = answers.card(
        loaded.knowledge,
        loaded.texts,
        loaded.catalogue,
        service,
        asked,
        language,
        attribute=attribute,
        follow_up=follow_up,
        at_home=town,
        story=is_story(tracker.latest_message.get("text") or ""),
    )
    if asked == town:
        programmes = library.programmes(town)
        reply = with_ways_in(reply, loaded.texts, programmes, language, clock.today())
    library.utter(dispatcher, reply)
    return [SlotSet("service", service)]


def attribute_asked(tracker: Tracker) -> Optional[str]:
    """Give the attribute the latest message asks about, None when it names none."""
    return next(tracker.get_latest_entity_values("attribute"), None)


class AnswerService(Action):
    """Answers the service that is the intent of the latest message."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_answer_service"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the answer."""
        return answer(dispatcher, tracker, library.intent_of(tracker), attribute_asked(tracker))

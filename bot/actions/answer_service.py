"""Answering a question about a service from the knowledge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Optional, Sequence, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import library
from bot.actions.calculate import entities_of, proceed
from bot.core import answers, calculation, clock
from bot.core.calculation import Calculation
from bot.core.calculators.fields import Problem
from bot.core.calculators.reading import asks_to_reckon
from bot.core.calculators.registry import calculator_of
from bot.core.next_step import is_story
from bot.core.replies import Button
from bot.core.ways_in import with_ways_in

#: Services whose very question sounds like one about that side of them.
ITSELF = {
    "local_fees.cleaning_fee_exemption": "exceptions",
    "conscription.exemption": "exceptions",
    "architecture.address_assignment": "place",
}
#: "How much is the fine?" of a service that is about a fine.
FINES = {
    ("conscription.failure_to_appear", "price"),
    ("architecture.illegal_construction", "price"),
}
#: The attributes whose question a calculator answers.
CALCULATED = ("price", "deadline")
#: The calculator that works out a deadline; the others work out a price.
_OF_DEADLINES = "information_deadline"


def answer(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    service: str,
    attributes: Sequence[str] = (),
    follow_up: bool = False,
) -> List[EventType]:
    """Send the card of a service, or some attributes of it, and put the service in focus.

    A question that gives the numbers itself ("we are four, how much is it?") is worked out.
    """
    known = _worked_out(tracker, service, attributes)
    if known is None:
        return _told(dispatcher, tracker, service, attributes, follow_up)
    side = "deadline" if known[0].name == _OF_DEADLINES else "price"
    others = [each for each in attributes if each != side] if len(attributes) > 1 else []
    # The calculator may have a question, which is to stand last.
    told = _told(dispatcher, tracker, service, others, follow_up) if others else []
    # The neighbour whose calculator works it out is not what the resident speaks of.
    return [*told, *proceed(dispatcher, tracker, *known), SlotSet("service", service)]


def _told(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    service: str,
    attributes: Sequence[str],
    follow_up: bool,
) -> List[EventType]:
    loaded = library.keeper().current()
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
        attribute=next(iter(attributes), None),
        also=attributes[1:],
        follow_up=follow_up,
        at_home=town,
        story=is_story(tracker.latest_message.get("text") or ""),
    )
    if asked == town:
        programmes = library.programmes(town)
        reply = with_ways_in(reply, loaded.texts, programmes, language, clock.today())
    elif follow_up:
        for_good = Button(library.say("town_for_good_button", language).text, f"town:{asked}")
        first = reply.buttons[: answers.CARD_BUTTONS - 1]
        reply = replace(reply, buttons=(*first, for_good))
    library.utter(dispatcher, reply)
    entry = loaded.knowledge.entry(service, asked)
    told = [each for each in attributes if entry is not None and each in entry.attributes]
    return [SlotSet("service", service), SlotSet("attribute_told", " ".join(told) or None)]


def _worked_out(
    tracker: Tracker, service: str, attributes: Sequence[str]
) -> Optional[Tuple[Calculation, Optional[Problem]]]:
    """Begin the calculation a question gives the numbers of; None when it gives none.

    With it goes what is wrong with them, if anything is.

    What a permit costs is worked out by the fee's calculator: by that of a neighbour.
    """
    loaded, town = library.keeper().current(), library.town_asked(tracker)
    entities, text = entities_of(tracker), tracker.latest_message.get("text") or ""
    if attributes and not set(attributes).intersection(CALCULATED):
        return None
    entry = loaded.knowledge.entry(service, town)
    neighbours = entry.related if entry is not None and "price" in attributes else ()
    for each in (service, *neighbours):
        calculator = calculator_of(each)
        begun = calculation.begin(loaded, calculator.name, each, town) if calculator else None
        if begun is None:
            continue
        known, problem = calculation.with_message(loaded, begun, entities, text)
        if problem is not None and each != service and problem.field.entity == "amount":
            # The price of a home somebody buys is no question about the tax on it.
            continue
        if known.given or problem is not None or (each == service and asks_to_reckon(text)):
            return known, problem
    return None


def attributes_asked(tracker: Tracker) -> List[str]:
    """Give the attributes the latest message asks about, in its order; none when it names none.

    A word that names the service itself ("who is exempt?") asks, alone, about no side of it.
    """
    intent, named = library.intent_of(tracker), tracker.get_latest_entity_values("attribute")
    sides = ("penalty" if (intent, each) in FINES else each for each in named)
    asked = [each for each in dict.fromkeys(sides) if each != answers.SOURCES]
    return [] if asked == [ITSELF.get(intent)] else asked


def attributes_told(tracker: Tracker) -> List[str]:
    """Give the attributes that the last answer told; none when it was the whole answer."""
    return str(tracker.get_slot("attribute_told") or "").split()


def asks_for_sources(tracker: Tracker) -> bool:
    """Tell whether the latest message asks where an answer is written."""
    return answers.SOURCES in tracker.get_latest_entity_values("attribute")


def _card_stands_above(tracker: Tracker, service: str) -> bool:
    """Tell whether the last reply was the whole answer about a service asked about in words."""
    if not tracker.latest_message.get("text") or tracker.get_slot("service") != service:
        return False
    if entities_of(tracker) or library.town_named(tracker) or tracker.get_slot("attribute_told"):
        return False
    if library.action_before(tracker) not in library.ANSWERING:
        return False
    # A result of a calculation tells less than the card.
    return not any(event.get("name") == "calculation" for event in library.turn_before(tracker))


class AnswerService(Action):
    """Answers the service that is the intent of the latest message."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_answer_service"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the answer, and that to a second question; what was just told not once more."""
        service, asked = library.intent_of(tracker), attributes_asked(tracker)
        second = next(tracker.get_latest_entity_values("second_question"), None)
        if not asked and second is None and _card_stands_above(tracker, service):
            loaded, town = library.keeper().current(), library.town_asked(tracker)
            language, entry = library.language_of(tracker), loaded.knowledge.entry(service, town)
            if entry is not None:
                reply = answers.not_known(loaded.knowledge, loaded.texts, entry, town, language)
                library.utter(dispatcher, reply)
                return []
        events = answer(dispatcher, tracker, service, asked)
        if second is None:
            return events
        return [*events, *answer(dispatcher, tracker, second["service"], second["attributes"])]

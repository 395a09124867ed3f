"""Working a fee, a tax band, a deadline or a share out with the resident."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import library
from bot.core import calculation
from bot.core.calculation import Calculation

#: What a question may tell a calculator before it asks.
_ENTITIES = ("persons", "area", "amount", "date")


def entities_of(tracker: Tracker) -> Dict[str, Any]:
    """Give what the latest message says in numbers, the first of each kind."""
    found = {name: next(tracker.get_latest_entity_values(name), None) for name in _ENTITIES}
    return {name: value for name, value in found.items() if value is not None}


def proceed(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    going_on: Calculation,
    problem: Optional[str] = None,
) -> List[EventType]:
    """Send the next question or the result, and remember how far it came."""
    loaded, language = library.keeper().current(), library.language_of(tracker)
    reply, rest = calculation.proceed(loaded, going_on, language, problem)
    library.utter(dispatcher, reply)
    return [
        SlotSet("calculation", rest.to_json() if rest else None),
        SlotSet("service", going_on.service),
    ]


class Calculate(Action):
    """Begins a calculation, or takes an answer and goes on."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_calculate"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the next question or the result; without a known calculator the button expired."""
        loaded = library.keeper().current()
        going_on = Calculation.from_json(tracker.get_slot("calculation"))
        name = next(tracker.get_latest_entity_values("calculation"), None)
        answer = next(tracker.get_latest_entity_values("calculation_answer"), None)
        if name is not None and (going_on is None or answer is None or going_on.name != name):
            town = library.town_asked(tracker)
            going_on = calculation.begin(loaded, name, tracker.get_slot("service"), town)
        if going_on is None:
            language, town = library.language_of(tracker), library.town_of(tracker)
            library.utter(dispatcher, library.say("button_expired", language, town))
            return [SlotSet("calculation", None)]
        if answer is None:
            return proceed(dispatcher, tracker, going_on)
        going_on, problem = calculation.with_answer(loaded, going_on, answer)
        events = proceed(dispatcher, tracker, going_on, problem)
        # An answer leaves in focus what the resident speaks of: a permit, not its fee.
        return [event for event in events if event["name"] != "service"]

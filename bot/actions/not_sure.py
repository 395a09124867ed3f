"""What to do when the message is not understood for sure: ask back, or say so."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import knowledge_base, library
from bot.actions.answer_service import answer, attributes_asked
from bot.actions.human import leaves_a_number
from bot.core import answers

#: A message of so many words for each attribute it asks for is about the service in focus.
_SHORT_WORDS = 4
#: Guesses less likely than this are not worth a button.
_LEAST = 0.06
#: Texts less alike than this share words by chance. Measured on tests/evaluation/dev.jsonl: 1 in 46
#: messages about nothing of the city hall's reaches it and 1 in 4 questions do, of which more than
#: 8 in 10 find what they mean among the three.
_LEAST_ALIKE = 0.43
#: As alike as this are texts that say nearly the same.
_VERY_ALIKE = 0.7


def guessed_services(tracker: Tracker) -> List[str]:
    """List the services among the understanding's guesses, the likeliest first."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    services = library.catalogue().services
    return [
        guess["name"]
        for guess in ranking
        if guess["name"] in services and guess["confidence"] >= _LEAST
    ][: answers.OFFERED]


async def with_alike(guesses: List[str], text: str, town: str) -> List[str]:
    """Add the services whose texts are like the message: before the guesses when very much so."""
    base = knowledge_base.base()
    found = await base.search(text, town, answers.OFFERED) if base is not None else []
    very = [service for service, score in found[:1] if score >= _VERY_ALIKE]
    rest = [service for service, score in found if score >= _LEAST_ALIKE]
    return list(dict.fromkeys([*very, *guesses, *rest]))[: answers.OFFERED]


class NotSure(Action):
    """Offers up to three services, or says that it did not understand."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_not_sure"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the question back; remembers what was offered."""
        language, town = library.language_of(tracker), library.town_of(tracker)
        if await leaves_a_number(tracker):
            library.utter(dispatcher, library.say("person_phone_noted", language, town))
            return []
        latest, asked = tracker.latest_message, attributes_asked(tracker)
        focus = tracker.get_slot("service")
        short = len((latest.get("text") or "").split()) <= _SHORT_WORDS * len(asked)
        if asked and short and focus in library.catalogue():
            return answer(dispatcher, tracker, focus, asked, follow_up=True)
        guesses = guessed_services(tracker) if latest.get("outcome") == "offered" else []
        if any(map(str.isalpha, latest.get("text") or "")):
            guesses = await with_alike(guesses, latest.get("text") or "", town)
        else:
            # A number alone is like nothing that city hall does.
            guesses = []
        loaded = library.keeper().current()
        reply = answers.offer(loaded.knowledge, loaded.texts, guesses, town, language)
        library.utter(dispatcher, reply)
        return [SlotSet("offered", guesses)]

"""Somebody wants to talk to a person: how city hall is reached, and waiting for a person here.

The first time the contacts are told, with a button to wait; asking again right after that, or
pressing it, puts the resident on the staff's list.
"""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot import settings
from bot.actions import keeping, library
from bot.core import office_hours
from bot.core.clock import GEORGIA
from bot.store import waiting

NAME = "action_human"
_TELEPHONE = re.compile(r"\s*(?:\+?995)?[\s-]*0?5(?:[\s-]*[0-9]){8}\s*")


class Human(Action):
    """Tells how a person is reached, or lets the resident wait for one."""

    def name(self) -> str:
        """Give the name used in rules."""
        return NAME

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Answer; who asks for the second time waits from now on."""
        language, town = library.language_of(tracker), library.town_of(tracker)
        database = keeping.database()
        if not await database.read(waiting.somebody_answers):
            library.utter(dispatcher, library.say("human", language, town))
        elif library.action_before(tracker) != NAME:
            library.utter(dispatcher, library.say("human", language, town))
            library.utter(dispatcher, library.say("person_offer", language, town))
        else:
            await database.run(waiting.ask, tracker.sender_id, town, time.time())
            library.utter(dispatcher, _called(language, town))
        return []


async def leaves_a_number(tracker: Tracker) -> bool:
    """Tell whether who waits for a person just wrote where to be called, and nothing else."""
    if not _TELEPHONE.fullmatch(tracker.latest_message.get("text") or ""):
        return False
    return await keeping.database().read(waiting.is_waiting, tracker.sender_id)


def _called(language: str, town: str) -> Any:
    now, hours = datetime.now(GEORGIA), settings.load().staff_hours
    if office_hours.is_open(now, hours):
        return library.say("person_called", language, town)
    day = office_hours.next_day(now, hours).strftime("%d.%m")
    return library.say("person_away", language, town, day=day)

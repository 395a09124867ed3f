"""A form's button that is pressed while no form is open, and the ways into a programme."""

from __future__ import annotations

import time
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import form_world, keeping, library
from bot.actions.finish_form import begin
from bot.actions.submission_words import button
from bot.core import clock
from bot.core.forms import flow
from bot.core.programmes import KINDS
from bot.core.replies import Reply
from bot.store import acknowledgements, submissions, unfinished

#: Who presses "send" twice is told the code again for so long.
_JUST_SENT = 3600.0


class FormButton(Action):
    """Goes on with what was begun, begins a programme's form, or notes a reminder."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_form_button"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send what follows."""
        intent, verb = library.intent_of(tracker), form_world.entity(tracker, "verb")
        if intent == "programme_button":
            return await _programme(dispatcher, tracker, verb)
        if intent == "remind_button":
            return await _remind(dispatcher, tracker, verb)
        return await _again(dispatcher, tracker, verb)


async def _programme(
    dispatcher: CollectingDispatcher, tracker: Tracker, id: str
) -> List[EventType]:
    language, town = library.language_of(tracker), library.town_of(tracker)
    programme = library.programmes(town).get(id)
    if programme is None:
        library.utter(dispatcher, library.say("button_expired", language, town))
        return []
    if not programme.is_open(clock.today()):
        name = programme.name(language)
        text = library.say("form_programme_closed", language, town, programme=name).text
        remind = button(f"remind:{id}", "form_remind_button", language)
        library.utter(dispatcher, Reply(text, (remind,)))
        return []
    said = form_world.said_before(tracker, programme.takes)
    state = flow.begin(
        programme.takes, said.text, time.time(), programme=id, named=said.named, town=town
    )
    return begin(state)


async def _remind(dispatcher: CollectingDispatcher, tracker: Tracker, what: str) -> List[EventType]:
    language, town = library.language_of(tracker), library.town_of(tracker)
    if what not in KINDS and what not in library.programmes(town):
        library.utter(dispatcher, library.say("button_expired", language, town))
        return []
    await keeping.database().run(acknowledgements.remind, tracker.sender_id, what, time.time())
    library.utter(dispatcher, library.say("form_reminder_set", language, town))
    return []


async def _again(dispatcher: CollectingDispatcher, tracker: Tracker, verb: str) -> List[EventType]:
    """A button of an earlier bubble."""
    language, town = library.language_of(tracker), library.town_of(tracker)
    state = form_world.unfinished(tracker)
    if state is not None and verb != "cancel":
        return begin(state)
    if state is not None:
        await keeping.database().run(unfinished.ended, tracker.sender_id)
        library.utter(dispatcher, library.say("form_left", language, town))
        return [SlotSet("draft", None)]
    mine = await keeping.database().read(submissions.mine, tracker.sender_id, 1)
    if verb == "send" and mine and time.time() - mine[0].created_at < _JUST_SENT:
        library.utter(
            dispatcher, library.say("form_already_sent", language, town, code=mine[0].code)
        )
        return []
    ways = (
        button("start:idea", "start_idea_button", language),
        button("start:problem", "start_problem_button", language),
    )
    library.utter(dispatcher, Reply(library.say("form_nothing_begun", language, town).text, ways))
    return []

"""The buttons of a submission, and the words that answer a question about it."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Mapping

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import keeping, library
from bot.actions.form_world import entity
from bot.actions.submission_words import button, follow, refusal, what
from bot.actions.submissions import status_of
from bot.core.forms import brought
from bot.core.forms.brought import Brought
from bot.core.forms.reading import NotUsable
from bot.core.replies import Reply
from bot.core.submissions.guards import Refused
from bot.core.submissions.model import RESIDENT, Event
from bot.store import submissions
from bot.store.submissions_followers import unfollow

#: Events that need words: the next message brings them.
_NEEDS_WORDS = ("reply", "dispute")


class SubmissionButton(Action):
    """Does what a button of a submission says."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_submission_button"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send what follows from it."""
        verb, code = entity(tracker, "verb"), entity(tracker, "argument")
        events: List[EventType] = []
        if verb in _NEEDS_WORDS:
            events = [SlotSet("answering", f"{verb}:{code}")]
        library.utter(dispatcher, await _follows(tracker, verb, code))
        return events


async def _follows(tracker: Tracker, verb: str, code: str) -> Reply:
    language, town = library.language_of(tracker), library.town_of(tracker)
    if verb == "reply":
        open_question = await keeping.database().read(submissions.open_question, tracker.sender_id)
        values = {"question": open_question[1]} if open_question else {}
        return library.say("submission_write_answer", language, town, **values)
    if verb == "dispute":
        return library.say("submission_write_what", language, town)
    if verb == "withdraw":
        return await _sure(tracker, code)
    if verb == "withdraw_yes":
        return await happen(tracker, code, Event("withdraw"))
    if verb == "confirm":
        return await happen(tracker, code, Event("confirm"))
    if verb == "follow":
        return await follow(tracker, code)
    if verb == "unfollow":
        await keeping.database().run(unfollow, code, tracker.sender_id)
        return library.say("submission_unfollowed", language, town)
    if verb == "keep":
        return library.say("submission_kept", language, town)
    return await status_of(tracker, code)


async def _sure(tracker: Tracker, code: str) -> Reply:
    """Ask before withdrawing."""
    found = await keeping.database().read(submissions.status, code, tracker.sender_id)
    if found is None or found.submission is None:
        return refusal("unknown_code" if found is None else "not_the_author", tracker)
    if not found.submission.open:
        return refusal("not_open", tracker)
    language, town = library.language_of(tracker), library.town_of(tracker)
    text = library.say(
        "submission_withdraw_sure", language, town, what=what(found.submission, tracker), code=code
    ).text
    buttons = (
        button(f"submission:withdraw_yes:{code}", "form_yes_button", language),
        button(f"submission:keep:{code}", "form_no_button", language),
    )
    return Reply(text, buttons)


async def happen(tracker: Tracker, code: str, event: Event) -> Reply:
    """Let the author's event happen to their submission, and say what it led to."""
    try:
        applied = await keeping.database().run(
            submissions.apply, code, event, RESIDENT, time.time(), conversation=tracker.sender_id
        )
    except Refused as refused:
        return refusal(refused.code, tracker)
    return library.say(
        f"told_{event.type}",
        library.language_of(tracker),
        library.town_of(tracker),
        what=what(applied.submission, tracker),
        code=applied.submission.code,
    )


class AnswerQuestion(Action):
    """Attaches what the resident wrote to the submission whose question waits."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_answer_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send what came of it."""
        verb, code = entity(tracker, "verb"), entity(tracker, "argument")
        text = str(tracker.latest_message.get("text") or "")
        sent = tracker.latest_message.get("attachment")
        town = await town_of(tracker, code)
        try:
            data = _sent_along(town, sent) if sent else {}
        except NotUsable as problem:
            language = library.language_of(tracker)
            library.utter(dispatcher, library.say(problem.text_id, language, town))
            return []
        library.utter(dispatcher, await happen(tracker, code, Event(verb, text=text, data=data)))
        return [SlotSet("answering", None)]


async def town_of(tracker: Tracker, code: str) -> str:
    """Give the town that got a submission; the conversation may be about another one by now."""
    found = await keeping.database().read(submissions.by_code, code)
    return found.municipality if found is not None else library.town_of(tracker)


def _sent_along(town: str, sent: Mapping[str, Any]) -> Dict[str, Any]:
    """Give a photo or a point on the map as the data of an event.

    Raises:
        NotUsable: when a point lies outside the town.
    """
    outline = library.outlines().get(town, ())
    return brought.take(Brought(), sent, outline, time.time()).data()

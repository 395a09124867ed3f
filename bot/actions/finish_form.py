"""What a form ends with: it is sent, left, exchanged for another, or something else is followed."""

from __future__ import annotations

import time
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import form_world, keeping, library
from bot.actions.submission_words import button, follow
from bot.core.forms import flow
from bot.core.forms.state import FORMS, State
from bot.core.masking import is_masked
from bot.core.replies import Reply
from bot.core.submissions.guards import Refused
from bot.core.submissions.model import Kind
from bot.store import acknowledgements, submissions, unfinished
from bot.store.submissions import Submitted

#: What every ending leaves behind.
_CLEAN = (SlotSet("submission", None), SlotSet("form_outcome", None))


class FinishForm(Action):
    """Runs after each form."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_finish_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Do what the form ended with."""
        outcome = tracker.get_slot("form_outcome") or {}
        what = outcome.get("what")
        language, town = library.language_of(tracker), library.town_of(tracker)
        if what in ("send", "left", "follow"):
            await keeping.database().run(unfinished.ended, tracker.sender_id)
        if what == "send":
            return [*await _send(dispatcher, tracker), *_CLEAN]
        if what == "switch":
            state = flow.begin(Kind(outcome["kind"]), outcome.get("text", ""), time.time())
            return [*_CLEAN, *begin(state)]
        if what == "follow":
            library.utter(dispatcher, await follow(tracker, outcome["code"]))
        if what == "left":
            menu = button("act:help", "form_menu_button", language)
            library.utter(dispatcher, Reply(library.say("form_left", language, town).text, (menu,)))
        return list(_CLEAN)


def begin(state: State) -> List[EventType]:
    """Give the events that open a form with what is known already."""
    return [SlotSet("draft", state.to_json()), FollowupAction(FORMS[state.kind])]


async def _send(dispatcher: CollectingDispatcher, tracker: Tracker) -> List[EventType]:
    """Store what was confirmed; the same form is stored once, however often it is confirmed."""
    state = form_world.unfinished(tracker)
    language, town = library.language_of(tracker), library.town_of(tracker)
    if state is None:
        library.utter(dispatcher, library.say("form_nothing_begun", language, town))
        return []
    draft, now = form_world.submission_draft(tracker, state), time.time()
    key = f"{tracker.sender_id}:{state.id}"
    try:
        sent: Submitted = await keeping.database().run(submissions.submit, draft, key, now)
    except Refused as refused:
        # What was written is kept for a day: it can be sent when the limit is over.
        known = "form_daily_limit" if refused.code == "daily_limit" else None
        texts = library.keeper().current().texts
        text = (
            library.say(known, language, town).text
            if known
            else texts.refusal(refused.code, language)
        )
        again = button("form:resume", "form_resume_button", language)
        library.utter(dispatcher, Reply(text, (again,)))
        return []
    await keeping.database().run(
        acknowledgements.acknowledge,
        tracker.sender_id,
        library.privacy().version,
        language,
        now,
    )
    if sent.masked or is_masked(sent.submission.body):
        library.utter(dispatcher, library.say("form_masked", language, town))
    receipt = library.say(
        f"form_sent_{state.kind.value}", language, town, code=sent.submission.code
    )
    mine = button("start:status", "my_submissions_button", language)
    library.utter(dispatcher, Reply(receipt.text, (mine,)))
    return [SlotSet("draft", None), SlotSet("sent_something", True)]

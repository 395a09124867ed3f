"""A photo or a point on the map that came outside of any form: kept, and asked what it is about."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import form_world, keeping, library
from bot.actions.finish_form import begin
from bot.actions.form_world import entity
from bot.actions.submission_button import happen, town_of
from bot.actions.submission_words import button
from bot.core.forms import brought, flow
from bot.core.forms.brought import Brought
from bot.core.forms.reading import NotUsable
from bot.core.payloads import Payload
from bot.core.replies import Button, Reply
from bot.core.submissions.guards import DAY
from bot.core.submissions.model import Event, Kind
from bot.store import erasing, media, submissions

#: What was sent so lately is offered as that to which a photo may belong.
_ADDED_TO_SECONDS = 7 * DAY


class Attachment(Action):
    """Keeps what was sent, asks what it is about, and does what the answer says."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_attachment"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the question, or what follows from the button."""
        now = time.time()
        known = Brought.from_json(tracker.get_slot("brought"), now)
        if library.intent_of(tracker) == "attachment_button":
            return await _chosen(dispatcher, tracker, known)
        language, town = library.language_of(tracker), library.town_of(tracker)
        sent = tracker.latest_message.get("attachment") or {}
        if sent.get("type") == form_world.CAPTION:
            # The photo that follows is asked about.
            return []
        if not brought.is_kept(sent):
            library.utter(dispatcher, library.say("attachment_unreadable", language, town))
            return []
        try:
            new = brought.take(known, sent, library.outlines().get(town, ()), now)
        except NotUsable as problem:
            library.utter(dispatcher, library.say(problem.text_id, language, town))
            return []
        under = form_world.under_the_photo(tracker)
        if under.text:
            new = replace(new, words=under.text, named=tuple(under.named))
        library.utter(dispatcher, await _asked(tracker, new))
        return [SlotSet("brought", new.to_json())]


async def _asked(tracker: Tracker, new: Brought) -> Reply:
    language, town = library.language_of(tracker), library.town_of(tracker)
    what = "photo" if new.pin is None else "both" if new.photos else "place"
    said = library.say(f"attachment_{what}", language, town, count=str(len(new.photos)))
    buttons = [
        button("attachment:problem", "start_problem_button", language),
        button("attachment:idea", "start_idea_button", language),
        button("act:human", "person_button", language),
        button("attachment:none", "attachment_none_button", language),
    ]
    mine = await keeping.database().read(submissions.mine, tracker.sender_id, 1)
    if mine and mine[0].open and time.time() - mine[0].created_at < _ADDED_TO_SECONDS:
        title = library.say("attachment_add_button", language, code=mine[0].code).text
        buttons.insert(2, Button(title, str(Payload("attachment", ("add", mine[0].code)))))
    return Reply(said.text, tuple(buttons))


async def _chosen(
    dispatcher: CollectingDispatcher, tracker: Tracker, known: Brought
) -> List[EventType]:
    verb = entity(tracker, "verb")
    if verb in (Kind.PROBLEM.value, Kind.IDEA.value):
        # The form takes what was brought when it opens.
        return begin(flow.begin(Kind(verb), "", time.time()))
    language, town = library.language_of(tracker), library.town_of(tracker)
    if verb == "add" and known.data():
        return await _add(dispatcher, tracker, known)
    # What no form would take any more can still be deleted.
    if verb == "none" and (kept := Brought.from_json(tracker.get_slot("brought"), 0.0)).data():
        await _forget(tracker.sender_id, kept)
        library.utter(dispatcher, library.say("attachment_forgotten", language, town))
    else:
        library.utter(dispatcher, library.say("button_expired", language, town))
    return [SlotSet("brought", None)]


async def _add(
    dispatcher: CollectingDispatcher, tracker: Tracker, known: Brought
) -> List[EventType]:
    """Add what was brought, and the words under it, to what was sent before."""
    code = entity(tracker, "argument")
    town = await town_of(tracker, code)
    try:
        for sent in known.attachments():
            brought.take(Brought(), sent, library.outlines().get(town, ()), time.time())
    except NotUsable as problem:
        language = library.language_of(tracker)
        library.utter(dispatcher, library.say(problem.text_id, language, town))
        return []
    event = Event("add", text=known.words, data=known.data())
    library.utter(dispatcher, await happen(tracker, code, event))
    return [SlotSet("brought", None)]


async def _forget(conversation: str, kept: Brought) -> None:
    gone = await keeping.database().run(media.forget, conversation, kept.photos)
    await asyncio.to_thread(erasing.remove_files, keeping.secrets_folder(), gone)

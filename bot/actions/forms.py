"""The forms of taking part: each message of one goes through its validation action.

What a message means and what follows is decided in `bot.core.forms`; here it is read from the
tracker, what the store knows is added, and the bubbles are sent.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import form_world, interruptions, keeping, library
from bot.actions.answer_service import answer, attributes_asked
from bot.core.forms import bubbles, flow, steps, whereabouts
from bot.core.forms.answers import World
from bot.core.forms.asking import Asker
from bot.core.forms.brought import TAKEN_ALONG_SECONDS, Brought
from bot.core.forms.hearing import OPENERS, Heard
from bot.core.forms.questions import NOTICE, TWINS
from bot.core.forms.state import FORMS, State
from bot.core.submissions.model import Kind
from bot.store import unfinished


class ValidateForm:
    """Takes one message of a form and asks the next question."""

    kind: Kind

    def name(self) -> str:
        """Give the name by which Rasa finds it: ``validate_<form>``."""
        return f"validate_{FORMS[self.kind]}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send what follows from the message."""
        state = form_world.unfinished(tracker)
        asked = tracker.get_slot("requested_slot") is not None
        if not asked or state is None or state.kind is not self.kind:
            return await self._open(dispatcher, tracker, state)
        world = await form_world.world(tracker, state)
        heard = form_world.heard(tracker)
        step = flow.take(state, heard, world)
        # The photo that follows brings the question.
        silent = heard.silent and step.state.elsewhere == state.elsewhere
        return await _after(dispatcher, tracker, step, world, silent)

    async def _open(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, begun: Optional[State]
    ) -> List[EventType]:
        """Open the form: with what the message says, or with what was begun before."""
        intent = library.intent_of(tracker)
        heard = form_world.heard(tracker)
        opening = heard if intent in OPENERS else Heard()
        brought = _brought(tracker, intent)
        new = self._begun_with(tracker, opening)
        asked = attributes_asked(tracker)
        if asked and intent in OPENERS and "body" not in new.answers:
            # "Who reads the ideas?" asks about the service and opens nothing.
            return [*answer(dispatcher, tracker, intent, asked), *_ended("answered")]
        if "body" not in new.answers and (begun is None or begun.is_empty):
            # What was told a moment ago need not be told again.
            earlier = Heard(text=brought.words, named=brought.named)
            new = self._begun_with(tracker, earlier)
            if "body" not in new.answers:
                new = self._begun_with(tracker, form_world.said_before(tracker, self.kind))
        resumed = begun is not None and begun.kind is self.kind and "body" not in new.answers
        state = begun if resumed and begun is not None else new
        world = await form_world.world(tracker, state)
        if self.kind is Kind.CO_FUNDING and not state.programme:
            if not world.offered:
                library.utter(dispatcher, form_world.none_open(tracker, world))
                return _ended("answered")
            if len(world.offered) == 1:
                state = replace(state, programme=world.offered[0])
        await keeping.database().run(
            unfinished.begun, tracker.sender_id, self.kind.value, time.time()
        )
        asked_for = intent in OPENERS or form_world.entity(tracker, "verb") == "resume"
        notes = [steps.Note("form_resumed")] if resumed and asked_for else []
        if state.elsewhere and not resumed:
            notes.append(flow.other_town(state))
        if (long := flow.told_too_much(self.kind, opening.text)) and not resumed:
            notes.append(long)
        attachments = brought.attachments()
        taken = flow.bring(state, attachments, world)
        step = steps.Step(taken.state, notes=(*notes, *taken.notes))
        silent = heard.silent and not state.elsewhere
        if not resumed:
            # Counted from the first message that was asked something.
            step = replace(step, state=replace(step.state, turns=0 if silent else 1))
        events = await _ask(dispatcher, tracker, step, world, silent=silent)
        return [*events, SlotSet("brought", None)] if attachments else events

    def _begun_with(self, tracker: Tracker, said: Heard) -> State:
        town = library.town_of(tracker)
        return flow.begin(self.kind, said.text, time.time(), named=said.named, town=town)


def _brought(tracker: Tracker, intent: str) -> Brought:
    """Give what was sent before the form, when that is lately enough to belong to it."""
    now = time.time()
    found = Brought.from_json(tracker.get_slot("brought"), now)
    return found if intent == "attachment_button" else found.since(now - TAKEN_ALONG_SECONDS)


async def _after(
    dispatcher: CollectingDispatcher, tracker: Tracker, step: steps.Step, world: World, silent: bool
) -> List[EventType]:
    """Do what a step leads to; ``silent`` leaves the question to the message that follows."""
    if step.outcome == steps.SEND:
        return [SlotSet("draft", step.state.to_json()), *_ended("send", submission=step.state.id)]
    if step.outcome == steps.CANCEL:
        return [SlotSet("draft", None), *_ended("left")]
    if step.outcome == steps.SWITCH:
        kind, text = step.value
        return [SlotSet("draft", None), *_ended("switch", kind=kind.value, text=text)]
    if step.outcome == steps.FOLLOW:
        return [SlotSet("draft", None), *_ended("follow", code=step.value)]
    events: List[EventType] = []
    if step.outcome == steps.INTERRUPT:
        interrupted = await interruptions.answer_it(dispatcher, tracker)
        events = interrupted.events
        if interrupted.ends:
            return [*events, *_ended("answered")]
        silent = silent or interrupted.asks
    if step.value == NOTICE:
        world = replace(world, noticed=True)
        events = [SlotSet("noticed", library.privacy().version)]
    language = _set_by(events, "language")
    town = _set_by(events, "municipality")
    if town is not None:
        world = await form_world.world(tracker, step.state, town)
    # Whoever was told the notice before is not told all of it again.
    told = step.outcome == steps.INTERRUPT or step.state.turns > 1
    again = told and language is None and town is None
    asked = await _ask(dispatcher, tracker, step, world, language, again, silent)
    return [*events, *asked]


async def _ask(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    step: steps.Step,
    world: World,
    language: Optional[str] = None,
    again: bool = False,
    silent: bool = False,
) -> List[EventType]:
    """Send the notes of a step and the question that waits now, unless it is ``silent``."""
    state = flow.ask(replace(step.state, touched_at=time.time()), world)
    twins = await form_world.twins(tracker, state) if state.question == TWINS else []
    if state.question == TWINS and not twins:
        state = flow.ask(replace(state, looked_for_twins=True), world)
    texts = library.keeper().current().texts
    asker = Asker(texts, world, language or library.language_of(tracker))
    if not silent:
        for reply in bubbles.after(asker, state, step, twins, world.programme(state), again):
            library.utter(dispatcher, reply)
        if whereabouts.is_to_tell(state):
            state = replace(state, understood=False)
    return [SlotSet("draft", state.to_json()), SlotSet("requested_slot", "submission")]


def _set_by(events: List[EventType], slot: str) -> Optional[str]:
    """Give the value that events give a slot."""
    return next((event["value"] for event in events if event.get("name") == slot), None)


def _ended(what: str, **more: str) -> List[EventType]:
    """Give the events that end a form; the action after it does what is left to do."""
    outcome = {"what": what, **more}
    return [
        SlotSet("form_outcome", outcome),
        SlotSet("submission", more.get("submission")),
        SlotSet("requested_slot", None),
    ]


class ValidateIdeaForm(ValidateForm, Action):
    """The form of an idea."""

    kind = Kind.IDEA


class ValidateProblemForm(ValidateForm, Action):
    """The form of a problem."""

    kind = Kind.PROBLEM


class ValidateCoFundingForm(ValidateForm, Action):
    """The form of an enquiry about co-funding."""

    kind = Kind.CO_FUNDING

"""What a form needs to know besides the message: read from the tracker and from the store."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Mapping, Optional

from rasa_sdk import Tracker

from bot.actions import keeping, library
from bot.core import clock
from bot.core.forms import words
from bot.core.forms.answers import World
from bot.core.forms.hearing import Heard
from bot.core.forms.state import KEPT_SECONDS, State
from bot.core.forms.whereabouts import KINDS, TOWN, Named
from bot.core.languages import DEFAULT
from bot.core.payloads import Payload
from bot.core.programmes import CO_FUNDING, next_to_open, open_ones
from bot.core.replies import Button, Reply
from bot.core.submissions.model import Draft, Kind, Publicity
from bot.store import acknowledgements
from bot.store.submissions_followers import Card, likely_duplicates

#: The intent of an answer to a question of city hall's.
ANSWER = "answer_to_question"
#: The actions after which a form is about what was said before.
_NOT_SURE, _ANSWER = "action_not_sure", "action_answer_service"
#: Marks the understanding of words under a photo, whose answer is left to the photo or not.
CAPTION, SILENT, SPOKEN = "caption", "silent", "spoken"
#: Outcomes of the understanding that count as sure, and that of a button.
_SURE = ("answered", None)


def unfinished(tracker: Tracker) -> Optional[State]:
    """Give the form that was begun and not sent; None without one, or when it is too old."""
    data = tracker.get_slot("draft")
    if not isinstance(data, dict):
        return None
    try:
        state = State.from_json(data)
    except (KeyError, ValueError, TypeError):
        # Left by an older version.
        return None
    return state if time.time() - state.touched_at < KEPT_SECONDS else None


def said_before(tracker: Tracker, kind: Kind) -> Heard:
    """Read what was typed before the message that opens a form, unless it asked something.

    Who told of a hole in the road and pressed a button under the answer need not tell it again.
    A problem may be told as a question: "when will you mend the road?".
    """
    said = library.message_before(tracker)
    text, parsed = str(said.get("text") or ""), said.get("parse_data") or {}
    answered_by = library.action_before(tracker)
    asked = words.is_question(text) and (kind is not Kind.PROBLEM or answered_by != _NOT_SURE)
    if answered_by not in (_NOT_SURE, _ANSWER) or parsed.get("outcome") is None or asked:
        return Heard()
    return Heard(text=text, named=_named(tracker, parsed))


def heard(tracker: Tracker) -> Heard:
    """Read the latest message."""
    latest: Dict[str, Any] = tracker.latest_message
    intent = library.intent_of(tracker)
    text = str(latest.get("text") or "")
    pressed = latest.get("outcome") is None and intent not in ("attachment", "nothing_readable")
    of_form = intent == "form_button"
    if intent == ANSWER:
        # Meant for city hall's question; the form goes on after it.
        return Heard(intent=intent, sure=True, pressed=True)
    return Heard(
        text="" if pressed else text,
        intent=intent,
        sure=latest.get("outcome") in _SURE and intent != "nlu_fallback",
        confidence=float((latest.get("intent") or {}).get("confidence") or 0.0),
        pressed=pressed,
        verb=entity(tracker, "verb") if of_form else "",
        argument=entity(tracker, "argument") if of_form else "",
        attachment=latest.get("attachment") or {},
        named=() if pressed else _named(tracker, latest),
        caption=bool(latest.get(CAPTION)),
        silent=latest.get(CAPTION) == SILENT,
    )


def under_the_photo(tracker: Tracker) -> Heard:
    """Read the words that stand under the photo which is the latest message."""
    said = library.message_before(tracker)
    parsed = said.get("parse_data") or {}
    if not parsed.get(CAPTION):
        return Heard()
    return Heard(text=str(said.get("text") or ""), named=_named(tracker, parsed))


def _named(tracker: Tracker, message: Mapping[str, Any]) -> List[Named]:
    """Give the places that a message names.

    Streets and microdistricts are those of the town this deployment serves.
    """
    at_home = library.town_of(tracker) == library.municipality()
    foreign = library.language_of(tracker) != DEFAULT
    return [
        Named(entity["entity"], str(entity.get("value")), str(entity.get("text") or ""), foreign)
        for entity in message.get("entities") or []
        if entity.get("entity") in KINDS and (at_home or entity["entity"] == TOWN)
    ]


def entity(tracker: Tracker, name: str) -> str:
    """Give what a button says under this name, or nothing."""
    return str(next(tracker.get_latest_entity_values(name), None) or "")


async def world(tracker: Tracker, state: State, town: Optional[str] = None) -> World:
    """Give what the form is filled in with; ``town`` is the one this very message chose."""
    town, today = town or library.town_of(tracker), clock.today()
    programmes = library.programmes(town)
    offered = open_ones(programmes, CO_FUNDING, today) if state.kind is Kind.CO_FUNDING else ()
    return World(
        categories=library.keeper().current().categories,
        municipality=town,
        today=today,
        outline=library.outlines().get(town, ()),
        programmes=programmes,
        offered=tuple(programme.id for programme in offered),
        noticed=await _noticed(tracker),
        privacy=library.privacy(),
    )


async def _noticed(tracker: Tracker) -> bool:
    version = library.privacy().version
    if tracker.get_slot("noticed") == version:
        return True
    return await keeping.database().read(acknowledgements.acknowledged, tracker.sender_id, version)


async def twins(tracker: Tracker, state: State) -> List[Card]:
    """Give what may be about the same, of others, at most three."""
    found = await keeping.database().read(
        likely_duplicates, submission_draft(tracker, state), time.time()
    )
    return [card for card in found if not card.own]


def submission_draft(tracker: Tracker, state: State) -> Draft:
    """Give the form as the store takes it."""
    answers = dict(state.answers)
    known = {
        name: answers.pop(name, None) or ""
        for name in ("body", "title", "category", "name", "publicity", "phone")
    }
    for name in ("place", "photos", "terms"):
        answers.pop(name, None)
    publicity = known.pop("publicity") or Publicity.WITHOUT_NAME.value
    return Draft(
        kind=state.kind,
        conversation=tracker.sender_id,
        municipality=library.town_of(tracker),
        language=library.language_of(tracker),
        place=state.place,
        photos=state.photos,
        programme=state.programme,
        answers={name: value for name, value in answers.items() if value is not None},
        publicity=Publicity(publicity),
        **known,
    )


def none_open(tracker: Tracker, programmes_of: World) -> Reply:
    """Say that no programme takes enquiries now, when one will, and offer to remind."""
    language, town = library.language_of(tracker), library.town_of(tracker)
    coming = next_to_open(programmes_of.programmes, CO_FUNDING, programmes_of.today)
    wanted = coming.id if coming is not None else CO_FUNDING
    if coming is not None and coming.opens is not None:
        opens = coming.opens.strftime("%d.%m.%Y")
        reply = library.say(
            "form_opens_on", language, town, programme=coming.name(language), date=opens
        )
    else:
        reply = library.say("form_none_open", language, town)
    remind = library.say("form_remind_button", language).text
    person = library.say("person_button", language).text
    buttons = (Button(remind, str(Payload("remind", (wanted,)))), Button(person, "act:human"))
    return Reply(reply.text, buttons)

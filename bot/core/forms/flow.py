"""One step of a form: the state and what the resident does in it, to the next state."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.core.forms import answers, hearing, moves, opening, questions, reading, whereabouts
from bot.core.forms.answers import World
from bot.core.forms.hearing import Heard, Move
from bot.core.forms.questions import NOTICE, PREVIEW, PROGRAMME
from bot.core.forms.reading import NotUsable
from bot.core.forms.state import State
from bot.core.forms.steps import CANCEL, INTERRUPT, SWITCH, Note, Step
from bot.core.forms.whereabouts import Named
from bot.core.masking import mask
from bot.core.submissions.model import Kind, Publicity

#: Types of questions whose answers tell of the matter, and so of its place perhaps.
_TELLING = ("body", "text")
#: Told when words were added to the description.
_MORE = "form_words_added"
#: A word with a house's number: "კოსტავას 15".
_HOUSE = re.compile(r"[^\W\d_]+\W{1,3}\d{1,3}\b")


def begin(
    kind: Kind,
    text: str,
    now: float,
    programme: str = "",
    named: Sequence[Named] = (),
    town: str = "",
) -> State:
    """Open a form; what the opening sentence says of the matter is its first answer.

    Args:
        kind: what is to be handed in.
        text: the opening sentence; empty when a button opened the form.
        now: seconds since 1970.
        programme: its id, when the form is one of a programme.
        named: the places that the sentence names.
        town: the town the conversation is about.
    """
    id = uuid.uuid4().hex[:16]
    state = State(id, kind, began_at=now, touched_at=now, programme=programme)
    state = whereabouts.noticed(state, named, town)
    found = opening.description_in(text, kind.value)
    try:
        body = reading.body(found, placed=state.placed)
    except NotUsable:
        return state
    return moves.with_body(state, mask(body).text)


def told_too_much(kind: Kind, text: str) -> Note | None:
    """Give the note for an opening sentence that is too long to be the description."""
    try:
        reading.body(opening.description_in(text, kind.value))
    except NotUsable as problem:
        if problem.text_id == "form_body_long":
            return Note(problem.text_id, problem.values)
    return None


def ask(state: State, world: World) -> State:
    """Settle which step waits now; a question asked again from the preview waits on."""
    if state.change:
        return state
    step = questions.next_step(state, world.programme(state), world.noticed)
    return state if state.question == step else replace(state, question=step, failures=0)


def take(state: State, heard: Heard, world: World) -> Step:
    """Take a message in the middle of a form."""
    state = replace(state, turns=state.turns + 1)
    if heard.caption:
        return _caption(state, heard, world)
    programme = world.programme(state)
    question = questions.find(state.question, state, programme)
    move = hearing.hear(heard, question, state.question)
    if state.offer:
        return _side_question(state, move, world)
    before, asked = state, question.type if question is not None else ""
    if move.what == hearing.ANSWER and asked in _TELLING:
        state = whereabouts.noticed(state, heard.named, world.municipality)
    elif move.what == hearing.ANSWER and asked == "place":
        other = whereabouts.elsewhere(heard.named, world.municipality)
        state = replace(state, elsewhere=other or state.elsewhere)
    if state.elsewhere == before.elsewhere:
        return _step(state, heard, move, world)
    note = other_town(state)
    if asked == "place":
        # Not taken silently; said again it is.
        return Step(state, notes=(note,))
    step = _step(state, heard, move, world)
    return replace(step, notes=(note, *step.notes))


def other_town(state: State) -> Note:
    """Give the note that another town was named than the one that gets the form."""
    return Note("form_other_town", {"other_town": state.elsewhere})


def bring(state: State, attachments: Iterable[Mapping[str, Any]], world: World) -> Step:
    """Give the form what was sent before it was opened; what is told of it once."""
    notes: dict[str, Note] = {}
    for attachment in attachments:
        step = take(state, Heard(attachment=attachment), world)
        state = step.state
        notes.update({note.text_id: note for note in step.notes})
    return Step(state, notes=tuple(notes.values()))


def _step(state: State, heard: Heard, move: Move, world: World) -> Step:
    handler = moves.MOVES.get(move.what)
    try:
        if handler is not None:
            return handler(state, move, world)
        return _answer(state, heard, move, world)
    except NotUsable as problem:
        return _failed(state, Note(problem.text_id, problem.values))


def _answer(state: State, heard: Heard, move: Move, world: World) -> Step:
    """Take words: an answer to the waiting question when they can be one."""
    try:
        return _words(state, str(move.value), world)
    except NotUsable as problem:
        instead = None if problem.understood else hearing.otherwise(heard)
        note = Note(problem.text_id, problem.values)
        if instead is not None and instead != Move(hearing.SWITCH, (state.kind, heard.text)):
            return moves.MOVES[instead.what](state, instead, world)
        if state.question == NOTICE:
            # Who writes on before agreeing is heard all the same.
            return _failed(_told(state, heard, world), note)
        told = _told(state, heard, world) if instead is not None else state
        return _failed(state, note) if told is state else Step(told, notes=(Note(_MORE),))


def _told(state: State, heard: Heard, world: World) -> State:
    """Give the form with what a message tells of the matter, or as it is when that is nothing."""
    text = mask(opening.description_in(heard.text, state.kind.value)).text
    named = whereabouts.noticed(state, heard.named, world.municipality)
    try:
        if "body" not in state.answers:
            return moves.with_body(named, reading.body(text, placed=named.placed))
        return moves.with_more(named, reading.tidy(text)) if text else named
    except NotUsable:
        return state


def _caption(state: State, heard: Heard, world: World) -> Step:
    """Take the words under a photo: they answer what they can answer, and tell of the matter."""
    question = questions.find(state.question, state, world.programme(state))
    move = hearing.hear(heard, question, state.question)
    if move.what == hearing.INTERRUPT:
        return Step(state, INTERRUPT)
    asked = question.type if question is not None else ""
    named = whereabouts.place_of(heard.named) is not None or _HOUSE.search(heard.text)
    if move.what == hearing.ANSWER and (asked == "body" or (asked == "place" and named)):
        step = take(state, replace(heard, caption=False), world)
        if not step.failed:
            return step
    told = _told(state, heard, world)
    more = "body" in state.answers and told.answers.get("body") != state.answers["body"]
    return Step(told, notes=(Note(_MORE),) if more else ())


def _words(state: State, text: str, world: World) -> Step:
    question = questions.find(state.question, state, world.programme(state))
    if state.question == PROGRAMME and (chosen := answers.programme_named(text, world)):
        return moves.pick(state, Move(hearing.PICK, (PROGRAMME, chosen)), world)
    if state.question == PREVIEW and questions.find("phone", state, world.programme(state)):
        with suppress(NotUsable):
            # Nothing else is nine digits.
            return moves.taken(state, "phone", reading.phone(text))
    if question is None:
        raise NotUsable(f"form_{state.question}_unclear")
    if question.type == "publicity":
        return _name_typed(state, text, world)
    value = answers.from_text(question, text, state, world)
    return moves.taken(state, question.id, value)


def _name_typed(state: State, text: str, world: World) -> Step:
    """At the question of publicity a name may be written at once: it is to be shown."""
    try:
        value = answers.from_text(questions.PUBLICITY, text, state, world)
    except NotUsable:
        if len(text.split()) > 4:
            raise
        name = answers.named(text)
        state = state.answered("name", name)
        value = Publicity.WITH_NAME.value
    return moves.taken(state, "publicity", value)


def _failed(state: State, note: Note) -> Step:
    return Step(replace(state, failures=state.failures + 1), notes=(note,), failed=True)


def _side_question(state: State, move: Move, world: World) -> Step:
    """The answer to "leave this form?"; whatever is no yes goes on with it."""
    offer, text, state = state.offer, state.offer_text, replace(state, offer="", offer_text="")
    if offer == CANCEL and move.what in (hearing.YES, hearing.CANCEL):
        return Step(state, CANCEL)
    if offer != CANCEL and move.what in (hearing.YES, hearing.SWITCH):
        return Step(state, SWITCH, value=(Kind(offer), text))
    if move.what == hearing.CANCEL:
        return Step(state, CANCEL)
    if move.what in (hearing.PHOTO, hearing.PIN, hearing.CONTACT):
        return _step(state, Heard(), move, world)
    return Step(state)

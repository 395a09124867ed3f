"""One step of a form: the state and what the resident does in it, to the next state."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.categories import OTHER
from bot.core.forms import answers, hearing, opening, questions, reading, whereabouts
from bot.core.forms.answers import World
from bot.core.forms.hearing import Heard, Move
from bot.core.forms.questions import (
    MOST_PHOTOS,
    NOTICE,
    PREVIEW,
    PROGRAMME,
    TERMS,
    TWINS,
    Question,
)
from bot.core.forms.reading import NotUsable
from bot.core.forms.state import State
from bot.core.forms.titles import suggested
from bot.core.forms.whereabouts import Named
from bot.core.masking import mask
from bot.core.submissions.model import Kind, Publicity

#: After so many unusable answers in a row the resident is offered to skip it, or a person.
FAILURES = 2

#: Types of questions whose answers tell of the matter, and so of its place perhaps.
_TELLING = ("body", "text")

#: What a step may end with.
ASK, SEND, CANCEL, INTERRUPT, SWITCH, FOLLOW, REMIND = (
    "ask", "send", "cancel", "interrupt", "switch", "follow", "remind"
)  # fmt: skip


@dataclass(frozen=True)
class Note:
    """A sentence for the resident: a text and what fills it."""

    text_id: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """The form after a message.

    ``notes`` are told before the question; a ``failed`` step's note says itself what to do.
    ``value`` goes with the outcome: the kind of another form, the code to follow.
    """

    state: State
    outcome: str = ASK
    notes: tuple[Note, ...] = ()
    failed: bool = False
    value: Any = None


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
    return _with_body(state, mask(body).text)


def ask(state: State, world: World) -> State:
    """Settle which step waits now; a question asked again from the preview waits on."""
    if state.change:
        return state
    step = questions.next_step(state, world.programme(state), world.noticed)
    return state if state.question == step else replace(state, question=step, failures=0)


def take(state: State, heard: Heard, world: World) -> Step:
    """Take a message in the middle of a form."""
    state = replace(state, turns=state.turns + 1)
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
    handler = _MOVES.get(move.what)
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
        if instead is None or instead == Move(hearing.SWITCH, (state.kind, heard.text)):
            return _failed(state, Note(problem.text_id, problem.values))
        return _MOVES[instead.what](state, instead, world)


def _words(state: State, text: str, world: World) -> Step:
    question = questions.find(state.question, state, world.programme(state))
    if state.question == PROGRAMME and (chosen := answers.programme_named(text, world)):
        return _pick(state, Move(hearing.PICK, (PROGRAMME, chosen)), world)
    if question is None:
        raise NotUsable(f"form_{state.question}_unclear")
    if question.type == "publicity":
        return _name_typed(state, text, world)
    value = answers.from_text(question, text, state, world)
    return _taken(state, question.id, value)


def _name_typed(state: State, text: str, world: World) -> Step:
    """At the question of publicity a name may be written at once: it is to be shown."""
    try:
        value = answers.from_text(questions.PUBLICITY, text, state, world)
    except NotUsable:
        if len(text.split()) > 4:
            raise
        name = reading.name(text)
        state = state.answered("name", name)
        value = Publicity.WITH_NAME.value
    return _taken(state, "publicity", value)


def _taken(state: State, question: str, value: Any) -> Step:
    state = _with_body(state, value) if question == "body" else state.answered(question, value)
    if question == "category":
        state = replace(state, all_categories=False)
    if question == "place":
        state = replace(state, understood=False, looked_for_twins=False)
    return Step(replace(state, change=False))


def _with_body(state: State, body: str) -> State:
    state = state.answered("body", body)
    # Different words may have other neighbours.
    state = replace(state, looked_for_twins=False)
    return state if state.kind is Kind.PROBLEM else state.answered("title", suggested(body))


def _failed(state: State, note: Note) -> Step:
    return Step(replace(state, failures=state.failures + 1), notes=(note,), failed=True)


def _pick(state: State, move: Move, world: World) -> Step:
    """A button that answers a question, also one of an earlier bubble."""
    name, value = move.value
    if name == PROGRAMME:
        if value not in world.offered:
            raise NotUsable("form_programme_unclear")
        return Step(replace(state, programme=value, answers=_kept(state)))
    question = questions.find(name, state, world.programme(state))
    if question is None:
        raise NotUsable("form_choice_unclear")
    taken = answers.from_choice(question, value, world)
    return _taken(state, question.id, taken)


def _kept(state: State) -> dict[str, Any]:
    """Of the answers given before a programme is chosen, what was said of the matter stays."""
    return {name: state.answers[name] for name in ("body", "title") if name in state.answers}


def _skip(state: State, move: Move, world: World) -> Step:
    question = questions.find(state.question, state, world.programme(state))
    if state.question == TWINS:
        return Step(replace(state, looked_for_twins=True))
    if question is not None and question.type == "category":
        # Staff sort it; nobody has to stop here.
        return _taken(state, question.id, OTHER)
    if question is None or (question.required and not _may_do_without(question, state)):
        raise NotUsable("form_cannot_skip")
    if question.type == "place" and state.around is not None:
        return _taken(state, question.id, state.near)
    if question.id == "name" and state.answers.get("publicity") == Publicity.WITH_NAME.value:
        state = state.answered("publicity", Publicity.WITHOUT_NAME.value)
    if question.type == "photos":
        state = replace(state, photos=())
    return _taken(state, question.id, None)


def _may_do_without(question: Question, state: State) -> bool:
    """A place is required; one that is wide must do when no better can be told."""
    stuck = state.failures >= FAILURES
    return question.type == "place" and (stuck or state.around is not None)


def _back(state: State, move: Move, world: World) -> Step:
    programme = world.programme(state)
    if state.change:
        return Step(replace(state, change=False, failures=0))
    order = [question.id for question in questions.questions(state, programme)]
    before = order[: order.index(state.question)] if state.question in order else order
    given = [name for name in before if name in state.answers]
    if not given or state.question in (NOTICE, PROGRAMME):
        return Step(state, notes=(Note("form_first_question"),))
    last = given[-1]
    also = ("title",) if last == "body" else ()
    state = replace(state.without(last, *also), failures=0)
    if last == "photos":
        state = replace(state, photos=())
    return Step(replace(state, looked_for_twins=False))


def _cancel(state: State, move: Move, world: World) -> Step:
    if move.value == "perhaps":
        return Step(replace(state, offer=CANCEL), notes=(Note("form_cancel_meant"),))
    return Step(state, CANCEL)


def _yes(state: State, move: Move, world: World) -> Step:
    if state.question == PREVIEW:
        return Step(state, SEND)
    if state.question == TERMS:
        return _taken(state, TERMS, True)
    if state.question == NOTICE:
        return Step(state, value=NOTICE)
    raise NotUsable(questions.unclear(state, world.programme(state)))


def _no(state: State, move: Move, world: World) -> Step:
    if state.question in (NOTICE, TERMS):
        return Step(replace(state, offer=CANCEL), notes=(Note("form_cancel_sure"),))
    if state.question == PREVIEW:
        return Step(state, notes=(Note("form_what_to_change"),), value="change")
    if state.question == TWINS:
        return Step(replace(state, looked_for_twins=True))
    raise NotUsable(questions.unclear(state, world.programme(state)))


def _send(state: State, move: Move, world: World) -> Step:
    if state.question != PREVIEW:
        return Step(state)
    return Step(state, SEND)


def _change(state: State, move: Move, world: World) -> Step:
    if not move.value:
        return Step(state, value="change")
    question = questions.find(str(move.value), state, world.programme(state))
    if question is None:
        raise NotUsable("form_choice_unclear")
    return Step(replace(state, question=question.id, change=True, failures=0))


def _more(state: State, move: Move, world: World) -> Step:
    return Step(replace(state, all_categories=True))


def _photo(state: State, move: Move, world: World) -> Step:
    if questions.find("photos", state, world.programme(state)) is None:
        return Step(state, notes=(Note("form_photos_not_taken"),))
    if move.value in state.photos:
        return Step(state)
    if len(state.photos) >= MOST_PHOTOS:
        return Step(state, notes=(Note("form_photos_enough", {"limit": str(MOST_PHOTOS)}),))
    state = replace(state, photos=(*state.photos, move.value), failures=0)
    state = state.answered("photos", len(state.photos))
    return Step(state, notes=(Note("form_photo_added", {"count": str(len(state.photos))}),))


def _pin(state: State, move: Move, world: World) -> Step:
    if questions.find("place", state, world.programme(state)) is None:
        return Step(state, notes=(Note("form_place_not_taken"),))
    place = answers.pinned(move.value, state, world)
    waited = state.question == "place"
    state = replace(state.answered("place", place), looked_for_twins=False, understood=False)
    state = replace(state, change=state.change and not waited)
    return Step(state, notes=() if waited else (Note("form_place_added"),))


def _contact(state: State, move: Move, world: World) -> Step:
    changeable = questions.changeable(state, world.programme(state))
    question = next((q for q in changeable if q.type == "phone"), None)
    if question is None:
        return Step(state, notes=(Note("form_phone_not_taken"),))
    return _taken(state, question.id, reading.phone(move.value))


def _unreadable(state: State, move: Move, world: World) -> Step:
    return Step(state, notes=(Note("form_attachment_unreadable"),))


def _follow(state: State, move: Move, world: World) -> Step:
    return Step(state, FOLLOW, value=move.value)


def _interrupt(state: State, move: Move, world: World) -> Step:
    return Step(state, INTERRUPT)


def _nothing(state: State, move: Move, world: World) -> Step:
    return Step(state)


def _switch(state: State, move: Move, world: World) -> Step:
    kind, text = move.value
    if kind is state.kind:
        return Step(state)
    offer = Note(f"form_switch_{state.kind.value}")
    return Step(replace(state, offer=kind.value, offer_text=text), notes=(offer,))


def _side_question(state: State, move: Move, world: World) -> Step:
    """The answer to "leave this form?"; whatever is no yes goes on with it."""
    offer, text, state = state.offer, state.offer_text, replace(state, offer="", offer_text="")
    if offer == CANCEL and move.what in (hearing.YES, hearing.CANCEL):
        return Step(state, CANCEL)
    if offer != CANCEL and move.what in (hearing.YES, hearing.SWITCH):
        return Step(state, SWITCH, value=(Kind(offer), text))
    if move.what == hearing.CANCEL:
        return Step(state, CANCEL)
    return Step(state)


_MOVES: dict[str, Callable[[State, Move, World], Step]] = {
    hearing.PICK: _pick,
    hearing.SKIP: _skip,
    hearing.BACK: _back,
    hearing.CANCEL: _cancel,
    hearing.YES: _yes,
    hearing.NO: _no,
    hearing.CHANGE: _change,
    hearing.MORE: _more,
    hearing.FOLLOW: _follow,
    hearing.RESUME: _nothing,
    hearing.SEND: _send,
    hearing.PHOTO: _photo,
    hearing.PIN: _pin,
    hearing.CONTACT: _contact,
    hearing.UNREADABLE: _unreadable,
    hearing.INTERRUPT: _interrupt,
    hearing.PLEASANTRY: _nothing,
    hearing.SWITCH: _switch,
}

"""What each move of a resident does to a form: answering by a button, skipping, a photo, a pin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.core.categories import OTHER
from bot.core.forms import answers, hearing, questions, reading
from bot.core.forms.answers import World
from bot.core.forms.hearing import Move
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
from bot.core.forms.steps import CANCEL, FOLLOW, INTERRUPT, SEND, Note, Step
from bot.core.forms.titles import suggested
from bot.core.submissions.model import Kind, Publicity

#: After so many unusable answers in a row the resident is offered to skip it, or a person.
FAILURES = 2


def taken(state: State, question: str, value: Any) -> Step:
    """Keep the answer to a question, which may be asked again from the preview."""
    state = with_body(state, value) if question == "body" else state.answered(question, value)
    if question == "category":
        state = replace(state, all_categories=False)
    if question == "place":
        state = replace(state, understood=False, looked_for_twins=False)
    return Step(replace(state, change=False))


def with_body(state: State, body: str) -> State:
    """Keep what the matter is; but for a problem it suggests the title."""
    state = state.answered("body", body)
    # Different words may have other neighbours.
    state = replace(state, looked_for_twins=False)
    return state if state.kind is Kind.PROBLEM else state.answered("title", suggested(body))


def with_more(state: State, words: str) -> State:
    """Add words to what was told of the matter; its title stays.

    Raises:
        NotUsable: when it becomes too long.
    """
    body = str(state.answers["body"])
    longer = body if words in body else reading.body(f"{body}\n{words}")
    return replace(state.answered("body", longer), looked_for_twins=False)


def pick(state: State, move: Move, world: World) -> Step:
    """A button that answers a question, also one of an earlier bubble.

    Raises:
        NotUsable: when what was chosen is not on offer.
    """
    name, value = move.value
    if name == PROGRAMME:
        if value not in world.offered:
            raise NotUsable("form_programme_unclear")
        return Step(replace(state, programme=value, answers=_kept(state)))
    question = questions.find(name, state, world.programme(state))
    if question is None:
        raise NotUsable("form_choice_unclear")
    chosen = answers.from_choice(question, value, world)
    return taken(state, question.id, chosen)


def _kept(state: State) -> dict[str, Any]:
    """Of the answers given before a programme is chosen, what was said of the matter stays."""
    return {name: state.answers[name] for name in ("body", "title") if name in state.answers}


def _skip(state: State, move: Move, world: World) -> Step:
    question = questions.find(state.question, state, world.programme(state))
    if state.question == TWINS:
        return Step(replace(state, looked_for_twins=True))
    if question is not None and question.type == "category":
        # Staff sort it; nobody has to stop here.
        return taken(state, question.id, OTHER)
    if question is None:
        raise NotUsable(questions.unclear(state, world.programme(state)))
    if question.required and not _may_do_without(question, state):
        raise NotUsable("form_cannot_skip")
    if question.type == "place" and state.around is not None:
        return taken(state, question.id, state.near)
    if question.id == "name" and state.answers.get("publicity") == Publicity.WITH_NAME.value:
        state = state.answered("publicity", Publicity.WITHOUT_NAME.value)
    if question.type == "photos":
        state = replace(state, photos=())
    return taken(state, question.id, None)


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
        return taken(state, TERMS, True)
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
    step = taken(state, question.id, reading.phone(move.value))
    waited = state.question == question.id
    return step if waited else replace(step, notes=(Note("form_phone_added"),))


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


MOVES: dict[str, Callable[[State, Move, World], Step]] = {
    hearing.PICK: pick,
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

"""The questions of each form, in their order; those of a programme come from its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.forms.state import State
from bot.core.programmes import Option, Programme
from bot.core.submissions.model import Kind, Publicity

#: Steps that are no questions about the matter itself.
NOTICE, PROGRAMME, TERMS, TWINS, PREVIEW = "notice", "programme", "terms", "twins", "preview"

#: How many photos one submission takes.
MOST_PHOTOS = 3


@dataclass(frozen=True)
class Question:
    """One question.

    ``type`` says how an answer is read: body, title, category, place, photos, publicity, name,
    period, or a type of :data:`bot.core.programmes.TYPES`. ``ask`` are a programme's own words;
    without them the text ``form_ask_<id>`` is used.
    """

    id: str
    type: str
    required: bool = True
    ask: Mapping[str, str] | None = None
    options: tuple[Option, ...] = ()
    least: float | None = None
    most: float | None = None


BODY = Question("body", "body")
TITLE = Question("title", "title")
CATEGORY = Question("category", "category")
PLACE = Question("place", "place")
PLACE_OPTIONAL = Question("place", "place", required=False)
PHOTOS = Question("photos", "photos", required=False)
PHOTOS_REQUIRED = Question("photos", "photos")
PUBLICITY = Question("publicity", "publicity")
NAME = Question("name", "name", required=False)
PHONE = Question("phone", "phone", required=False)

#: What a co-funding programme asks whose data name no questions of their own.
_APPLICANTS = ("person", "association", "ngo", "company")
APPLICANT = Question("applicant", "choice", options=tuple(Option(id, {}) for id in _APPLICANTS))
SUM = Question("sum", "money")
OWN_SHARE = Question("own_share", "money", least=0)
PEOPLE = Question("people", "number")
PERIOD = Question("period", "period")
PHONE_REQUIRED = Question("phone", "phone")

_IDEA = (BODY, CATEGORY, PLACE_OPTIONAL, PHOTOS, PUBLICITY)
_PROBLEM = (BODY, CATEGORY, PLACE, PHOTOS)


def questions(state: State, programme: Programme | None) -> tuple[Question, ...]:
    """List the questions that a form asks, in order."""
    if programme is not None:
        return _of_programme(programme)
    return {Kind.IDEA: _IDEA, Kind.PROBLEM: _PROBLEM}.get(state.kind, ())


def changeable(state: State, programme: Programme | None) -> tuple[Question, ...]:
    """List what can be changed from the preview: the questions, and what was filled in unasked."""
    asked = questions(state, programme)
    extra = {
        Kind.IDEA: (TITLE, NAME, PHONE),
        Kind.PROBLEM: (PHONE,),
        Kind.CO_FUNDING: (TITLE, NAME, PLACE_OPTIONAL, PHOTOS),
    }[state.kind]
    known = {question.id for question in asked}
    return (*asked, *(question for question in extra if question.id not in known))


def find(id: str, state: State, programme: Programme | None) -> Question | None:
    """Give a question of the form by its id; None when the form has none of that name."""
    return next((q for q in changeable(state, programme) if q.id == id), None)


#: The text that tells what to do, by the type of a question that was not answered.
_UNCLEAR = {
    "body": "form_body_short",
    "text": "form_body_short",
    "place": "form_place_unclear",
    "photos": "form_photos_unclear",
    "phone": "form_phone_unclear",
    "money": "form_sum_unclear",
    "number": "form_number_unclear",
    "month": "form_month_unclear",
    "period": "form_month_unclear",
    "name": "form_name_unclear",
    "title": "form_title_length",
}


def unclear(state: State, programme: Programme | None) -> str:
    """Give the id of the text for a plain yes or no that answers the waiting step in no way."""
    question = find(state.question, state, programme)
    if question is None:
        return f"form_{state.question}_unclear"
    return _UNCLEAR.get(question.type, "form_choice_unclear")


def next_step(state: State, programme: Programme | None, noticed: bool) -> str:
    """Give the step that comes next: the id of a question, or one of the other steps."""
    if not noticed:
        return NOTICE
    if state.kind is Kind.CO_FUNDING or state.programme:
        if programme is None:
            return PROGRAMME
        if TERMS not in state.answers:
            return TERMS
    for question in questions(state, programme):
        if question.id not in state.answers:
            return question.id
        if question is PUBLICITY and _wants_a_name(state):
            return NAME.id
    return PREVIEW if state.looked_for_twins else TWINS


def _standard(programme: Programme) -> list[Question]:
    own_share = [OWN_SHARE] if programme.own_share else []
    return [APPLICANT, SUM, *own_share, PEOPLE, PERIOD]


def _wants_a_name(state: State) -> bool:
    shown = state.answers.get("publicity") == Publicity.WITH_NAME.value
    return shown and NAME.id not in state.answers


def _of_programme(programme: Programme) -> tuple[Question, ...]:
    asked = [
        Question(q.id, q.type, q.required, q.ask, q.options, q.least, q.most)
        for q in programme.questions
    ]
    if programme.takes is Kind.CO_FUNDING:
        asked = asked or _standard(programme)
        if all(question.type != "phone" for question in asked):
            asked.append(PHONE_REQUIRED)
    before: list[Question] = [] if any(q.id == "body" for q in programme.questions) else [BODY]
    after = [
        question
        for wish, required, optional in (
            (programme.place, PLACE, PLACE_OPTIONAL),
            (programme.photo, PHOTOS_REQUIRED, PHOTOS),
        )
        # A long form is left: what an enquiry may do without is not asked, but always taken.
        if wish == "required" or (wish == "optional" and programme.takes is not Kind.CO_FUNDING)
        for question in (required if wish == "required" else optional,)
    ]
    publicity = [PUBLICITY] if programme.takes is Kind.IDEA and programme.kind != "request" else []
    return (*before, *asked, *after, *publicity)

"""One step of a form, without the engine: what a message does to the state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.core.categories import load_categories
from bot.core.forms import flow, moves, steps
from bot.core.forms.answers import World
from bot.core.forms.hearing import Heard
from bot.core.forms.state import State
from bot.core.programmes import Programme
from bot.core.submissions.model import Kind

ROOT = Path(__file__).parents[3]
MONEY = Programme(
    "yards", "rustavi", "co_funding", "x.y", {"ka": "ეზოები"}, {"ka": "კომისია წყვეტს"}, most=5000
)
WORLD = World(
    categories=load_categories(ROOT / "knowledge"),
    municipality="rustavi",
    today=date(2026, 11, 29),
    programmes={"yards": MONEY},
    offered=("yards",),
    noticed=True,
)
IDEA = "მინდა ველობილიკი მეჩვიდმეტეში"


def opened(kind: Kind, text: str = "", world: World = WORLD) -> State:
    return flow.ask(flow.begin(kind, text, 1.0), world)


def after(state: State, world: World = WORLD, **heard: object) -> State:
    return flow.ask(flow.take(state, Heard(**heard), world).state, world)


def walk(kind: Kind) -> list[State]:
    """Go through a whole form; gives the state at each question."""
    said: list[dict[str, object]] = {
        Kind.IDEA: [
            {"verb": "category", "argument": "transport"},
            {"text": "კოსტავას 20"},
            {"verb": "skip"},
            {"verb": "publicity", "argument": "without_name"},
            {"verb": "skip"},
        ],
        Kind.PROBLEM: [
            {"verb": "category", "argument": "roads"},
            {"text": "სტადიონთან"},
            {"verb": "skip"},
            {"verb": "skip"},
        ],
        Kind.CO_FUNDING: [
            {"verb": "programme", "argument": "yards"},
            {"verb": "yes"},
            {"text": "ეზოში სათამაშო მოედანი გვინდა"},
            {"verb": "applicant", "argument": "person"},
            {"text": "2 500"},
            {"text": "40"},
            {"text": "მაისი – ივნისი 2027"},
            {"text": "555123456"},
            {"verb": "skip"},
        ],
    }[kind]
    states = [opened(kind, IDEA if kind is not Kind.CO_FUNDING else "")]
    for heard in said:
        states.append(after(states[-1], **heard))
    return states


@pytest.mark.parametrize(
    ("kind", "most"), [(Kind.IDEA, 5), (Kind.PROBLEM, 5), (Kind.CO_FUNDING, 8)]
)
def test_form_ends_in_the_preview_after_few_questions(kind: Kind, most: int) -> None:
    states = walk(kind)
    assert states[-1].question == "preview"
    asked = [s.question for s in states if s.question not in ("preview", "twins", "terms")]
    assert len(asked) == len(set(asked))
    # The first sentence answers the first question of an idea and a problem.
    assert len(asked) + (kind is not Kind.CO_FUNDING) <= most


@pytest.mark.parametrize("kind", list(Kind))
def test_cancel_leaves_the_form_at_every_question(kind: Kind) -> None:
    for state in walk(kind):
        for heard in (Heard(text="გაუქმება"), Heard(text="cancel"), Heard(verb="cancel")):
            assert flow.take(state, heard, WORLD).outcome == steps.CANCEL, state.question


@pytest.mark.parametrize("kind", list(Kind))
def test_state_survives_being_stored_at_every_question(kind: Kind) -> None:
    for state in walk(kind):
        assert State.from_json(state.to_json()) == state


@pytest.mark.parametrize("kind", list(Kind))
def test_photo_is_kept_at_every_question(kind: Kind) -> None:
    for state in walk(kind):
        step = flow.take(state, Heard(attachment={"type": "image", "media_id": "m"}), WORLD)
        assert step.state.photos == ("m",)
        assert flow.ask(step.state, WORLD).question in (state.question, "publicity", "twins")


def test_fourth_photo_is_not_taken_and_the_same_one_counts_once() -> None:
    state = opened(Kind.IDEA, IDEA)
    for name in ("a", "a", "b", "c", "d"):
        state = after(state, attachment={"type": "image", "media_id": name})
    assert state.photos == ("a", "b", "c")


def test_back_takes_the_last_answer_away() -> None:
    state = after(opened(Kind.IDEA, IDEA), verb="category", argument="transport")
    assert state.question == "place"
    back = after(state, text="უკან")
    assert back.question == "category"
    assert "category" not in back.answers


def test_second_failure_in_a_row_is_counted_and_an_answer_forgives() -> None:
    state = opened(Kind.PROBLEM)
    for failures in (1, 2, 3):
        step = flow.take(state, Heard(text="ორმო"), WORLD)
        assert step.failed
        assert step.state.failures == failures
        state = flow.ask(step.state, WORLD)
    assert after(state, text="გზაზე დიდი ორმოა").failures == 0


def test_place_of_a_problem_may_be_skipped_only_when_it_does_not_work() -> None:
    state = after(opened(Kind.PROBLEM, "გზაზე დიდი ორმოა აქ"), verb="category", argument="roads")
    assert flow.take(state, Heard(verb="skip"), WORLD).failed
    stuck = replace(state, failures=moves.FAILURES)
    assert after(stuck, verb="skip").question == "photos"


def test_sum_above_the_programme_is_told_and_is_no_interruption() -> None:
    state = next(s for s in walk(Kind.CO_FUNDING) if s.question == "sum")
    heard = Heard(text="50 000 ლარი", intent="local_fees.payment", sure=True)
    step = flow.take(state, heard, WORLD)
    assert step.failed
    assert step.notes[0].text_id == "form_sum_above"


@pytest.mark.parametrize("question", ["category", "publicity", "photos"])
def test_question_about_a_service_interrupts(question: str) -> None:
    state = next(s for s in walk(Kind.IDEA) if s.question == question)
    heard = Heard(text="რა ღირს პარკირება?", intent="local_fees.parking_fee", sure=True)
    step = flow.take(state, heard, WORLD)
    assert step.outcome == steps.INTERRUPT
    assert flow.ask(step.state, WORLD).question == question


def test_description_that_names_a_service_is_a_description() -> None:
    heard = Heard(text="ნაგვის ურნები ცოტაა ქუჩაზე", intent="local_fees.cleaning_fee", sure=True)
    assert after(opened(Kind.IDEA), text=heard.text, intent=heard.intent, sure=True).answers["body"]


def test_notice_is_read_before_anything_else_is_asked() -> None:
    world = replace(WORLD, noticed=False)
    state = opened(Kind.IDEA, IDEA, world)
    assert state.question == "notice"
    assert flow.take(state, Heard(text="რამე"), world).failed
    assert flow.take(state, Heard(text="კი"), world).value == "notice"


def test_changed_body_looks_for_neighbours_and_a_title_again() -> None:
    state = walk(Kind.IDEA)[-1]
    state = after(after(state, verb="change", argument="body"), text="ახალი სკამები დადგით პარკში")
    assert state.question == "twins"
    assert state.answers["title"] == "ახალი სკამები დადგით პარკში"


@pytest.mark.parametrize(("confidence", "offer"), [(0.8, ""), (0.95, "cancel")])
def test_behind_the_school_is_a_place_and_no_wish_to_stop(confidence: float, offer: str) -> None:
    state = next(s for s in walk(Kind.PROBLEM) if s.question == "place")
    cancel = {"intent": "dialogue.cancel", "sure": True, "confidence": confidence}
    state = after(state, text="სკოლის უკან", **cancel)
    assert (state.offer, state.placed) == (offer, not offer)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("ჩემი განაცხადის სტატუსი", steps.INTERRUPT), ("I have no idea yet", steps.ASK)],
)
def test_status_is_asked_in_few_words(text: str, outcome: str) -> None:
    state = next(s for s in walk(Kind.CO_FUNDING) if s.question == "sum")
    heard = Heard(text=text, intent="participation.submission_status", sure=True)
    assert flow.take(state, heard, WORLD).outcome == outcome


def at(kind: Kind, question: str) -> State:
    """Give the form while a question waits."""
    return next(state for state in walk(kind) if state.question == question)


@pytest.mark.parametrize(
    "said",
    [
        "კი, მაგრამ ჯერ სახელი შევცვალო",
        "კი მარა ფოტოს დავამატებ",
        "yes, but the street is wrong",
        "да, но сначала поменяю фото",
    ],
)
def test_half_a_yes_sends_nothing_and_asks_what_is_to_be_changed(said: str) -> None:
    preview = replace(walk(Kind.PROBLEM)[-1], question="preview", looked_for_twins=True)
    affirm = {"intent": "dialogue.affirm", "sure": True, "confidence": 0.97}
    step = flow.take(preview, Heard(text=said, **affirm), WORLD)  # type: ignore[arg-type]
    assert (step.outcome, step.value) == (steps.ASK, "change")
    notice = replace(opened(Kind.IDEA), question="notice")
    assert flow.take(notice, Heard(text=said, **affirm), WORLD).failed  # type: ignore[arg-type]


def test_yes_in_a_question_sends_nothing() -> None:
    preview = replace(walk(Kind.PROBLEM)[-1], question="preview", looked_for_twins=True)
    heard = Heard(text="კარგი, ვინ წაიკითხავს?", intent="dialogue.affirm", sure=True)
    assert flow.take(preview, heard, WORLD).outcome == steps.ASK


@pytest.mark.parametrize("question", ["category", "photos", "publicity"])
def test_a_guessed_wish_to_stop_is_asked_back_everywhere(question: str) -> None:
    heard = Heard(text="აღარ ვიცი რა ავირჩიო", intent="dialogue.cancel", sure=True, confidence=0.99)
    step = flow.take(at(Kind.IDEA, question), heard, WORLD)
    assert (step.outcome, step.state.offer) == (steps.ASK, "cancel")


def test_another_matter_told_at_the_category_is_no_category() -> None:
    said = "ქუჩაში სანათი არ ანათებს კოსტავას ხუთში"
    state = at(Kind.IDEA, "category")
    problem = Heard(text=said, intent="participation.report_problem", sure=True)
    step = flow.take(state, problem, WORLD)
    assert (step.state.offer, step.state.offer_text) == ("problem", said)
    assert flow.take(state, Heard(text="განათებას ეხება"), WORLD).state.answers["category"]


@pytest.mark.parametrize("said", ["პრობლემა მაქვს", "problema maqvs", "I have a problem"])
def test_i_have_a_problem_is_no_place(said: str) -> None:
    heard = Heard(text=said, intent="participation.report_problem", sure=True, confidence=0.99)
    assert after(at(Kind.IDEA, "place"), **vars(heard)).offer == "problem"
    said = "პრობლემურ ჭასთან, სკოლის უკან"
    assert after(at(Kind.IDEA, "place"), **{**vars(heard), "text": said}).placed


def test_more_of_the_same_matter_is_added_to_the_description() -> None:
    state = at(Kind.PROBLEM, "photos")
    said = "მეორე ორმოც გაჩნდა იქვე, უფრო ღრმა"
    heard = Heard(text=said, intent="participation.report_problem", sure=True)
    step = flow.take(state, heard, WORLD)
    assert step.state.answers["body"] == f"{state.answers['body']}\n{said}"
    assert [note.text_id for note in step.notes] == ["form_words_added"]
    assert flow.ask(step.state, WORLD).question == "photos"


def test_who_writes_on_before_agreeing_is_heard() -> None:
    world = replace(WORLD, noticed=False)
    state = opened(Kind.PROBLEM, "", world)
    said = Heard(text="ჩვენს ქუჩაზე წყალი დგას და სუნია", intent="nlu_fallback")
    step = flow.take(state, said, world)
    assert step.failed
    assert step.state.answers["body"] == said.text
    assert flow.take(step.state, Heard(text="რამე"), world).state.answers["body"] == said.text


@pytest.mark.parametrize(
    "said", ["ფოტოს ვერ გადავიღებ, ბნელა", "potos ver gadavigeb", "sorry, I took no photo"]
)
def test_who_has_no_photo_says_so_in_any_words(said: str) -> None:
    assert after(at(Kind.PROBLEM, "photos"), text=said).answers["photos"] is None


def test_a_telephone_written_at_the_preview_is_the_telephone() -> None:
    preview = replace(walk(Kind.PROBLEM)[-1], question="preview", looked_for_twins=True)
    assert after(preview, text="599 12 34 56").answers["phone"] == "599123456"


@pytest.mark.parametrize("question", ["category", "place", "photos", "preview"])
def test_words_under_a_photo_tell_of_the_matter_and_answer_no_other_question(question: str) -> None:
    state = at(Kind.PROBLEM, question)
    step = flow.take(state, Heard(text="ასე გამოიყურება მეორე მხრიდან", caption=True), WORLD)
    assert step.state.answers["body"].endswith("\nასე გამოიყურება მეორე მხრიდან")
    assert flow.ask(step.state, WORLD).question in (question, "twins")
    assert not step.failed


def test_words_under_a_photo_answer_what_they_can() -> None:
    body = after(opened(Kind.PROBLEM), text="გზაზე დიდი ორმოა", caption=True)
    assert body.answers["body"] == "გზაზე დიდი ორმოა"
    place = after(at(Kind.PROBLEM, "place"), text="კოსტავას 15", caption=True)
    assert place.place is not None
    assert place.place.text == "კოსტავას 15"
    short = flow.take(opened(Kind.PROBLEM), Heard(text="ორმო", caption=True), WORLD)
    assert (short.failed, short.state.answers) == (False, {})


def test_nothing_is_left_out_where_nothing_is_asked() -> None:
    preview = replace(walk(Kind.PROBLEM)[-1], question="preview", looked_for_twins=True)
    assert flow.take(preview, Heard(verb="skip"), WORLD).notes[0].text_id == "form_preview_unclear"


@pytest.mark.parametrize("question", ["publicity", "name"])
def test_a_number_beside_a_name_is_left_out(question: str) -> None:
    state = replace(at(Kind.IDEA, "publicity"), question=question)
    assert after(state, text="ნინო 01017012345").answers["name"] == "ნინო"


def test_an_opening_sentence_that_is_too_long_is_told() -> None:
    note = flow.told_too_much(Kind.PROBLEM, "ჩვენს ეზოში წყალი დგას უკვე ერთი თვეა. " * 50)
    assert note is not None
    assert (note.text_id, note.values["limit"]) == ("form_body_long", "1500")
    assert flow.told_too_much(Kind.PROBLEM, "ჩვენს ეზოში წყალი დგას") is None


def test_what_is_sent_while_it_is_asked_whether_to_leave_is_kept() -> None:
    state = replace(at(Kind.PROBLEM, "category"), offer="idea", offer_text="ხეები დავრგოთ")
    sent = {"type": "image", "media_id": "m"}
    step = flow.take(state, Heard(attachment=sent), WORLD)
    assert (step.state.photos, step.state.offer) == (("m",), "")
    assert [note.text_id for note in step.notes] == ["form_photo_added"]

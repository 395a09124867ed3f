"""The place that a sentence names, in the form that the sentence opens or answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.forms import flow, whereabouts
from bot.core.forms.hearing import Heard
from bot.core.forms.state import State
from bot.core.forms.whereabouts import Named, elsewhere, place_of
from bot.core.submissions.model import Kind, Place
from tests.core.forms.test_flow import WORLD, after

STREET = Named("street", "კოსტავას გამზირი", "კოსტავაზე")
HOUSE = Named("street", "კოსტავას გამზირი", "კოსტავას 20")
CORNER = Named("street", "ლეონიძის ქუჩა", "ლეონიძის ქუჩაზე")
SEVENTEENTH, NINETEENTH = Named("district", "17", "მე-17"), Named("district", "19", "მე-19")
HERE, THERE = (
    Named("municipality", "rustavi", "რუსთავში"),
    Named("municipality", "marneuli", "მარნეულში"),
)


def opened(kind: Kind, text: str, *named: Named) -> State:
    return flow.ask(flow.begin(kind, text, 1.0, named=named, town="rustavi"), WORLD)


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ([STREET], Place("კოსტავას გამზირი")),
        ([HOUSE], Place("კოსტავას გამზირი 20")),
        ([SEVENTEENTH], Place(district="17")),
        ([STREET, SEVENTEENTH, HERE], Place("კოსტავას გამზირი", district="17")),
        ([STREET, CORNER], Place("კოსტავას გამზირი, ლეონიძის ქუჩა")),
        ([SEVENTEENTH, SEVENTEENTH], Place(district="17")),
        (
            [replace(HOUSE, words="20 Kostava street", foreign=True)],
            Place("კოსტავას გამზირი 20 (20 Kostava street)"),
        ),
        # Streets of no table stand in the resident's words.
        (
            [Named("street", "улица Пушкина", "ул. Пушкина, д. 17", foreign=True)],
            Place("улица Пушкина 17"),
        ),
        ([Named("street", "26 მაისის ქუჩა", "26 მაისის ქუჩაზე")], Place("26 მაისის ქუჩა")),
        ([Named("street", "26 მაისის ქუჩა", "26 მაისის ქუჩა 4")], Place("26 მაისის ქუჩა 4")),
        ([SEVENTEENTH, NINETEENTH], None),
        ([HERE], None),
        ([], None),
    ],
)
def test_place_is_what_is_named_and_no_guess_among_several(
    named: list[Named], place: Place | None
) -> None:
    assert place_of(named) == place


def test_other_town_is_elsewhere_unless_this_one_is_named_too() -> None:
    assert elsewhere([THERE], "rustavi") == "marneuli"
    assert elsewhere([HERE], "rustavi") == ""
    assert elsewhere([HERE, THERE], "rustavi") == ""
    assert opened(Kind.IDEA, "ავტობუსი რუსთავიდან მარნეულში", HERE, THERE, STREET).place is None


@pytest.mark.parametrize(
    ("kind", "named", "next_question"),
    [
        (Kind.IDEA, SEVENTEENTH, "photos"),
        (Kind.IDEA, STREET, "photos"),
        (Kind.PROBLEM, STREET, "photos"),
        (Kind.PROBLEM, SEVENTEENTH, "place"),
    ],
)
def test_question_where_is_left_out_when_the_sentence_says_it(
    kind: Kind, named: Named, next_question: str
) -> None:
    state = opened(kind, "გზაზე დიდი ორმოა აქ", named)
    assert state.question == "category"
    assert not whereabouts.is_to_tell(state)
    category = "transport" if kind is Kind.IDEA else "roads"
    state = after(state, verb="category", argument=category)
    assert state.question == next_question
    assert whereabouts.is_to_tell(state) == (next_question == "photos")


def test_microdistrict_of_a_problem_is_kept_with_whatever_is_said_of_the_spot() -> None:
    state = after(
        opened(Kind.PROBLEM, "ქუჩაში შუქი არ არის", SEVENTEENTH), verb="category", argument="roads"
    )
    for heard, place in (
        ({"text": "სკოლასთან"}, Place("სკოლასთან", district="17")),
        ({"text": "მე-19 მიკრორაიონში"}, Place("მე-19 მიკრორაიონში", district="19")),
        ({"verb": "skip"}, Place(district="17")),
        ({"text": "არ ვიცი"}, Place(district="17")),
        ({"text": "ესეც საკმარისია"}, Place(district="17")),
        (
            {"attachment": {"type": "location", "lat": 41.55, "lon": 45.0}},
            Place(lat=41.55, lon=45.0, district="17"),
        ),
    ):
        answered = after(state, **heard)
        assert answered.place == place
        assert answered.question == "photos"


def test_place_named_in_a_later_description_counts_and_none_is_overwritten() -> None:
    state = opened(Kind.PROBLEM, "")
    answered = after(state, text="ორმოა კოსტავაზე", named=(STREET,))
    assert answered.place == Place("კოსტავას გამზირი")
    pinned = after(state, attachment={"type": "location", "lat": 41.55, "lon": 45.0})
    again = after(pinned, text="გზაზე დიდი ორმოა აქ", named=(STREET,))
    assert again.place == Place(lat=41.55, lon=45.0)


def test_two_words_are_a_report_where_the_place_is_known() -> None:
    assert opened(Kind.PROBLEM, "კოსტავაზე ორმოა", STREET).question == "category"
    assert opened(Kind.PROBLEM, "კოსტავაზე ორმოა").question == "body"


def test_place_answered_by_hand_is_not_told_as_understood() -> None:
    state = opened(Kind.IDEA, "ხეები გვინდა ქუჩაზე", STREET)
    state = after(state, verb="change", argument="place")
    state = after(after(state, text="სტადიონთან"), verb="category", argument="greenery")
    assert state.place == Place("სტადიონთან")
    assert not whereabouts.is_to_tell(state)


def test_back_from_the_photos_asks_where_it_is() -> None:
    state = after(
        opened(Kind.IDEA, "ხეები გვინდა ქუჩაზე", STREET), verb="category", argument="greenery"
    )
    back = after(state, text="უკან")
    assert (back.question, back.place) == ("place", None)


def test_other_town_is_told_once_at_the_place_and_then_believed() -> None:
    state = opened(Kind.PROBLEM, "გზაზე დიდი ორმოა აქ")
    state = after(state, verb="category", argument="roads")
    heard = Heard(text="მარნეულში, ბაზართან", named=(THERE,))
    step = flow.take(state, heard, WORLD)
    assert [note.text_id for note in step.notes] == ["form_other_town"]
    assert not step.failed
    state = flow.ask(step.state, WORLD)
    assert state.question == "place"
    again = flow.take(state, heard, WORLD)
    assert again.notes == ()
    assert again.state.place == Place("მარნეულში, ბაზართან")


def test_other_town_in_the_first_sentence_fills_in_nothing() -> None:
    state = opened(Kind.PROBLEM, "მარნეულში კოსტავაზე ორმოა", THERE, STREET)
    assert (state.elsewhere, state.place, state.near) == ("marneuli", None, None)


def test_state_with_a_place_survives_being_stored() -> None:
    for state in (
        opened(Kind.PROBLEM, "ქუჩაში შუქი არ არის", SEVENTEENTH),
        opened(Kind.IDEA, "ხეები გვინდა ქუჩაზე", STREET),
        replace(opened(Kind.IDEA, ""), elsewhere="marneuli"),
    ):
        assert State.from_json(state.to_json()) == state

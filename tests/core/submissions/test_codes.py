from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.submissions import codes
from bot.core.submissions.model import Kind

KINDS = st.sampled_from(list(Kind))
NUMBERS = st.integers(1, 999_999)


@given(kind=KINDS, year=st.integers(2020, 2099), number=NUMBERS)
def test_a_code_that_was_made_is_read(kind: Kind, year: int, number: int) -> None:
    code = codes.make(kind, year, number)
    assert codes.read(code) == code


@given(kind=KINDS, number=NUMBERS, place=st.integers(0, 20), digit=st.sampled_from("0123456789"))
def test_one_mistyped_digit_is_seen(kind: Kind, number: int, place: int, digit: str) -> None:
    code = codes.make(kind, 2026, number)
    places = [index for index, char in enumerate(code) if char.isdigit()]
    at = places[place % len(places)]
    typed = code[:at] + digit + code[at + 1 :]
    assert codes.read(typed) == (code if digit == code[at] else None)


@given(kind=KINDS, number=NUMBERS, place=st.integers(0, 20))
def test_two_neighbours_that_changed_places_are_seen(kind: Kind, number: int, place: int) -> None:
    plain = codes.make(kind, 2026, number).replace("-", "")
    at = 1 + place % (len(plain) - 3)
    swapped = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    read = codes.read(swapped)
    assert (read is None) == (plain[at] != plain[at + 1])


@pytest.mark.parametrize(
    "typed",
    ["i-26-0417-u", "I260417U", "i 26 0417 u", "1-26-0417-U", "I-26-O417-U", "I–26–0417–U",
     "ი-26-0417-უ"],
)  # fmt: skip
def test_reads_what_people_type(typed: str) -> None:
    assert codes.make(Kind.IDEA, 2026, 417) == "I-26-0417-U"
    assert codes.read(typed) == "I-26-0417-U"


def test_reads_russian_look_alikes() -> None:
    code = codes.make(Kind.CO_FUNDING, 2026, 3)
    assert codes.read(code.replace("C", "С")) == code


def test_finds_a_code_inside_a_sentence() -> None:
    assert codes.find("რა ხდება I-26-0417-U-ზე? ველოდები") == "I-26-0417-U"
    assert codes.find("ჩემი კოდია i 26 0417 u, მითხარით") == "I-26-0417-U"
    # "სტატუსი P" has the shape of a code's beginning.
    assert codes.find("სტატუსი I-26-0417-U") == "I-26-0417-U"
    assert codes.find("გააუქმე I-26-0417-U") == "I-26-0417-U"
    assert codes.find("მინდა ველობილიკი მეჩვიდმეტეში") is None
    assert codes.find("") is None


@given(st.text(max_size=60))
def test_any_text_is_read_or_not_but_never_fails(text: str) -> None:
    found = codes.find(text)
    assert found is None or codes.read(found) == found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("რუს-1234", True), ("I-26-0417-X", True), ("№ P260031", True), ("I-26-0417-U?", True),
        ("სად არის I-26-0417-X", False), ("1300", False), ("593 10 42 07", False),
        ("covid-19", False), ("მე-17", False), ("F-35", False),
    ],
)  # fmt: skip
def test_what_was_meant_as_a_code_is_told_from_other_words(text: str, meant: bool) -> None:
    assert codes.is_meant(text) is meant

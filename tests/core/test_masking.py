from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.masking import (
    CARD,
    IBAN,
    PERSONAL_NUMBER,
    PHONE,
    SIGN,
    is_masked,
    mask,
    mask_message,
    mask_named,
    mask_values,
)


@pytest.mark.parametrize(
    "text",
    [
        "ჩემი პირადი ნომერია 01017012345",
        "01 017 012 345 მაქვს",
        "01017-012345",
        "№01017012345-ის მფლობელი",
        "პ/ნ:01017012345.",
        "01.017.012.345",
    ],
)
def test_hides_a_personal_number_however_it_is_grouped(text: str) -> None:
    masked = mask(text)
    assert masked.kinds == (PERSONAL_NUMBER,)
    assert sum(char.isdigit() for char in masked.text) == 0
    assert is_masked(masked.text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GE29NB0000000101904917", IBAN),
        ("ჩემი ანგარიში: ge29 nb00 0000 0101 9049 17", IBAN),
        ("4242 4242 4242 4242", CARD),
        ("599123456", PHONE),
        ("დამირეკეთ 5 99 12 34 56", PHONE),
        ("+995 599 12-34-56", PHONE),
        ("995599123456", PHONE),
        ("00995 341 255231", PHONE),
        ("(0341) 25 52 31", PHONE),
    ],
)
def test_hides_accounts_cards_and_telephones(text: str, kind: str) -> None:
    masked = mask(text)
    assert masked.kinds == (kind,)
    assert SIGN in masked.text


@pytest.mark.parametrize(
    "text",
    [
        "ცხელი ხაზი 1300",
        "2 500 ლარი",
        "1 500 000 ლარი",
        "საკადასტრო კოდი 02.05.03.123.01",
        "2026-11-29",
        "კოსტავას 20, ბინა 15",
        "I-26-0417-U",
        "",
    ],
)
def test_leaves_other_numbers(text: str) -> None:
    assert mask(text).text == text


def test_a_message_that_is_only_a_telephone_stays() -> None:
    assert mask_message(" +995 599 12 34 56. ").text == " +995 599 12 34 56. "
    assert mask_message("ჩემი ნომერია 599123456").kinds == (PHONE,)
    assert mask_message("01017012345").kinds == (PERSONAL_NUMBER,)


def test_hides_numbers_inside_plain_values() -> None:
    values = {"a": ["01017012345", 7, None], "b": {"c": "ok"}}
    assert mask_values(values) == {"a": [SIGN, 7, None], "b": {"c": "ok"}}


def test_hides_numbers_only_under_the_names_given() -> None:
    raw = {"message": {"mid": "01017012345", "text": "01017012345"}, "id": 1017012345}
    masked = mask_named(raw, ("text",))
    assert masked == {"message": {"mid": "01017012345", "text": SIGN}, "id": 1017012345}


@given(
    before=st.text(alphabet="აბგ ., ", max_size=20),
    number=st.text(alphabet="0123456789", min_size=11, max_size=11),
    after=st.text(alphabet="აბგ ., ", max_size=20),
)
def test_no_eleven_digits_survive_in_any_text(before: str, number: str, after: str) -> None:
    assert number not in mask(f"{before}{number}{after}").text

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.normalise import MAX_LENGTH, normalise, storable

#: Any text at all, lone surrogates included.
ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("ᲠᲐᲛᲓᲔᲜᲘᲐ", "რამდენია"),
        ("ႰႠႫ", "რამ"),
        ("  Nagvis \n\t FULI  ", "nagvis fuli"),
        ("ნაგ\u200bვის", "ნაგვის"),
        ("ნაგ\u00adვის", "ნაგვის"),
        ("ნაგვის\x00ფული", "ნაგვის ფული"),
        ("\u202eფული", "ფული"),
        ("გადასახადიიიიიი", "გადასახადიი"),
        ("t’bilisi", "t'bilisi"),
        ("tʻbilisi", "t'bilisi"),
        ("é and é", "é and é"),
        ("ჩ\u0300\u0301\u0302ემი", "ჩემი"),
        ("ﬁne", "fine"),
        ("ვალი😡მაქვს", "ვალი მაქვს"),
        ("\ud800 ვალი", "ვალი"),
        ("ЁЛКА", "ёлка"),
        ("Zibil İdarəsi", "zibil idarəsi"),
        ("ԵՐԵՎԱՆ", "երեվան"),
        ("5 ლარი, 10%!", "5 ლარი, 10%!"),
        ("", ""),
        ("😀😀", ""),
        ("\x00\ud800\u200b", ""),
    ],
)
def test_spelling_becomes_one(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


@pytest.mark.parametrize("length", [601, 2_400, 2_401, 100_000])
def test_long_text_keeps_its_start_and_its_end(length: int) -> None:
    filling = "სიტყვა და "
    text = "გამარჯობა, " + filling * (length // len(filling)) + " რამდენია ნაგვის ფული?"
    normal = normalise(text)
    assert len(normal) <= MAX_LENGTH
    assert normal.startswith("გამარჯობა, სიტყვა")
    assert normal.endswith("რამდენია ნაგვის ფული?")


def test_letter_that_stands_for_many_stays_within_the_length() -> None:
    assert len(normalise("\ufdfa" * 2_400)) <= MAX_LENGTH


@given(ANY)
def test_any_text_becomes_short_lower_case_and_encodable(text: str) -> None:
    normal = normalise(text)
    assert len(normal) <= MAX_LENGTH
    assert normal == normal.strip() == " ".join(normal.split())
    normal.encode("utf-8")
    assert not any("A" <= character <= "Z" for character in normal)


@given(ANY)
def test_storable_text_can_be_kept_in_any_database(text: str) -> None:
    kept = storable(text)
    kept.encode("utf-8")
    assert "\x00" not in kept
    assert storable(kept) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("რამდენია?", "რამდენია?"),
        ("ერთი\n\tორი", "ერთი\n\tორი"),
        ("ა\x00ბ\x1bგ\ud800", "აბგ"),
        ("👩‍👩‍👧 ოჯახი", "👩‍👩‍👧 ოჯახი"),
    ],
)
def test_storable_text_loses_only_what_nobody_reads(text: str, kept: str) -> None:
    assert storable(text) == kept

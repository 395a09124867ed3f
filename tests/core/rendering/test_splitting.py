from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.rendering.splitting import length, shorten, split

SENTENCE = "დასუფთავების მოსაკრებელი თვეში სამ ლარზე მეტი არ არის. "


def packed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_check_45_a_text_of_5000_georgian_letters_is_cut_at_sentence_ends() -> None:
    text = (SENTENCE * 100)[:5000]
    parts = split(text, 1_999)
    assert len(parts) == 3
    assert all(length(part) < 2_000 for part in parts)
    assert all(part.endswith(".") for part in parts[:-1])
    assert packed("".join(parts)) == packed(text)


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert split(" მოკლე\n\nტექსტი ", 100) == ["მოკლე\n\nტექსტი"]
    assert split("  ", 100) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ერთი ორი. სამი\n\nოთხი ხუთი ექვსი", "ერთი ორი. სამი"),
        ("ერთი ორი სამი\nოთხი ხუთი ექვსი", "ერთი ორი სამი"),
        ("ერთი ორი სამი. ოთხი ხუთი ექვსი", "ერთი ორი სამი."),
        ("ერთი ორი სამი ოთხი ხუთი ექვსი", "ერთი ორი სამი ოთხი"),
        ("ა" * 50, "ა" * 20),
    ],
)
def test_the_best_place_is_chosen(text: str, first: str) -> None:
    assert split(text, 20)[0] == first


def test_check_45_a_surrogate_pair_is_never_cut() -> None:
    parts = split("😀" * 1_500, 1_999)
    assert all(part == "😀" * len(part) for part in parts)
    assert [len(part) for part in parts] == [999, 501]


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("აბ .\n!😀"), max_size=400), st.integers(2, 60))
def test_nothing_is_lost_and_every_part_fits(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert packed("".join(parts)) == packed(text)
    assert all(0 < length(part) <= limit for part in parts)


def test_a_title_is_shortened_only_when_it_is_too_long() -> None:
    assert shorten("მერიასთან კავშირი", 20) == "მერიასთან კავშირი"
    assert shorten("ძალიან გრძელი სათაური ღილაკისთვის", 20) == "ძალიან გრძელი სათაუ…"
    assert length(shorten("😀" * 30, 20)) <= 20

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.splitting import split


def test_a_short_text_stays_whole() -> None:
    assert split("მოკლე პასუხი.", 20) == ["მოკლე პასუხი."]
    assert split("  \n ", 5) == []


def test_paragraphs_go_before_lines_before_sentences_before_words() -> None:
    assert split("One. Two.\nThree.\n\nFour. Five six.", 30) == [
        "One. Two.\nThree.",
        "Four. Five six.",
    ]
    assert split("One. Two.\nThree. Four.", 18) == ["One. Two.", "Three. Four."]
    assert split("ერთი. ორი სამი! ოთხი ხუთი", 17) == ["ერთი. ორი სამი!", "ოთხი ხუთი"]
    assert split("one two three four", 9) == ["one two", "three", "four"]


def test_armenian_sentences_end_with_their_own_mark() -> None:
    assert split("Մեկ երկու։ Երեք չորս", 15) == ["Մեկ երկու։", "Երեք չորս"]


def test_an_early_pause_does_not_leave_a_tiny_part() -> None:
    assert split("A. " + "word " * 8, 30)[0] == "A. word word word word word"


def test_a_word_longer_than_the_limit_is_cut() -> None:
    assert split("ა" * 25, 10) == ["ა" * 10, "ა" * 10, "ა" * 5]


def test_a_limit_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        split("a", 0)


@given(st.text(alphabet="ab .\n!։", max_size=300), st.integers(1, 40))
def test_nothing_is_lost_and_no_part_is_too_long(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(part and len(part) <= limit and part == part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())

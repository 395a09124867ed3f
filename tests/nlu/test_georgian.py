from __future__ import annotations

import pytest
import spacy

from bot.nlu.georgian import Georgian


@pytest.fixture(scope="module")
def georgian() -> Georgian:
    return Georgian()


def test_spacy_knows_georgian_once_it_is_imported() -> None:
    assert isinstance(spacy.blank("ka"), Georgian)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ბინა 65 კვ.მ. არის", ["ბინა", "65", "კვ.მ.", "არის"]),
        ("2026-ში, 50ლარი!", ["2026", "-ში", ",", "50", "ლარი", "!"]),
        ("ID-ის ნომერი", ["ID", "-ის", "ნომერი"]),
        ("კარგი.მადლობა", ["კარგი", ".", "მადლობა"]),
        ("ე.წ. „ცნობა“", ["ე.წ.", "„", "ცნობა", "“"]),
        ("(2,5 ლარი).", ["(", "2,5", "ლარი", ")", "."]),
        ("60₾", ["60", "₾"]),
        ("19th", ["19th"]),
    ],
)
def test_words_of_a_text(georgian: Georgian, text: str, words: list[str]) -> None:
    assert [token.text for token in georgian(text)] == words


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("5", True),
        ("2,5", True),
        ("ოთხ", True),
        ("ოცდახუთი", True),
        ("otxi", True),
        ("სახლი", False),
    ],
)
def test_numbers_are_known(georgian: Georgian, word: str, number: bool) -> None:
    assert georgian(word)[0].like_num is number


def test_words_that_say_nothing_are_known(georgian: Georgian) -> None:
    assert [token.is_stop for token in georgian("და ნაგავი")] == [True, False]

from __future__ import annotations

import pytest

from bot.core.languages import LANGUAGES, by_letters, fallback, pick


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ka", ("ka", "en")),
        ("en", ("en", "ka")),
        ("ru", ("ru", "en", "ka")),
        ("az", ("az", "en", "ka")),
        ("hy", ("hy", "en", "ka")),
        ("de", ("ka", "en")),
    ],
)
def test_fallback_order(language: str, expected: tuple[str, ...]) -> None:
    assert fallback(language) == expected


def test_languages_are_offered_in_a_fixed_order() -> None:
    assert LANGUAGES == ("ka", "en", "ru", "az", "hy")


def test_pick_takes_the_next_language_that_is_there() -> None:
    texts = {"ka": "ფასი", "en": "price"}
    assert pick(texts, "ka") == "ფასი"
    assert pick(texts, "hy") == "price"
    assert pick({"ru": "цена"}, "ka") is None


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("გამარჯობა", ("ka",)),
        ("гудит фонарь", ("ru",)),
        ("Բարև", ("hy",)),
        ("küçədə işıq yoxdur", ("az",)),
        ("gamarjoba", ("ka", "en")),
        ("Is it I", ("ka", "en")),
        ("Kostava, აქ", ("ka",)),
        ("", ("ka",)),
    ],
)
def test_letters_tell_in_which_languages_to_begin(text: str, spoken: tuple[str, ...]) -> None:
    assert by_letters(text) == spoken

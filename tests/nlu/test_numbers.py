from __future__ import annotations

import pytest

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.nlu.numbers import georgian_ordinals, number_in, number_of


@pytest.mark.parametrize(
    ("word", "language", "number"),
    [
        ("ერთი", "ka", 1),
        ("ოთხ", "ka", 4),
        ("ოთხს", "ka", 4),
        ("otxze", "ka", 4),
        ("ხუთნი", "ka", 5),
        ("ოცდათერთმეტი", "ka", 31),
        ("ორმოცდაათი", "ka", 50),
        ("ოთხმოცდაცხრამეტი", "ka", 99),
        ("ორასი", "ka", 200),
        ("ათასი", "ka", 1000),
        ("four", "en", 4),
        ("четверых", "ru", 4),
        ("трёх", "ru", 3),
        ("dörd", "az", 4),
        ("dord", "az", 4),
        ("չորս", "hy", 4),
        ("or", "en", None),
        ("or", "ka", 2),
        ("სახლი", "ka", None),
        ("four", "xx", None),
    ],
)
def test_number_words(word: str, language: str, number: int | None) -> None:
    assert number_in(skeleton(normalise(word)), language) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("40", 40),
        ("2,5", 2.5),
        ("12.50", 12.5),
        ("1 200", 1200),
        ("1,200", 1200),
        ("1.200", 1200),
        ("1200.5", 1200.5),
        ("5.", None),
        ("x5", None),
        ("", None),
    ],
)
def test_digits(typed: str, number: float | None) -> None:
    assert number_of(typed) == number


def test_ordinals_up_to_the_last_microdistrict() -> None:
    ordinals = georgian_ordinals(21)
    assert sorted(ordinals.values()) == list(range(1, 22))
    for word, number in (("მეცხრამეტე", 19), ("მერვე", 8), ("პირველი", 1), ("ოცდამეერთე", 21)):
        assert ordinals[skeleton(word)[:-1]] == number

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton

ALIKE = [
    ("წყალი", "tsqali", "wyali", "tskali"),
    ("დასუფთავება", "dasuftaveba", "dasupthaveba"),
    ("გადასახადი", "gadasaxadi", "gadasakhadi"),
    ("მშენებლობა", "mshenebloba", "MSHENEBLOBA"),
    ("ჟეტონი", "jetoni", "zhetoni"),
    ("ჭავჭავაძე", "chavchavadze", "tchavtchavadze"),
    ("ძაღლი", "dzaghli", "zagli"),
    ("ყრილობა", "kriloba", "yriloba", "qriloba"),
    ("ფული", "puli", "fuli", "phuli"),
    ("ხელშეკრულება", "khelshekruleba", "xelshekruleba"),
    ("ცხოვრება", "tskhovreba", "cxovreba"),
    ("ღია", "ghia", "gia"),
    ("ჩემი ქუჩა", "chemi kucha", "chemi qucha"),
    ("ᲬᲧᲐᲚᲘ", "წყალი"),
    ("школа", "shkola"),
    ("жалоба", "zhaloba", "jaloba"),
    ("чай", "chai"),
    ("объект", "obekt"),
    ("ёлка", "iolka"),
    ("Երևան", "erevan"),
    ("որտե՞ղ", "որտեղ"),
    ("քաղաք", "kaghak"),
    ("շենք", "shenk"),
    ("şəhər", "sheher"),
    ("çöp", "chop"),
    ("yığılma", "yigilma"),
]


@pytest.mark.parametrize("spellings", ALIKE, ids=[spellings[0] for spellings in ALIKE])
def test_spellings_of_one_word_look_alike(spellings: tuple[str, ...]) -> None:
    assert len({skeleton(normalise(spelling)) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("ვალი", "ფული"), ("გადასახადი", "გადახდა"), ("შენობა", "სენობა"), ("ცხენი", "ჩხენი")],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_every_georgian_letter_has_a_class() -> None:
    for letter in "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ":
        assert len(skeleton(letter)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5 ლარი, 10%", "5 lari 10"),
        ("?!…", ""),
        ("", ""),
        ("中文 ok", "ok"),
        ("ერთი-ორი", "erti ori"),
    ],
)
def test_all_but_letters_and_digits_separates_words(text: str, words: str) -> None:
    assert skeleton(text) == words


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_becomes_words_of_letter_classes(text: str) -> None:
    assert re.fullmatch(r"(?:[a-zSC0-9]+(?: [a-zSC0-9]+)*)?", skeleton(normalise(text)))

"""Streets that no table names, told by their form: a name beside a word for street.

"მშვიდობის ქუჩაზე", "wereTlis gamzirze", "on Peace Street 12", "на улице Мира", "Sülh küçəsində",
"Խաղաղության փողոցում". What says which street is meant but names none ("ჩვენს ქუჩაზე", "the long
street", "улица тёмная") is no street, so a name must look like one: in Georgian a genitive, in
English and Russian a capital letter or a house number, in Azerbaijani the street that is
somebody's (küçəsi), in Armenian a genitive with a capital letter.

The value is the name as it was written, with the word for street in its base form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bot.nlu import street_words as words

#: A name has at most so many words, without its initials and numbers.
_MOST_WORDS = 3
_HOUSE = re.compile(r"(?:№|N)?\d{1,3}[ა-ჰa-zа-я]?", re.IGNORECASE)
_DAY = re.compile(r"\d{1,3}")
_LETTER = re.compile(r"[^\W\d_]")
_INITIAL = re.compile(r"[^\W\d_]{1,2}\.?")
#: What is counted is no house: "ქუჩაზე 20 მანქანა დგას". These may follow one.
_OF_A_HOUSE = re.compile("nom[a-zSC]*|korp[a-zSC]*|bina[a-zSC]*|dom[a-zSC]*|kv|Si|tan")


class Street(NamedTuple):
    """A street found: its name, and the words ``start`` to ``end`` (not included)."""

    value: str
    start: int
    end: int


def find(typed: Sequence[str], folded: Sequence[str]) -> Iterator[Street]:
    """Yield the streets among words; ``folded`` are their skeletons, empty for signs."""
    text = _Text(typed, folded)
    for place, word in enumerate(typed):
        if not _LETTER.match(word):
            continue
        for expression, reading in _READINGS:
            match = expression.fullmatch(folded[place] if expression is words.GEORGIAN else word)
            found = reading(text, place, match) if match else None
            if found:
                yield found
                break
        else:
            short = words.SHORT.get(word.lower())
            found = _georgian(text, place, None) if short else None
            if found:
                yield found


class _Text:
    """The words of a message with what is asked of them."""

    def __init__(self, typed: Sequence[str], folded: Sequence[str]) -> None:
        self.typed, self.folded = typed, folded

    def word(self, place: int) -> str:
        return self.typed[place] if 0 <= place < len(self.typed) else ""

    def skeleton(self, place: int) -> str:
        return self.folded[place] if 0 <= place < len(self.folded) else ""

    def is_capital(self, place: int) -> bool:
        return self.word(place)[:1].isupper() and len(self.word(place)) > 2

    def begins(self, place: int) -> bool:
        """Tell whether a word stands first in its sentence."""
        return place == 0 or self.word(place - 1) in (".", "!", "?", "…", "\n")

    def joined(self, start: int, end: int) -> str:
        """Give the words with single spaces, but none before a full stop."""
        return " ".join(self.typed[start:end]).replace(" .", ".")

    def house(self, place: int, certain: bool = True) -> int:
        """Give where a house number at ``place`` ends; ``place`` itself without one.

        When it is not ``certain``, only what follows tells a house from so many of something.
        """
        if not _HOUSE.fullmatch(self.word(place)):
            return place
        after, word = self.skeleton(place + 1), self.word(place + 1)
        followed = not after or word[:1] == "-" or bool(_OF_A_HOUSE.fullmatch(after))
        return place + 1 if certain or followed else place


def _georgian(text: _Text, place: int, match: re.Match[str] | None) -> Street | None:
    """Read "მშვიდობის ქუჩაზე 12" from its word for street."""
    start = place - 1
    name, word = text.skeleton(start), text.word(place)
    house = text.house(place + 1, certain=match is None or not text.skeleton(place).endswith("ze"))
    numbered = house > place + 1
    if text.word(place + 1) == "," and text.house(place + 2, certain=False) > place + 2:
        # "ქუჩაზე, 12 ნომერთან"
        house = place + 3
    given = start > 0 and text.skeleton(start - 1) in words.GIVEN
    genitive = name.endswith("is") and len(name) > 4
    vowel = name[-2:] in ("as", "os", "es") and len(name) > 4
    surname = vowel and (
        given or numbered or "-" in text.word(start) or words.SURNAME.fullmatch(name)
    )
    none = name in words.NO_NAMES or (words.OF_MANY.fullmatch(name) and name not in words.IDEAS)
    if not (genitive or surname) or (none and not numbered):
        return None
    if match is None and not numbered:
        # "ქ." is a city as well.
        return None
    first = start
    if given:
        first -= 1
    else:
        first -= _beside(text, start, name)
    stem = next(filter(None, match.groups()), "") if match else ""
    if match is None:
        base = words.SHORT[word.lower()]
    elif word.isascii():
        base = words.CASE.sub("", word) + ("a" if stem.startswith("ku") else "i")
    else:
        base = words.BASES["kuC" if stem.startswith("ku") else stem]
    return Street(f"{text.joined(first, place)} {base}", first, house)


def _beside(text: _Text, name: int, folded: str) -> int:
    """Give how many words before a Georgian name belong to it: an initial, a day."""
    before = text.word(name - 1)
    if before == "." and _INITIAL.fullmatch(text.word(name - 2)):
        return 2
    initial = before.endswith(".") and _INITIAL.fullmatch(before)
    day = _DAY.fullmatch(before) and words.GEORGIAN_MONTH.fullmatch(folded)
    return 1 if initial or day else 0


def _english(text: _Text, place: int, match: re.Match[str]) -> Street | None:
    """Read "Peace Street 12" or "12 Peace Street" from its word for street."""
    if words.ADDS_TO_STREET.fullmatch(text.word(place + 1).lower()):
        return None
    name = place - 1
    if not _LETTER.match(text.word(name)) or text.skeleton(name) in words.NOT_IN_ENGLISH:
        return None
    end = place + 1
    if text.word(end) == "." and len(text.word(place)) < 4:
        end += 1
    house = text.house(end)
    start, before = name, text.word(name - 1)
    numbered = house > end or bool(_HOUSE.fullmatch(before))
    if text.is_capital(name):
        certain = not text.begins(name) or text.word(place)[0].isupper() or numbered
        if not certain and not words.GEORGIAN_NAME.fullmatch(text.word(name)):
            return None
        while (
            place - start < _MOST_WORDS
            and text.is_capital(start - 1)
            and text.skeleton(start - 1) not in words.NOT_IN_ENGLISH
            and not text.begins(start - 1)
        ):
            start -= 1
    elif not (numbered or (text.skeleton(name - 1) in words.ON_IN_ENGLISH and match[0].islower())):
        return None
    if words.MONTH.fullmatch(text.word(name)) and _DAY.fullmatch(before):
        start, numbered = name - 1, False
    first = start - 1 if house == end and _HOUSE.fullmatch(text.word(start - 1)) else start
    return Street(text.joined(start, end), first, house)


def _russian(text: _Text, place: int, match: re.Match[str]) -> Street | None:
    """Read "улица Мира 12" or "Пушкинская улица" from its word for street."""
    base = words.IN_RUSSIAN[match[1].lower()]
    adjective = words.RUSSIAN_ADJECTIVE.fullmatch(text.word(place - 1))
    if adjective:
        name = adjective[1] + ("ая" if base == "улица" else "ий")
        return Street(f"{name} {base}", place - 1, text.house(place + 1))
    start = place + 1
    if text.word(start) == "." and len(match[1]) < 4:
        start += 1
    end = start
    if _DAY.fullmatch(text.word(start)) and words.MONTH.fullmatch(text.word(start + 1)):
        end = start + 2
    while end - start < _MOST_WORDS and text.is_capital(end) and _LETTER.match(text.word(end)):
        end += 1
    if end == start:
        house = text.house(start + 1, certain=False)
        if house == start + 1 or not words.RUSSIAN_NAME.fullmatch(text.word(start)):
            return None
        end = start + 1
    number = end
    while number < end + 4 and text.word(number).lower() in words.BEFORE_A_HOUSE:
        number += 1
    house = text.house(number) if text.house(number) > number else end
    return Street(f"{base} {text.joined(start, end)}", place, house)


def _azerbaijani(text: _Text, place: int, match: re.Match[str]) -> Street | None:
    """Read "Sülh küçəsi 12" from its word for street."""
    return _after_name(text, place, match[1], words.NOT_IN_AZERBAIJANI, lambda word: len(word) > 2)


def _armenian(text: _Text, place: int, match: re.Match[str]) -> Street | None:
    """Read "Խաղաղության փողոց 12" from its word for street."""
    numbered = text.house(place + 1) > place + 1
    if not (text.is_capital(place - 1) or numbered):
        return None
    return _after_name(
        text,
        place,
        match[1],
        words.NOT_IN_ARMENIAN,
        lambda name: bool(words.ARMENIAN_NAME.fullmatch(name)),
    )


def _after_name(
    text: _Text, place: int, base: str, none: frozenset[str], is_name: Callable[[str], bool]
) -> Street | None:
    name = text.word(place - 1)
    if not _LETTER.match(name) or text.skeleton(place - 1) in none or not is_name(name):
        return None
    start = place - 1
    if text.is_capital(start - 1) and text.is_capital(start) and not text.begins(start - 1):
        start -= 1
    return Street(f"{text.joined(start, place)} {base}", start, text.house(place + 1))


_READINGS: tuple[tuple[re.Pattern[str], Callable[[_Text, int, re.Match[str]], Street | None]], ...]
_READINGS = (
    (words.RUSSIAN, _russian),
    (words.ARMENIAN, _armenian),
    (words.AZERBAIJANI, _azerbaijani),
    (words.ENGLISH, _english),
    (words.GEORGIAN, _georgian),
)

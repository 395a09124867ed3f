"""Typing mistakes, the same for the same seed: how much do they cost."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

from bot.core.examination import Question

#: Words from this length on may get a mistake.
LONG_WORD = 4
#: Of those, this share gets one.
SHARE = 1 / 3
SEED = 20_260


def with_typos(questions: Iterable[Question], seed: int = SEED) -> list[Question]:
    """Give the same questions with one edit in a third of the longer words."""
    return [
        replace(question, text=_mistyped(question.text, random.Random(f"{seed}{question.text}")))  # noqa: S311
        for question in questions
    ]


def _mistyped(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    long = [number for number, word in enumerate(words) if _letters(word) >= LONG_WORD]
    chosen = chance.sample(long, _rounded(len(long) * SHARE, chance))
    for number in chosen:
        words[number] = _edit(words[number], chance)
    return " ".join(words)


def _letters(word: str) -> int:
    return sum(character.isalpha() for character in word)


def _rounded(number: float, chance: random.Random) -> int:
    """Round up or down by chance, so that short messages get their share too."""
    whole = int(number)
    return whole + (chance.random() < number - whole)


def _edit(word: str, chance: random.Random) -> str:
    """Swap two letters, drop one, double one, or hit another of the same word."""
    places = [number for number, character in enumerate(word) if character.isalpha()]
    inner = places[1:-1] or places
    place = chance.choice(inner)
    kind = chance.randrange(4)
    if kind == 0 and place + 1 < len(word):
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2:
        return word[:place] + word[place] + word[place:]
    other = word[chance.choice(places)]
    return word[:place] + other + word[place + 1 :]

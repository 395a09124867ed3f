"""Georgian typed in Latin letters, turned into Mkhedruli.

People type it by habit, not by a standard: თ and ტ are both t, ქ and კ both k, წ is w or ts.
The rules give the commonest reading of each letter; a word that folds to the same skeleton as
a known one is then taken to be that word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from bot.core.skeleton import skeleton

_PAIRS = {
    "tch": "ჭ", "sh": "შ", "ch": "ჩ", "zh": "ჟ", "gh": "ღ", "kh": "ხ", "ts": "ც",
    "tz": "წ", "dz": "ძ", "ph": "ფ", "th": "თ",
}  # fmt: skip
_LETTERS = str.maketrans("abgdevztiklmnopjrsufqyxwch", "აბგდევზთიკლმნოპჯრსუფქყხწცჰ")
_PAIR = re.compile("|".join(_PAIRS))
_WORD = re.compile(r"[a-z]+")
_GEORGIAN_WORD = re.compile(r"[\u10d0-\u10f0]+")


def to_mkhedruli(normalised: str, known: Mapping[str, str] | None = None) -> str:
    """Turn the Latin words of a normalised text into Mkhedruli.

    Args:
        normalised: lower-case text.
        known: skeleton -> Georgian word, as :func:`known_words` gives it.
    """
    words = known or {}

    def word(match: re.Match[str]) -> str:
        typed = match.group()
        return words.get(skeleton(typed)) or _by_rules(typed)

    return _WORD.sub(word, normalised)


def _by_rules(word: str) -> str:
    return _PAIR.sub(lambda match: _PAIRS[match.group()], word).translate(_LETTERS)


def known_words(texts: Iterable[str]) -> dict[str, str]:
    """Give, for each skeleton, the commonest Georgian word of the texts that folds to it."""
    counts = Counter(word for text in texts for word in _GEORGIAN_WORD.findall(text))
    words: dict[str, str] = {}
    for word, _ in counts.most_common():
        words.setdefault(skeleton(word), word)
    return words

"""Georgian as it would be typed with all its letters.

People type Georgian in Latin letters ("nagvis fuli") and on keyboards without Shift (ს for შ).
The encoder knows neither, so both are turned back into the words of the training messages, and
words not seen there letter by letter, as letters stand in such surroundings. Each Georgian
letter has exactly one letter of the skeleton, which makes words and letters easy to align.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from bot.core.skeleton import skeleton

_FILE = "spelling.json"
_GEORGIAN = re.compile("[ა-ჰ]+")
_LATIN = re.compile(r"[a-zəıöüğşç]+(?:'[a-zəıöüğşç]+)*")
#: The letters that need Shift on the Georgian keyboard, and what comes without it.
WITHOUT_SHIFT = str.maketrans("თშღჩძჟჭ", "ტსრცზჯწ")
_NEEDS_SHIFT = re.compile("[თშღჩძჟჭ]")
#: In so many letters a Georgian who has Shift uses it.
_TELLING = 12
#: How many letters before and after are looked at, the longest surroundings first.
_AROUND = (4, 3, 2, 1, 0)


class Spelling:
    """The words of the training messages and the habits of their letters."""

    def __init__(self, words: dict[str, str], letters: dict[str, str]) -> None:
        """Take the word for each skeleton and the letter for each surrounding."""
        self._words = words
        self._letters = letters
        self._known = frozenset(words.values())
        self._shifted: dict[str, str] = {}
        for word in words.values():
            # The most frequent word comes first and stays.
            self._shifted.setdefault(word.translate(WITHOUT_SHIFT), word)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Spelling:
        """Learn from normalised texts in Georgian letters."""
        counts = Counter(word for text in texts for word in _GEORGIAN.findall(text))
        words: dict[str, str] = {}
        around: dict[str, Counter[str]] = defaultdict(Counter)
        for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            folded = skeleton(word)
            words.setdefault(folded, word)
            for place, letter in enumerate(word):
                for width in _AROUND:
                    around[_surroundings(folded, place, width)][letter] += min(count, 5)
        best = {key: found.most_common(1)[0][0] for key, found in around.items()}
        letters = {
            key: letter
            for key, letter in best.items()
            # What narrower surroundings say too need not be kept.
            if len(key) == 2 or best.get(_narrower(key)) != letter
        }
        return cls(words, letters)

    def from_latin(self, text: str) -> str:
        """Turn normalised Georgian in Latin letters into Mkhedruli."""
        return _LATIN.sub(lambda match: self._word(match.group()), text)

    def _word(self, typed: str) -> str:
        folded = skeleton(typed.replace("'", ""))
        known = self._words.get(folded)
        if known:
            return known
        return "".join(self._letter(folded, place) for place in range(len(folded)))

    def _letter(self, folded: str, place: int) -> str:
        for width in _AROUND:
            letter = self._letters.get(_surroundings(folded, place, width))
            if letter:
                return letter
        return folded[place]

    def with_shift(self, text: str) -> str:
        """Repair a normalised Georgian text that was typed without Shift; others stay."""
        words = _GEORGIAN.findall(text)
        if _NEEDS_SHIFT.search(text) or sum(map(len, words)) < _TELLING:
            return text
        return _GEORGIAN.sub(lambda match: self._shift(match.group()), text)

    def _shift(self, word: str) -> str:
        return word if word in self._known else self._shifted.get(word, word)

    def save(self, directory: Path) -> None:
        """Write what was learnt into ``directory``."""
        content = json.dumps([list(self._words.values()), self._letters], ensure_ascii=False)
        (directory / _FILE).write_text(content, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Spelling:
        """Read what :meth:`save` wrote."""
        words, letters = json.loads((directory / _FILE).read_text(encoding="utf-8"))
        return cls({skeleton(word): word for word in words}, letters)


def _surroundings(folded: str, place: int, width: int) -> str:
    """Give the letters around a place, with its own marked by the bar before it."""
    padded = f" {folded} "
    middle = place + 1
    return f"{padded[max(0, middle - width) : middle]}|{padded[middle : middle + width + 1]}"


def _narrower(key: str) -> str:
    """Give the surroundings with one letter less on both sides."""
    before, _, after = key.partition("|")
    width = max(len(before), len(after) - 1) - 1
    return f"{before[len(before) - min(len(before), width) :]}|{after[: width + 1]}"

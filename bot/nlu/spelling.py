"""Messages as they would be typed with all their letters, and without slips.

People type Georgian in Latin letters ("nagvis fuli") and on keyboards without Shift (ს for შ).
The encoder knows neither, so both are turned back into the words of the training messages, and
words not seen there letter by letter, as letters stand in such surroundings. Each Georgian
letter has exactly one letter of the skeleton, which makes words and letters easy to align.

In every language a longer word that the training messages do not know, but for one slip, is
read as the word they know: both letters and meaning of a message suffer from typos.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.skeleton import ARMENIAN_MARKS, skeleton

_FILE = "spelling.json"
_GEORGIAN = re.compile("[ა-ჰ]+")
_LATIN = re.compile(r"[a-zəıöüğşç]+(?:'[a-zəıöüğşç]+)*")
#: The letters that need Shift on the Georgian keyboard, and what comes without it.
WITHOUT_SHIFT = str.maketrans("თშღჩძჟჭ", "ტსრცზჯწ")
_NEEDS_SHIFT = re.compile("[თშღჩძჟჭ]")
#: In so many letters a Georgian who has Shift uses it.
_TELLING = 12
_WORD = re.compile(rf"[^\W\d_]+(?:['{ARMENIAN_MARKS}][^\W\d_]+)*")
#: Shorter words are too alike to tell a slip from another word.
_SHORTEST = 5
#: So many words of a message are looked up, which bounds the time it takes.
_MOST_SLIPS = 12
#: How many letters before and after are looked at, the longest surroundings first.
_AROUND = (4, 3, 2, 1, 0)


class Spelling:
    """The words of the training messages and the habits of Georgian letters."""

    def __init__(self, words: dict[str, list[str]], letters: dict[str, str]) -> None:
        """Take each language's words, the most frequent first, and the letter for surroundings."""
        self._words = words
        self._letters = letters
        #: The rank of each word by frequency.
        self._known = {
            language: {word: rank for rank, word in enumerate(known)}
            for language, known in words.items()
        }
        self._of_length = {language: _by_length(known) for language, known in words.items()}
        self._georgian: dict[str, str] = {}
        self._shifted: dict[str, str] = {}
        for word in words.get("ka", ()):
            # The most frequent word comes first and stays.
            self._georgian.setdefault(skeleton(word), word)
            self._shifted.setdefault(word.translate(WITHOUT_SHIFT), word)

    @classmethod
    def learn(cls, messages: Iterable[tuple[str, str]]) -> Spelling:
        """Learn from normalised texts with their languages, each in its own letters."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for text, language in messages:
            counts[language].update(_WORD.findall(text))
        words = {
            language: [word for word, _ in sorted(found.items(), key=_by_frequency)]
            for language, found in sorted(counts.items())
        }
        return cls(words, _letters(counts["ka"]))

    def from_latin(self, text: str) -> str:
        """Turn normalised Georgian in Latin letters into Mkhedruli."""
        return _LATIN.sub(lambda match: self._word(match.group()), text)

    def _word(self, typed: str) -> str:
        folded = skeleton(typed.replace("'", ""))
        known = self._georgian.get(folded)
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
        return word if word in self._known.get("ka", ()) else self._shifted.get(word, word)

    def without_slips(self, text: str, language: str) -> str:
        """Put known words in place of those that are one slip away from them."""
        known = self._known.get(language)
        if not known:
            return text
        looked_up = 0

        def repaired(match: re.Match[str]) -> str:
            nonlocal looked_up
            word = match.group()
            if len(word) < _SHORTEST or word in known or looked_up >= _MOST_SLIPS:
                return word
            looked_up += 1
            return self._nearest(word, language)

        return _WORD.sub(repaired, text)

    def _nearest(self, word: str, language: str) -> str:
        """Give the most frequent word one slip away, or the word itself."""
        candidates = []
        for length in (len(word) - 1, len(word), len(word) + 1):
            words = self._of_length[language].get(length, ())
            # Of equally near ones the first, which is the most frequent.
            found = process.extractOne(word, words, scorer=OSA.distance, score_cutoff=1)
            if found:
                candidates.append((self._known[language][found[0]], found[0]))
        return min(candidates)[1] if candidates else word

    def save(self, directory: Path) -> None:
        """Write what was learnt into ``directory``."""
        content = json.dumps([self._words, self._letters], ensure_ascii=False)
        (directory / _FILE).write_text(content, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Spelling:
        """Read what :meth:`save` wrote."""
        words, letters = json.loads((directory / _FILE).read_text(encoding="utf-8"))
        return cls(words, letters)


def _by_frequency(counted: tuple[str, int]) -> tuple[int, str]:
    word, count = counted
    return -count, word


def _by_length(words: list[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for word in words:
        if len(word) >= _SHORTEST - 1:
            found[len(word)].append(word)
    return dict(found)


def _letters(counts: Counter[str]) -> dict[str, str]:
    """Learn which letter stands where, from words in Georgian letters."""
    around: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in sorted(counts.items()):
        if not _GEORGIAN.fullmatch(word):
            continue
        folded = skeleton(word)
        for place, letter in enumerate(word):
            for width in _AROUND:
                around[_surroundings(folded, place, width)][letter] += min(count, 5)
    best = {key: found.most_common(1)[0][0] for key, found in around.items()}
    return {
        key: letter
        for key, letter in best.items()
        # What narrower surroundings say too need not be kept.
        if len(key) == 2 or best.get(_narrower(key)) != letter
    }


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

"""How alike two texts are, typos and scripts forgiven: the ranking of the knowledge search.

All texts and the query are folded into one Latin skeleton (:mod:`bot.core.skeleton`), so that
"dasuftaveba" finds დასუფთავება, and compared by the rare runs of three letters they share. Runs
alone are shared by chance: what has the query's words themselves, whatever their endings, is
more alike.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.core import placeholders
from bot.core.knowledge import Entry
from bot.core.normalise import normalise
from bot.core.skeleton import skeleton

#: How much a hit in each kind of text counts: a title says what a service is about, an
#: attribute only mentions things. Words that people type are short, so that a long message is
#: like one of them by a single word.
WEIGHTS: Mapping[str, float] = {"title": 1.0, "words": 0.75, "answer": 0.8, "attribute": 0.6}
#: What the second best text of a service adds to its score.
SECOND = 0.5
#: The longest query that is compared: who writes more tells a story.
MOST_LETTERS = 400
#: How much of the likeness is words in common; the rest is runs of letters.
_BY_WORDS = 0.2
#: A word shorter than this has no ending to take off; a longer one may lose a letter more.
_SHORT, _LONG = 4, 7
_SIZE = 3
#: Stands for the edge of a word in a run of letters, which has no blanks so.
_EDGE = "_"
_VOWELS = "aeiou"


def texts_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """Give an entry's texts with their kind; title and long title of a language are one.

    What people type for it are single words and phrases, each a text of its own.
    """
    for language in dict.fromkeys([*entry.title, *entry.long_title]):
        yield "title", f"{entry.title.get(language, '')} {entry.long_title.get(language, '')}"
    for text in entry.words.values():
        for phrase in text.split(","):
            yield "words", phrase
    for text in entry.answer.values():
        yield "answer", text
    for texts in entry.attributes.values():
        for text in texts.values():
            yield "attribute", text


def folded(text: str) -> str:
    """Fold a text into words of Latin letter classes, its placeholders taken out."""
    return skeleton(normalise(placeholders.without(text)))


def grams(words: str) -> Counter[str]:
    """Count the runs of three letters in a folded text, word by word."""
    counts: Counter[str] = Counter()
    for word in words.split():
        padded = f"{_EDGE}{word}{_EDGE}"
        counts.update(padded[i : i + _SIZE] for i in range(max(1, len(padded) - _SIZE + 1)))
    return counts


def rarity(texts: int, number: int) -> float:
    """Tell how much a run of letters says that stands in ``number`` of all ``texts``."""
    return math.log((texts + 1) / max(number, 1))


def vector(counts: Mapping[str, int], rarities: Mapping[str, float]) -> dict[str, float]:
    """Weigh runs of letters by how rare they are, at length one."""
    weights = {gram: (1 + math.log(count)) * rarities[gram] for gram, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {gram: weight / length for gram, weight in weights.items()}


@dataclass(frozen=True)
class Query:
    """What was asked for: its runs of letters and the stems of its words, weighed.

    ``runs`` is a vector of length one, ``rarities`` tells what each run is worth in a text; the
    weights of ``stems`` add up to one.
    """

    runs: Mapping[str, float]
    rarities: Mapping[str, float]
    stems: Mapping[str, float]

    def likeness(self, words: str, length: float) -> float:
        """Tell how alike a folded text is, from 0 to 1.

        Args:
            length: of the text's own vector.
        """
        counts = grams(words)
        shared = sum(
            weight * (1 + math.log(counts[run])) * self.rarities[run]
            for run, weight in self.runs.items()
            if run in counts
        )
        there = f" {words} "
        common = sum(weight for stem, weight in self.stems.items() if stem in there)
        return (1 - _BY_WORDS) * shared / length + _BY_WORDS * common


def query(words: str, rarities: Mapping[str, float]) -> Query:
    """Make a query of a folded text; ``rarities`` has those of its runs."""
    runs = vector(grams(words), rarities)
    worth: dict[str, float] = defaultdict(float)
    for word in set(words.split()):
        worth[_stem(word)] += sum(runs[run] ** 2 for run in grams(word))
    total = sum(worth.values()) or 1.0
    return Query(runs, rarities, {stem: part / total for stem, part in worth.items()})


def _stem(word: str) -> str:
    """Give how a word begins, whatever its ending: a last vowel goes, of a long one a letter more.

    A blank stands for the edges of the word, so that it is found where a word begins.
    """
    if len(word) < _SHORT:
        return f" {word} "
    stem = word[:-1] if word[-1] in _VOWELS else word
    return f" {stem[:-1] if len(stem) >= _LONG else stem}"


def scores(found: Iterable[tuple[str, str, float]]) -> dict[str, float]:
    """Give each service its score, from 0 to 1.5, from (service, kind of text, likeness)."""
    best: dict[str, list[float]] = {}
    for service, kind, likeness in found:
        best.setdefault(service, []).append(likeness * WEIGHTS[kind])
    return {service: _combine(values) for service, values in best.items()}


def _combine(values: list[float]) -> float:
    values.sort(reverse=True)
    return values[0] + SECOND * (values[1] if len(values) > 1 else 0.0)

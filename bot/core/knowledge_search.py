"""Finding services by words, typos forgiven: for the long tail and for "did you mean".

All texts and the query are folded into one Latin skeleton (:mod:`bot.core.skeleton`), so that
"dasuftaveba" finds დასუფთავება, and compared by the rare runs of three letters they share.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core import placeholders
from bot.core.knowledge import Entry, Knowledge
from bot.core.normalise import normalise
from bot.core.skeleton import skeleton

#: How much a hit in each kind of text counts: a title says what a service is about, an
#: attribute only mentions things.
WEIGHTS: Mapping[str, float] = {"title": 1.0, "answer": 0.8, "attribute": 0.6}
#: What the second best text of a service adds to its score.
SECOND = 0.3
_SIZE = 3


@dataclass(frozen=True)
class _Field:
    """One text of a service in the index: whose it is and how much it counts."""

    service: str
    weight: float


class _Index:
    """The texts of one town's entries by their runs of letters."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._fields: list[_Field] = []
        counted: list[Counter[str]] = []
        for entry in entries.values():
            for kind, text in _texts(entry):
                self._fields.append(_Field(entry.id, WEIGHTS[kind]))
                counted.append(grams(text))
        frequency = Counter(gram for counts in counted for gram in counts)
        total = len(counted) + 1
        self._idf = {gram: math.log(total / n) for gram, n in frequency.items()}
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for index, counts in enumerate(counted):
            for gram, weight in self._vector(counts).items():
                self._postings[gram].append((index, weight))

    def scores(self, query: str) -> dict[str, float]:
        """Give each service that shares something with the query its score, from 0 to 1.3."""
        cosines: defaultdict[int, float] = defaultdict(float)
        for gram, weight in self._vector(grams(query)).items():
            for index, other in self._postings.get(gram, ()):
                cosines[index] += weight * other
        best: defaultdict[str, list[float]] = defaultdict(list)
        for index, cosine in cosines.items():
            field = self._fields[index]
            best[field.service].append(cosine * field.weight)
        return {service: _combine(values) for service, values in best.items()}

    def _vector(self, counts: Mapping[str, int]) -> dict[str, float]:
        """Weigh runs of letters by how rare they are, at length one; unknown ones count as rare."""
        unknown = math.log(len(self._fields) + 1)
        weights = {
            gram: (1 + math.log(count)) * self._idf.get(gram, unknown)
            for gram, count in counts.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {gram: weight / length for gram, weight in weights.items()}


def _combine(values: list[float]) -> float:
    values.sort(reverse=True)
    return values[0] + SECOND * (values[1] if len(values) > 1 else 0.0)


def _texts(entry: Entry) -> Iterable[tuple[str, str]]:
    """Give an entry's texts with their kind; title and long title of a language are one."""
    for language in entry.title.keys() | entry.long_title.keys():
        yield "title", f"{entry.title.get(language, '')} {entry.long_title.get(language, '')}"
    for text in entry.answer.values():
        yield "answer", text
    for texts in entry.attributes.values():
        for text in texts.values():
            yield "attribute", text


def grams(text: str) -> Counter[str]:
    """Count the runs of three letters in a text, word by word, whatever script it is in."""
    folded = skeleton(normalise(placeholders.without(text)))
    counts: Counter[str] = Counter()
    for word in folded.split():
        padded = f" {word} "
        counts.update(padded[i : i + _SIZE] for i in range(max(1, len(padded) - _SIZE + 1)))
    return counts


class KnowledgeSearch:
    """Searches one state of the knowledge; a town's index is made when it is first asked for."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._indexes: dict[str | None, _Index] = {}

    def search(
        self, query: str, municipality: str | None, limit: int = 5
    ) -> list[tuple[str, float]]:
        """Find services by a resident's words.

        Args:
            query: anything typed, in any language or script.
            municipality: the town whose entries are searched; None for the national ones.
            limit: how many services at most.

        Returns:
            Service ids with their scores, best first; empty when nothing is alike.
        """
        scores = self._index(municipality).scores(query)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        return ranked[:limit]

    def _index(self, municipality: str | None) -> _Index:
        town = municipality if municipality in self._knowledge.merged else None
        index = self._indexes.get(town)
        if index is None:
            # Two threads may both make it: the same index twice, and one of them stays.
            index = self._indexes[town] = _Index(self._knowledge.entries(town))
        return index

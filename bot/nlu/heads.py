"""The classifiers that look at a message, and how much each counts.

- letters: n-grams of the script-neutral skeleton, which makes Georgian in Mkhedruli and in Latin
  letters teach each other;
- stems: stems and pairs of them, where the pipeline has a `bot.nlu.stems.Stemmer`;
- meaning: the vector of a multilingual encoder, twice (`bot.nlu.meaning`), which makes what was
  taught in one language hold in the others.

Their scores are added, each times a factor found on messages set aside. Without a vector the
others decide alone, with factors of their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.core.skeleton import skeleton
from bot.nlu import balance
from bot.nlu.linear import Floats, LinearClassifier
from bot.nlu.meaning import MeaningClassifier

_LETTERS, _STEMS, _MEANING, _FACTORS = "letters", "stems", "meaning", "factors.json"
#: Single stems and pairs.
_STEM_NGRAMS = (1, 2)
#: Of so many messages one is set aside to find the factors.
_SET_ASIDE = 5
#: Fewer messages than this would not tell them.
_ENOUGH = 50

#: Language, "" for any -> the factor of each classifier.
Factors = Mapping[str, Sequence[float]]


class Taught(NamedTuple):
    """The training messages: what is read, its stems, the intent, the language."""

    readings: Sequence[str]
    stems: Sequence[str]
    labels: Sequence[str]
    languages: Sequence[str]

    def part(self, chosen: NDArray[np.bool_]) -> Taught:
        """Give the chosen ones."""
        return Taught(*(list(compress(column, chosen)) for column in self))


class Heads:
    """The trained classifiers.

    Attributes:
        letters, stems, meaning: the classifiers; the last two may be missing.
        alone: the factors where there is no vector.
        together: the factors where there is one.
    """

    def __init__(
        self,
        letters: LinearClassifier,
        stems: LinearClassifier | None,
        meaning: MeaningClassifier | None,
    ) -> None:
        """Take the classifiers, to count alike."""
        self.letters, self.stems, self.meaning = letters, stems, meaning
        self.alone: Factors = {"": [1.0, 0.0]}
        self.together: Factors = {"": [0.7, 0.0, 0.4, 0.3]}

    @classmethod
    def learn(
        cls, taught: Taught, vectors: Floats | None, encoder: str, config: Mapping[str, Any]
    ) -> Heads:
        """Fit the classifiers on all messages, with factors found on those set aside.

        Args:
            taught: the messages; empty stems leave that classifier out.
            vectors: of their readings, None to do without meaning.
            encoder: the name of the encoder the vectors come from.
            config: the component's block of ``config.yml``.
        """
        aside = np.arange(len(taught.labels)) % _SET_ASIDE == 0
        others = taught.part(~aside)
        factors = None
        if aside.sum() >= _ENOUGH and len(set(others.labels)) == len(set(taught.labels)):
            kept, seen = (None, None) if vectors is None else (vectors[~aside], vectors[aside])
            factors = cls._fit(others, kept, encoder, config)._weighed(taught.part(aside), seen)
        heads = cls._fit(taught, vectors, encoder, config)
        if factors:
            heads.alone, heads.together = factors
        return heads

    @classmethod
    def _fit(
        cls, taught: Taught, vectors: Floats | None, encoder: str, config: Mapping[str, Any]
    ) -> Heads:
        steps: dict[str, Any] = {
            "min_documents": config["min_documents"],
            "iterations": config["iterations"],
        }
        ngrams = config["shortest_ngram"], config["longest_ngram"]
        letters = LinearClassifier.fit(
            list(map(skeleton, taught.readings)),
            taught.labels,
            ngrams,
            strength=config["strength"],
            **steps,
        )
        stems = meaning = None
        if any(taught.stems):
            stems = LinearClassifier.fit(
                taught.stems,
                taught.labels,
                _STEM_NGRAMS,
                strength=config["strength"],
                unit="words",
                **steps,
            )
        if vectors is not None:
            meaning = MeaningClassifier.fit(
                vectors,
                taught.labels,
                taught.languages,
                encoder=encoder,
                strength=config["meaning_strength"],
                iterations=config["iterations"],
            )
        return cls(letters, stems, meaning)

    def _weighed(self, aside: Taught, vectors: Floats | None) -> tuple[Factors, Factors]:
        """Find the factors on messages that were not taught."""
        column = {name: number for number, name in enumerate(self.letters.classes)}
        right = np.array([column[label] for label in aside.labels])
        words = [self._of_words(*pair) for pair in zip(aside.readings, aside.stems, strict=True)]
        scores = [np.stack(part) for part in zip(*words, strict=True)]
        alone = balance.by_language(scores, right, aside.languages)
        if self.meaning is None or vectors is None:
            return alone, self.together
        scores += self.meaning.scores(vectors, aside.languages)
        return alone, balance.by_language(scores, right, aside.languages)

    def _of_words(self, reading: str, stems: str) -> tuple[Floats, Floats]:
        letters = self.letters.scores(skeleton(reading))
        return letters, self.stems.scores(stems) if self.stems else np.zeros_like(letters)

    def scores(
        self, reading: str, stems: str, language: str | None, vector: Floats | None
    ) -> Floats:
        """Give the logarithm of the odds of each class, up to a common summand.

        Args:
            reading: the message as it is read.
            stems: its stems; they count where the classifier of stems was taught.
            language: its code; one never taught takes the factors of all.
            vector: of the encoder, or None to do without.
        """
        scores: list[Floats] = [*self._of_words(reading, stems)]
        factors = self.alone
        if self.meaning is not None and vector is not None:
            scores += (part[0] for part in self.meaning.scores(vector[None], [language]))
            factors = self.together
        counted = factors.get(language or "", factors[""])
        total = np.zeros_like(scores[0])
        for factor, part in zip(counted, scores, strict=True):
            total += np.float32(factor) * part
        return total

    def save(self, directory: Path) -> None:
        """Write everything into ``directory``."""
        self.letters.save(directory, _LETTERS)
        if self.stems is not None:
            self.stems.save(directory, _STEMS)
        if self.meaning is not None:
            self.meaning.save(directory, _MEANING)
        (directory / _FACTORS).write_text(json.dumps([self.alone, self.together]))

    @classmethod
    def load(cls, directory: Path) -> Heads:
        """Read what :meth:`save` wrote."""

        def kept(name: str) -> bool:
            return (directory / f"{name}.json").exists()

        heads = cls(
            LinearClassifier.load(directory, _LETTERS),
            LinearClassifier.load(directory, _STEMS) if kept(_STEMS) else None,
            MeaningClassifier.load(directory, _MEANING) if kept(_MEANING) else None,
        )
        heads.alone, heads.together = json.loads((directory / _FACTORS).read_text())
        return heads

"""What a message wants, by its meaning: two classifiers on the encoder's vectors.

One is linear, the other looks at the nearest training messages (`bot.nlu.neighbours`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.nlu.linear import Floats
from bot.nlu.neighbours import Neighbours
from bot.nlu.vectors import Centre


class MeaningClassifier:
    """Scores of the classes for a vector.

    Attributes:
        classes: the labels, in the order of the scores.
        encoder: the name of the encoder that the vectors come from.
    """

    def __init__(
        self,
        classes: Sequence[str],
        encoder: str,
        centre: Centre,
        linear: tuple[Floats, Floats],
        neighbours: Neighbours,
    ) -> None:
        """Take the means, the linear classifier's weights and intercept, and the neighbours."""
        self.classes = tuple(classes)
        self.encoder = encoder
        self._centre = centre
        self._weights, self._intercept = linear
        self._neighbours = neighbours

    @classmethod
    def fit(
        cls,
        vectors: Floats,
        labels: Sequence[str],
        languages: Sequence[str],
        *,
        encoder: str,
        strength: float,
        iterations: int,
    ) -> MeaningClassifier:
        """Learn from labelled vectors and the languages of their texts."""
        from bot.nlu.regression import fit

        centre = Centre.of(vectors, languages)
        centred = centre.centred(vectors, languages)
        fitted = fit(centred, labels, strength, iterations)
        linear = fitted.weights, fitted.intercept
        return cls(fitted.classes, encoder, centre, linear, Neighbours.fit(centred, labels))

    def scores(self, vectors: Floats, languages: Sequence[str | None]) -> tuple[Floats, Floats]:
        """Give both classifiers' scores: a row for each vector, a column for each class."""
        centred = self._centre.centred(vectors, languages)
        return centred @ self._weights + self._intercept, self._neighbours.scores(centred)

    def save(self, directory: Path, name: str) -> None:
        """Write the tables as ``<name>.npz`` and ``<name>.json`` into ``directory``."""
        np.savez(
            directory / f"{name}.npz",
            weights=self._weights,
            intercept=self._intercept,
            means=np.stack(list(self._centre.means.values())),
            **self._neighbours.arrays(),
        )
        content = {
            "classes": self.classes,
            "encoder": self.encoder,
            "languages": list(self._centre.means),
        }
        (directory / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path, name: str) -> MeaningClassifier:
        """Read what :meth:`save` wrote."""
        content = json.loads((directory / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(directory / f"{name}.npz") as arrays:
            return cls(
                content["classes"],
                content["encoder"],
                Centre(dict(zip(content["languages"], arrays["means"], strict=True))),
                (arrays["weights"], arrays["intercept"]),
                Neighbours.of_arrays(arrays),
            )

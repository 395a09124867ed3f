"""What a message wants, by its meaning: a linear classifier on the encoder's vectors.

A vector says in part which language a text is in; the mean of the language is taken away, so
that what was learnt in one language holds in the others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.nlu.linear import Floats


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
        means: dict[str, Floats],
        weights: Floats,
        intercept: Floats,
    ) -> None:
        """Take the means by language ("" for all) and the table of weights."""
        self.classes = tuple(classes)
        self.encoder = encoder
        self._means = means
        self._weights = weights
        self._intercept = intercept

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

        spoken = np.asarray(languages)
        means = {name: vectors[spoken == name].mean(axis=0) for name in sorted(set(languages))}
        means[""] = vectors.mean(axis=0)
        centred = _unit(vectors - np.stack([means[name] for name in languages]))
        fitted = fit(centred, labels, strength, iterations)
        return cls(fitted.classes, encoder, means, fitted.weights, fitted.intercept)

    def scores(self, vectors: Floats, languages: Sequence[str | None]) -> Floats:
        """Give the logarithms of the odds: a row for each vector, a column for each class."""
        unknown = self._means[""]
        means = np.stack([self._means.get(name or "", unknown) for name in languages])
        found: Floats = _unit(vectors - means) @ self._weights + self._intercept
        return found

    def save(self, directory: Path, name: str) -> None:
        """Write the table as ``<name>.npz`` and ``<name>.json`` into ``directory``."""
        np.savez(
            directory / f"{name}.npz",
            weights=self._weights,
            intercept=self._intercept,
            means=np.stack(list(self._means.values())),
        )
        content = {
            "classes": self.classes,
            "encoder": self.encoder,
            "languages": list(self._means),
        }
        (directory / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path, name: str) -> MeaningClassifier:
        """Read what :meth:`save` wrote."""
        content = json.loads((directory / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(directory / f"{name}.npz") as arrays:
            means = dict(zip(content["languages"], arrays["means"], strict=True))
            return cls(
                content["classes"],
                content["encoder"],
                means,
                arrays["weights"],
                arrays["intercept"],
            )


def _unit(vectors: Floats) -> Floats:
    """Scale each row to length one."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = vectors / np.maximum(lengths, 1e-6)
    return scaled

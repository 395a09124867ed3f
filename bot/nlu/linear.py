"""A linear text classifier on n-grams of letters or of words that needs only numpy to answer.

It is fitted with scikit-learn's tf-idf of n-grams (of letters: within word borders) and one
multinomial logistic regression (`bot.nlu.regression`), and then kept as a table: n-gram -> row.
Scoring a message is the sum of a few hundred rows, some tenths of a millisecond; scikit-learn's
own prediction takes some 5 ms and its import seconds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class LinearClassifier:
    """Classes with their probabilities for a text.

    Attributes:
        classes: the labels, in the order of the probabilities.
    """

    def __init__(
        self,
        classes: Sequence[str],
        rows: dict[str, int],
        weights: Floats,
        intercept: Floats,
        idf: Floats,
        ngrams: tuple[int, int],
        unit: str = "letters",
    ) -> None:
        """Take the table: ``weights`` is n-grams x classes, ``idf`` one number an n-gram."""
        self.classes = tuple(classes)
        self._rows = rows
        self._weights = weights
        self._intercept = intercept
        self._idf = idf
        self._ngrams = ngrams
        self._unit = unit

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        ngrams: tuple[int, int],
        strength: float,
        min_documents: int = 2,
        iterations: int = 30,
        unit: str = "letters",
    ) -> LinearClassifier:
        """Learn from labelled texts.

        Args:
            texts: what the classifier reads, already normalised.
            labels: the class of each text; at least two different ones.
            ngrams: shortest and longest n-gram, in units.
            strength: inverse of the regularisation (scikit-learn's C).
            min_documents: n-grams in fewer texts than this are left out.
            iterations: most steps of the fit.
            unit: what the n-grams are of, "letters" or "words" set apart by blanks.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer

        from bot.nlu.regression import fit

        vectorizer = TfidfVectorizer(
            analyzer="char_wb" if unit == "letters" else lambda text: word_ngrams(text, *ngrams),
            ngram_range=ngrams,
            min_df=min_documents,
            sublinear_tf=True,
            lowercase=False,
            dtype=np.float32,
        )
        # The frequent n-grams side by side: most products then stay within the cache.
        matrix = vectorizer.fit_transform(texts)
        order = np.argsort(-np.bincount(matrix.indices, minlength=matrix.shape[1]), kind="stable")
        names = vectorizer.get_feature_names_out()[order]
        matrix = matrix[:, order].sorted_indices()
        fitted = fit(matrix, labels, strength, iterations)
        return cls(
            fitted.classes,
            {ngram: row for row, ngram in enumerate(names)},
            fitted.weights,
            fitted.intercept,
            vectorizer.idf_[order].astype(np.float32),
            ngrams,
            unit,
        )

    def scores(self, text: str) -> Floats:
        """Give the logarithm of the odds of each class, up to a common summand."""
        counts: dict[int, int] = {}
        rows = self._rows
        cut = character_ngrams if self._unit == "letters" else word_ngrams
        for ngram in cut(text, *self._ngrams):
            row = rows.get(ngram)
            if row is not None:
                counts[row] = counts.get(row, 0) + 1
        if not counts:
            return self._intercept
        indices = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
        values = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (np.log(values) + 1) * self._idf[indices]
        values /= np.sqrt(values @ values)
        found: Floats = self._intercept + values @ self._weights[indices].astype(np.float32)
        return found

    def probabilities(self, text: str) -> Floats:
        """Give the probability of each class, in the order of ``classes``; they sum to one."""
        return softmax(self.scores(text))

    def save(self, directory: Path, name: str) -> None:
        """Write the table as ``<name>.npz`` and ``<name>.json`` into ``directory``."""
        np.savez(
            directory / f"{name}.npz",
            # Half precision halves the memory; the scores change in the third digit.
            weights=self._weights.astype(np.float16),
            intercept=self._intercept,
            idf=self._idf,
        )
        ordered = sorted(self._rows, key=self._rows.__getitem__)
        content: dict[str, Any] = {
            "classes": self.classes,
            "ngrams": self._ngrams,
            "unit": self._unit,
            "rows": ordered,
        }
        with open(directory / f"{name}.json", "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)

    @classmethod
    def load(cls, directory: Path, name: str) -> LinearClassifier:
        """Read what :meth:`save` wrote."""
        with open(directory / f"{name}.json", encoding="utf-8") as file:
            content = json.load(file)
        with np.load(directory / f"{name}.npz") as arrays:
            return cls(
                content["classes"],
                {ngram: row for row, ngram in enumerate(content["rows"])},
                arrays["weights"],
                arrays["intercept"],
                arrays["idf"],
                (content["ngrams"][0], content["ngrams"][1]),
                content["unit"],
            )


def softmax(scores: Floats) -> Floats:
    """Turn scores into probabilities, along the last axis."""
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = exponents / exponents.sum(axis=-1, keepdims=True)
    return result


def character_ngrams(text: str, shortest: int, longest: int) -> list[str]:
    """List the n-grams of each word with a space on both sides, as scikit-learn's char_wb does."""
    ngrams: list[str] = []
    for word in text.split():
        padded = f" {word} "
        length = len(padded)
        for size in range(shortest, longest + 1):
            ngrams.append(padded[:size])
            ngrams.extend(padded[start : start + size] for start in range(1, length - size + 1))
            if size >= length:
                # A word shorter than the n-gram counts once, whole.
                break
    return ngrams


def word_ngrams(text: str, shortest: int, longest: int) -> list[str]:
    """List the n-grams of words that stand beside each other."""
    words = text.split()
    return [
        " ".join(words[start : start + size])
        for size in range(shortest, longest + 1)
        for start in range(len(words) - size + 1)
    ]

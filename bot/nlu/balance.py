"""How much each classifier counts, and how sure all together may be.

Each classifier is surer of the messages it was taught on than of new ones. So the factors are
found on messages set aside: those with which the right labels get the best probabilities. They
differ by language: the encoder knows English best, Georgian letters tell most.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.nlu.linear import Floats, softmax

_STEPS = 25
#: Of fewer messages set aside a language takes the factors of all.
_ENOUGH = 100
#: A language with so many lies half way between its own factors and those of all.
_LEANING = 200


def factors(scores: Sequence[Floats], right: NDArray[np.intp]) -> list[float]:
    """Find the factor of each classifier's scores, the sum of which gives the probabilities.

    Args:
        scores: of each classifier, a row a message and a column a class.
        right: the column of the right class of each message.
    """
    stacked = np.stack(scores).astype(np.float64)
    rows = np.arange(len(right))
    found = np.full(len(scores), 0.5)

    def loss(candidate: NDArray[np.float64]) -> float:
        total = np.tensordot(candidate, stacked, axes=1)
        total -= total.max(axis=1, keepdims=True)
        return float((np.log(np.exp(total).sum(axis=1)) - total[rows, right]).mean())

    for _ in range(_STEPS):
        # Newton's method; the loss is convex in the factors.
        odds = softmax(np.tensordot(found, stacked, axes=1).astype(np.float32))
        means = (stacked * odds).sum(axis=2)
        gradient = (means - stacked[:, rows, right]).mean(axis=1)
        apart = stacked - means[:, :, None]
        bend = np.einsum("ink,nk,jnk->ij", apart, odds, apart) / len(right)
        step = np.linalg.solve(bend + 1e-6 * np.eye(len(scores)), gradient)
        length = 1.0
        while loss(found - length * step) > loss(found) and length > 1e-3:
            length /= 2
        found = found - length * step
        if float(np.abs(length * step).max()) < 1e-4:
            break
    return [max(0.0, float(factor)) for factor in found]


def by_language(
    scores: Sequence[Floats], right: NDArray[np.intp], languages: Sequence[str]
) -> dict[str, list[float]]:
    """Find the factors for each language that has enough messages, and those of all for "".

    Args:
        scores, right: as for :func:`factors`.
        languages: of each message.
    """
    spoken = np.asarray(languages)
    found = {"": factors(scores, right)}
    for language, count in zip(*np.unique(spoken, return_counts=True), strict=True):
        if language and count >= _ENOUGH:
            chosen = spoken == language
            own = factors([part[chosen] for part in scores], right[chosen])
            share = count / (count + _LEANING)
            found[str(language)] = [
                float(share * mine + (1 - share) * common)
                for mine, common in zip(own, found[""], strict=True)
            ]
    return found

"""How much letters and meaning count, and how sure both together may be.

Each classifier is surer of the messages it was taught on than of new ones. So the two factors
are found on messages set aside: those with which the right labels get the best probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.nlu.linear import Floats, softmax

_STEPS = 25


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

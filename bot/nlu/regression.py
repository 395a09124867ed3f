"""Multinomial logistic regression over tens of thousands of features, fitted in seconds.

scikit-learn's solver finds the same optimum in minutes. Here all is single precision, each
half of the messages is multiplied in a thread of its own, and the search (L-BFGS) is told
beforehand that rare n-grams may take larger steps, which halves its iterations. The same
messages give the same weights, whatever the number of cores.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: How many earlier steps L-BFGS learns the curvature from.
_MEMORY = 5
#: What an n-gram's own curvature is at least taken for, so that no step is wild.
_LEAST_CURVATURE = 1e-5
#: A gain smaller than this share of the loss, and the search is over.
_ENOUGH = 1e-6


class Fitted(NamedTuple):
    """What was learnt: ``weights`` is features x classes, ``classes`` are sorted."""

    classes: tuple[str, ...]
    weights: Floats
    intercept: Floats


def fit(features: Any, labels: Sequence[str], strength: float, iterations: int) -> Fitted:
    """Learn to tell the labels apart, each of the same weight however many messages it has.

    Args:
        features: one row a message, a scipy CSR matrix or a dense array.
        labels: the class of each message.
        strength: inverse of the regularisation (scikit-learn's C).
        iterations: most steps of the search.
    """
    classes, which = np.unique(np.asarray(labels), return_inverse=True)
    with ThreadPoolExecutor(2) as threads:
        objective = _Objective(features, which, len(classes), strength, threads)
        solution = _lbfgs(objective, iterations)
    return Fitted(tuple(map(str, classes)), solution[:-1], solution[-1])


class _Objective:
    """The loss of a table of weights (its last row is the intercept) and its gradient."""

    def __init__(
        self,
        features: Any,
        which: NDArray[np.intp],
        classes: int,
        strength: float,
        threads: ThreadPoolExecutor,
    ) -> None:
        count = features.shape[0]
        self.shape = (features.shape[1] + 1, classes)
        self._threads = threads
        self._which, self._rows = which, np.arange(count)
        balanced = count / (classes * np.bincount(which, minlength=classes))
        self._importance = (balanced[which] / count).astype(np.float32)
        self._decay = np.float32(1 / (strength * count))
        self._row_halves = _halves(features)
        if isinstance(features, np.ndarray):
            self._column_halves = _halves(np.ascontiguousarray(features.T))
            squares = features * features
        else:
            self._column_halves = _halves(features.T.tocsr())
            squares = features.multiply(features)
        curvature = squares.T @ self._importance
        #: The metric the search begins with: one factor for each row of the table.
        self.metric = np.ones((self.shape[0], 1), np.float32)
        self.metric[:-1, 0] = (curvature + _LEAST_CURVATURE) ** -0.5

    def __call__(self, table: Floats) -> tuple[float, Floats]:
        weights = table[:-1]
        scores = self._product(self._row_halves, weights) + table[-1]
        scores -= scores.max(axis=1, keepdims=True)
        right = scores[self._rows, self._which]
        np.exp(scores, out=scores)
        sums = scores.sum(axis=1)
        losses = (np.log(sums) - right) * self._importance
        loss = float(losses.sum(dtype=np.float64))
        loss += float(self._decay) / 2 * float(np.vdot(weights, weights))
        scores /= sums[:, None]
        scores[self._rows, self._which] -= 1
        scores *= self._importance[:, None]
        gradient = np.empty_like(table)
        gradient[:-1] = self._product(self._column_halves, scores)
        gradient[:-1] += self._decay * weights
        gradient[-1] = scores.sum(axis=0)
        return loss, gradient

    def _product(self, halves: tuple[Any, Any], right: Floats) -> Floats:
        return np.concatenate(list(self._threads.map(lambda half: half @ right, halves)))


def _halves(matrix: Any) -> tuple[Any, Any]:
    """Split the rows where half of the numbers stand."""
    if isinstance(matrix, np.ndarray):
        middle = len(matrix) // 2
    else:
        middle = int(np.searchsorted(matrix.indptr, matrix.nnz // 2))
    return matrix[:middle], matrix[middle:]


def _lbfgs(objective: _Objective, iterations: int) -> Floats:
    """Walk down to the least loss (limited-memory BFGS with backtracking)."""
    table = np.zeros(objective.shape, np.float32)
    loss, gradient = objective(table)
    past: list[tuple[Floats, Floats, np.float32]] = []
    for _ in range(iterations):
        direction = _direction(gradient, past, objective.metric)
        slope = -float(np.vdot(gradient, direction))
        step = np.float32(1)
        while True:
            candidate = table + step * direction
            new_loss, new_gradient = objective(candidate)
            if new_loss <= loss - 1e-4 * float(step) * slope:
                break
            step /= 2
            if step < 1e-4:
                # Single precision sees no way down any more.
                return table
        moved, turned = candidate - table, new_gradient - gradient
        bend = np.float32(np.vdot(moved, turned))
        if bend > 0:
            past = [*past[1 - _MEMORY :], (moved, turned, 1 / bend)]
        gain = loss - new_loss
        table, loss, gradient = candidate, new_loss, new_gradient
        if gain < _ENOUGH * loss:
            break
    return table


def _direction(
    gradient: Floats, past: list[tuple[Floats, Floats, np.float32]], metric: Floats
) -> Floats:
    """Give the way to go: the gradient, corrected by what earlier steps showed."""
    way = -gradient
    shares = []
    for moved, turned, inverse in reversed(past):
        share = inverse * np.float32(np.vdot(moved, way))
        way -= share * turned
        shares.append(share)
    way *= metric
    if past:
        moved, turned, _ = past[-1]
        way *= np.float32(np.vdot(moved, turned) / np.vdot(turned, turned * metric))
    else:
        way /= np.float32(np.sqrt(np.vdot(way, way)))
    for (moved, turned, inverse), share in zip(past, reversed(shares), strict=True):
        way += (share - inverse * np.float32(np.vdot(turned, way))) * moved
    return way

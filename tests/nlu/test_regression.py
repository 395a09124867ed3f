from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import random as random_matrix
from sklearn.linear_model import LogisticRegression

from bot.nlu.regression import fit

MESSAGES, FEATURES = 300, 400
LABELS = [f"label {number % 7 * number % 5}" for number in range(MESSAGES)]


def features() -> object:
    return random_matrix(
        MESSAGES, FEATURES, density=0.05, format="csr", dtype=np.float32, random_state=1
    )


@pytest.mark.parametrize("strength", [1.0, 30.0])
def test_finds_the_optimum_that_scikit_learn_finds(strength: float) -> None:
    fitted = fit(features(), LABELS, strength, iterations=200)
    expected = LogisticRegression(C=strength, class_weight="balanced", max_iter=2_000)
    expected.fit(features(), LABELS)
    assert fitted.classes == tuple(expected.classes_)
    scores = features() @ fitted.weights + fitted.intercept
    found = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert np.abs(found - expected.predict_proba(features())).max() < 5e-3


def test_same_messages_give_the_same_weights() -> None:
    first, second = (fit(features(), LABELS, 30.0, iterations=40) for _ in range(2))
    assert np.array_equal(first.weights, second.weights)
    assert np.array_equal(first.intercept, second.intercept)


def test_label_with_few_messages_counts_as_much_as_one_with_many() -> None:
    # One feature says nothing; ninety messages of one label, ten of the other.
    same = features()[:100] * 0
    fitted = fit(same, ["many"] * 90 + ["few"] * 10, 30.0, iterations=40)
    assert abs(fitted.intercept[0] - fitted.intercept[1]) < 1e-3

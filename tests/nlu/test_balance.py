from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.balance import by_language, factors
from bot.nlu.linear import softmax


def guesses(sureness: float, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores of a classifier that is so sure, and the labels drawn from its true odds."""
    chance = np.random.default_rng(3)
    odds = chance.normal(0, 2, (4_000, 5)).astype(np.float32)
    cumulated = softmax(odds).cumsum(axis=1)
    right = (cumulated < chance.random((len(odds), 1))).sum(axis=1).clip(max=4)
    return odds * np.float32(sureness) + chance.normal(0, noise, odds.shape), right


@pytest.mark.parametrize("sureness", [0.5, 1.0, 4.0])
def test_too_sure_a_classifier_is_scaled_down_to_the_truth(sureness: float) -> None:
    scores, right = guesses(sureness, 0.0)
    (factor,) = factors([scores], right)
    assert factor * sureness == pytest.approx(1, rel=0.1)


def test_classifier_that_knows_nothing_counts_little() -> None:
    scores, right = guesses(1.0, 0.0)
    useful, useless = factors([scores, np.random.default_rng(1).normal(size=scores.shape)], right)
    assert useful == pytest.approx(1, rel=0.1)
    assert useless < 0.1


def test_same_scores_give_the_same_factors() -> None:
    scores, right = guesses(2.0, 1.0)
    assert factors([scores, scores * 2], right) == factors([scores, scores * 2], right)


def test_language_that_knows_better_counts_another_classifier_more() -> None:
    (letters, right), (other, _) = guesses(1.0, 0.0), guesses(1.0, 0.0)
    noise = np.random.default_rng(2).normal(size=letters.shape)
    languages = ["ka"] * 2_000 + ["en"] * 1_900 + ["hy"] * 50 + [""] * 50
    half = np.arange(len(languages)) < 2_000
    first = np.where(half[:, None], letters, noise)
    second = np.where(half[:, None], noise, other)
    found = by_language([first, second], right, languages)
    # Too few messages, or no language, leave the factors of all.
    assert set(found) == {"", "ka", "en"}
    assert found["ka"][0] > 0.8 > 0.2 > found["ka"][1]
    assert found["en"][1] > 0.8 > 0.2 > found["en"][0]

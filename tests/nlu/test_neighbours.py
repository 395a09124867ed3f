from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.neighbours import Neighbours

SIZE = 200


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def taught() -> tuple[np.ndarray, list[str]]:
    """Vectors round three places for each of four labels, in no order."""
    chance = np.random.default_rng(5)
    places = unit(chance.normal(size=(12, SIZE)))
    which = np.repeat(np.arange(12), 20)
    chance.shuffle(which)
    vectors = unit(places[which] + chance.normal(0, 0.03, (len(which), SIZE)))
    return vectors, [f"label {place % 4}" for place in which]


def test_class_of_the_nearest_has_the_best_score(taught: tuple[np.ndarray, list[str]]) -> None:
    vectors, labels = taught
    neighbours = Neighbours.fit(vectors[::2], labels[::2])
    best = neighbours.scores(vectors[1::2]).argmax(axis=1)
    # Three places a label: no straight border tells them apart better than their neighbours do.
    assert [f"label {number}" for number in best] == labels[1::2]


def test_kept_neighbours_give_the_same_scores(
    taught: tuple[np.ndarray, list[str]], tmp_path: Path
) -> None:
    neighbours = Neighbours.fit(*taught)
    np.savez(tmp_path / "kept.npz", **neighbours.arrays())
    with np.load(tmp_path / "kept.npz") as arrays:
        loaded = Neighbours.of_arrays(arrays)
    expected = neighbours.scores(taught[0])
    assert np.abs(loaded.scores(taught[0]) - expected).max() < 0.05


def test_many_vectors_are_scored_as_each_alone(taught: tuple[np.ndarray, list[str]]) -> None:
    vectors, labels = taught
    neighbours = Neighbours.fit(vectors, labels)
    many = np.concatenate([vectors, vectors])
    alone = np.concatenate([neighbours.scores(row[None]) for row in many])
    assert np.abs(neighbours.scores(many) - alone).max() < 1e-3


def test_zero_vector_and_few_messages_are_scored() -> None:
    vectors = np.eye(3, 8, dtype=np.float32)
    neighbours = Neighbours.fit(vectors, ["b", "a", "b"])
    assert np.isfinite(neighbours.scores(np.zeros((1, 8), np.float32))).all()
    assert neighbours.scores(vectors[1:2]).argmax() == 0

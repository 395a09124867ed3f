"""What a message means by the training messages nearest to it, whatever language they are in.

Beside the linear classifier of the vectors: that one draws one border round all messages of a
class, this one asks whether something like this was ever said. It is the logarithm of a kernel
density: of each class, the sum over its messages of exp(sharpness x cosine).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.linear import Floats

#: The vectors are turned so that their first numbers tell most; so many are kept, which is
#: as good as all and quicker.
_KEPT = 128
#: How fast a neighbour counts less with its distance.
_SHARPNESS = np.float32(30.0)
#: So many messages are compared with all others at once, which bounds the memory.
_AT_ONCE = 256


class Neighbours:
    """Scores of the classes for vectors of length one, by the vectors that were taught."""

    def __init__(self, points: Floats, starts: NDArray[np.intp], turn: Floats) -> None:
        """Take the taught vectors, class by class, where each class starts, and the turn."""
        self._points = np.ascontiguousarray(points, np.float32)
        self._starts = starts
        self._turn = turn

    @classmethod
    def fit(cls, vectors: Floats, labels: Sequence[str]) -> Neighbours:
        """Keep labelled vectors; the classes are in the order of their sorted names."""
        _, which = np.unique(np.asarray(labels), return_inverse=True)
        order = np.argsort(which, kind="stable")
        starts = np.searchsorted(which[order], np.arange(which.max() + 1))
        _, directions = np.linalg.eigh(vectors.T @ vectors)
        turn = np.ascontiguousarray(directions[:, -_KEPT:], np.float32)
        return cls(_turned(vectors[order], turn), starts, turn)

    def scores(self, vectors: Floats) -> Floats:
        """Give the logarithm of each class's density: a row for each vector."""
        turned = _turned(vectors, self._turn)
        parts = [
            np.add.reduceat(
                np.exp(_SHARPNESS * (turned[start : start + _AT_ONCE] @ self._points.T)),
                self._starts,
                axis=1,
            )
            for start in range(0, len(turned), _AT_ONCE)
        ]
        found: Floats = np.log(np.concatenate(parts))
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what is to be kept, by name."""
        points = self._points.astype(np.float16)
        return {"points": points, "starts": self._starts, "turn": self._turn}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Neighbours:
        """Read what :meth:`arrays` gave."""
        return cls(arrays["points"], arrays["starts"], arrays["turn"])


def _turned(vectors: Floats, turn: Floats) -> Floats:
    """Keep the numbers that tell most, and scale each row to length one."""
    kept = vectors @ turn
    lengths = np.linalg.norm(kept, axis=-1, keepdims=True)
    scaled: Floats = kept / np.maximum(lengths, 1e-6)
    return scaled

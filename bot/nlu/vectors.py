"""The encoder's vectors without what they say of the language.

A vector says in part which language a text is in; the mean of the language is taken away, so
that what was learnt in one language holds in the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bot.nlu.linear import Floats


class Centre:
    """The mean vector of each language, "" for all.

    Attributes:
        means: language -> its mean.
    """

    def __init__(self, means: Mapping[str, Floats]) -> None:
        """Take the means."""
        self.means = means

    @classmethod
    def of(cls, vectors: Floats, languages: Sequence[str]) -> Centre:
        """Learn from vectors and the languages of their texts."""
        spoken = np.asarray(languages)
        means = {name: vectors[spoken == name].mean(axis=0) for name in sorted(set(languages))}
        return cls({**means, "": vectors.mean(axis=0)})

    def centred(self, vectors: Floats, languages: Sequence[str | None]) -> Floats:
        """Take the mean of its language from each vector, and scale it to length one."""
        unknown = self.means[""]
        rows = vectors - np.stack([self.means.get(name or "", unknown) for name in languages])
        lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
        scaled: Floats = rows / np.maximum(lengths, 1e-6)
        return scaled

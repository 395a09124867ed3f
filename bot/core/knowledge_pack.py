"""A new town's folder to fill in, made from ``knowledge/_municipality.yml``."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from bot.core.errors import InputError, MissingError
from bot.core.knowledge_files import NATIONAL, OTHER_FOLDERS, TOWN_FILE

TEMPLATE = "_municipality.yml"
#: What a line still to be filled in holds.
BLANK = "…"
_ID = re.compile(r"[a-z][a-z0-9_]{1,30}\Z")
_HALF_A_YEAR = timedelta(days=182)


def make_pack(root: Path, id: str, day: date) -> Path:
    """Make the folder ``_<id>`` with the town's file to fill in.

    The underscore keeps it out of the knowledge in use until somebody renames it.

    Args:
        root: the knowledge folder.
        id: the town's name in small Latin letters.
        day: the day that stands as the one of the check with the sources.

    Raises:
        InputError: when the name cannot be one, or the town has a folder.
        MissingError: when the template is not there.
    """
    if not _ID.match(id) or id in OTHER_FOLDERS or id == NATIONAL:
        raise InputError(f"{id} is no name for a folder; write the town like tkibuli.")
    for folder in (root / id, root / f"_{id}"):
        if folder.exists():
            raise InputError(f"{folder} is there already; edit it.")
    template = root / TEMPLATE
    if not template.is_file():
        raise MissingError(f"{template} is missing; bring it back from the repository.")
    text = template.read_text(encoding="utf-8")
    for word, value in (("ID", id), ("TODAY", day), ("LATER", day + _HALF_A_YEAR)):
        text = re.sub(rf"\b{word}\b|(?<=_){word}\b", str(value), text)
    path = root / f"_{id}" / TOWN_FILE
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path

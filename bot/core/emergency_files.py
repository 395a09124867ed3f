"""Reading, checking and writing ``knowledge/<town or national>/notices.yml``.

Staff's page and `cbot knowledge notice` write it; it may be edited by hand all the same.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.core import yaml_lines
from bot.core.clock import GEORGIA
from bot.core.emergency import Notice, Notices
from bot.core.errors import Finding, InputError, relative
from bot.core.files import write_whole
from bot.core.knowledge_files import NATIONAL, NOTICES_FILE, entry_folders
from bot.core.knowledge_wording import foreign_letters, other_script
from bot.core.languages import LANGUAGES, REQUIRED
from bot.core.yaml_shapes import Path as KeyPath
from bot.core.yaml_shapes import Reader, suggestion

#: The longest notice: it is read before the answer the resident waits for.
LONGEST = 600
_FIELDS = ("from", "until", "text")
_HEAD = """\
# Emergency notices. Each resident who writes is told one once, before the answer, while it holds.
# An id is never used again: who saw it does not see another text under it.
#
# <id>:
#   from    2026-12-01 or 2026-12-01 08:00, the first moment, by the clock in Georgia
#   until   2026-12-02 or 2026-12-01 20:00, the last one (a day counts to its end)
#   text    ka and en; ru, az and hy where they are there
"""


def read_notices(root: Path) -> tuple[Notices, list[Finding]]:
    """Read the notices of the country and of all towns, with everything that is wrong."""
    notices: dict[str | None, tuple[Notice, ...]] = {}
    findings: list[Finding] = []
    for folder in entry_folders(root):
        path = folder / NOTICES_FILE
        if path.is_file():
            reader = Reader(yaml_lines.load(path, root.parent))
            town = None if folder.name == NATIONAL else folder.name
            notices[town] = tuple(_read_all(reader))
            findings.extend(reader.findings)
    return notices, findings


def _read_all(reader: Reader) -> Iterator[Notice]:
    if reader.document.unreadable:
        return
    for id, value in reader.mapping(reader.document.data, ()).items():
        notice = _read(reader, id, value)
        if notice is not None:
            yield notice


def _read(reader: Reader, id: str, value: Any) -> Notice | None:
    data = reader.mapping(value, (id,), _FIELDS)
    for name in _FIELDS:
        if name not in data:
            reader.report(f"{name} is missing; add it", id)
            return None
    begins = _moment(reader, data["from"], (id, "from"), time.min)
    ends = _moment(reader, data["until"], (id, "until"), time.max)
    text = reader.texts(data["text"], (id, "text"))
    for language in REQUIRED:
        if language not in text:
            reader.report(f"text.{language} is missing; add it", id, "text")
    for language, words in text.items():
        if len(words) > LONGEST:
            reader.report(f"{len(words)} characters; at most {LONGEST} fit", id, "text", language)
        if foreign_letters(words, language) or other_script(words, language):
            reader.report(f"other letters in the {language} text", id, "text", language)
    if begins is None or ends is None:
        return None
    if ends < begins:
        reader.report("until is before from; exchange them", id, "until")
    return Notice(id, begins, ends, text)


def _moment(reader: Reader, value: Any, path: KeyPath, edge: time) -> datetime | None:
    """Read a day, which counts from its begin to its end, or a day with a time."""
    text = str(value)
    try:
        if len(text) == len("2026-12-01"):
            return datetime.combine(date.fromisoformat(text), edge, GEORGIA)
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=GEORGIA)).astimezone(GEORGIA)
    except ValueError:
        reader.report("must be like 2026-12-01 or 2026-12-01 08:00", *path)
        return None


def add_notice(
    root: Path, folder: str, id: str, begins: str, ends: str, text: Mapping[str, str]
) -> None:
    """Write a notice into a folder's file; what the check refuses is not written.

    Args:
        root: the knowledge folder.
        folder: a town, or ``national`` for all of them.
        id: a name never used before.
        begins: the first moment, like 2026-12-01 or 2026-12-01 08:00.
        ends: the last one.
        text: the words by language, Georgian and English at least.

    Raises:
        InputError: when something of it is wrong, or the folder or the id is.
    """
    path, content = _open(root, folder)
    if id in content:
        raise InputError(f"There was a notice {id} before; choose another name.")
    words = {language: text[language] for language in LANGUAGES if text.get(language)}
    content[id] = {"from": begins, "until": ends, "text": words}
    _write(root, path, content)


def remove_notice(root: Path, folder: str, id: str) -> None:
    """Take a notice out of a folder's file.

    Raises:
        InputError: when there is none of that name.
    """
    path, content = _open(root, folder)
    if id not in content:
        raise InputError(f"There is no notice {id}{suggestion(id, tuple(content))}")
    del content[id]
    _write(root, path, content)


def _open(root: Path, folder: str) -> tuple[Path, Any]:
    known = tuple(each.name for each in entry_folders(root))
    if folder not in known:
        raise InputError(f"There is no town {folder}{suggestion(folder, known)}")
    path = root / folder / NOTICES_FILE
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    return path, YAML().load(text) or YAML().load("{}")


def _write(root: Path, path: Path, content: Any) -> None:
    if not content:
        path.unlink(missing_ok=True)
        return
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(dict(content), out)
    text = _HEAD + out.getvalue()
    reader = Reader(yaml_lines.parse(text, relative(path, root.parent)))
    list(_read_all(reader))
    if reader.findings:
        raise InputError("The notice is not written.", reader.findings)
    write_whole(path, text)

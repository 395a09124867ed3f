"""Changing one entry of the knowledge by program, as a clerk would do it by hand.

The YAML files are the truth and may be edited by hand at the same time. Comments, order and line
breaks stay; what was changed by somebody else since it was looked at is never overwritten, and
nothing that the check refuses is ever written.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

from bot.core import yaml_lines
from bot.core.errors import Finding, InputError, MissingError
from bot.core.files import content_hash, locked, write_whole
from bot.core.knowledge import ATTRIBUTES
from bot.core.knowledge_folder import Loaded, load_all
from bot.core.languages import LANGUAGES

#: The texts of an entry, in the order in which they are written.
TEXTS = ("title", "long_title", "words", "answer", *(f"attributes.{name}" for name in ATTRIBUTES))
DATES = ("verified_on", "review_by")
PLAIN = (*DATES, "owner")
#: A text longer than this is written over several lines, a sentence each.
_LONG = 100
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s(?=\S)")
_LOCK = "knowledge.lock"


class Conflict(InputError):
    """The file was changed by somebody else since it was looked at; nothing was written."""


@dataclass(frozen=True)
class Period:
    """A figure with the days on which it holds, as the file has it."""

    value: str
    unit: str
    valid_from: str
    valid_until: str


@dataclass(frozen=True)
class EditableEntry:
    """An entry as its file has it now; ``fields`` has a text for each path (``answer.ka``)."""

    folder: str
    id: str
    path: Path
    hash: str
    fields: Mapping[str, str]
    figures: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class NewPeriod:
    """A figure's new value from a day on; the one before it ends the day before."""

    value: str
    valid_from: date


@dataclass(frozen=True)
class Change:
    """What is to be written: texts by path (empty takes one out), new periods by figure."""

    fields: Mapping[str, str]
    periods: Mapping[str, NewPeriod] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """What a change would make of the knowledge; ``loaded`` is None while there are mistakes."""

    content: str
    findings: tuple[Finding, ...]
    loaded: Loaded | None


def paths() -> list[str]:
    """List the paths of all texts that an entry may have."""
    return [f"{text}.{language}" for text in TEXTS for language in LANGUAGES]


def file_of(knowledge: Path, folder: str, id: str) -> Path:
    """Give the file of a folder's entry.

    Raises:
        MissingError: when there is none.
    """
    path = knowledge / folder / f"{id.partition('.')[0]}.yml"
    if path.resolve().parent.parent != knowledge.resolve() or not path.is_file():
        raise MissingError(f"There is no entry {id} in {folder}.")
    return path


def look(knowledge: Path, folder: str, id: str) -> EditableEntry:
    """Read an entry to be edited.

    Raises:
        MissingError: when there is none of that id in the folder.
        InputError: when the file cannot be read.
    """
    path = file_of(knowledge, folder, id)
    hashed = content_hash(path)
    document = yaml_lines.load(path, knowledge.parent)
    if document.unreadable:
        raise InputError("The file cannot be read; mend it first.", document.findings)
    entry = document.data.get(id) if isinstance(document.data, dict) else None
    if not isinstance(entry, dict):
        raise MissingError(f"There is no entry {id} in {folder}.")
    found = {name: _at(entry, name) for name in (*paths(), *PLAIN)}
    return EditableEntry(folder, id, path, hashed, found, _figures(entry))


def _at(entry: Mapping[str, Any], path: str) -> str:
    value: Any = entry
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return "" if value is None else str(value).rstrip("\n")


def _figures(entry: Mapping[str, Any]) -> dict[str, tuple[Period, ...]]:
    facts = entry.get("facts")
    return {
        str(name): tuple(
            Period(*(str(period.get(key) or "") for key in Period.__dataclass_fields__))
            for period in periods
            if isinstance(period, Mapping)
        )
        for name, periods in (facts.items() if isinstance(facts, Mapping) else ())
        if isinstance(periods, list)
    }


def attempt(knowledge: Path, folder: str, id: str, change: Change) -> Trial:
    """Tell what a change would make of the knowledge, without writing it.

    Raises:
        MissingError: when there is no such entry.
    """
    path = file_of(knowledge, folder, id)
    content = _with(path, id, change)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / knowledge.name
        shutil.copytree(knowledge, copy)
        write_whole(copy / folder / path.name, content)
        try:
            return Trial(content, (), load_all(copy))
        except InputError as error:
            return Trial(content, error.findings, None)


def save(
    knowledge: Path, var: Path, folder: str, id: str, change: Change, seen_hash: str
) -> EditableEntry:
    """Write a change into the entry's file; give the entry as it stands now.

    Args:
        knowledge: the knowledge folder.
        var: where the lock lies.
        folder: ``national`` or a town.
        id: the entry.
        change: what the person wrote.
        seen_hash: of the file as the person saw it.

    Raises:
        Conflict: when the file is another one than the person saw.
        InputError: when the check refuses it; carries what is wrong in this file.
    """
    path = file_of(knowledge, folder, id)
    with locked(var, _LOCK):
        if content_hash(path) != seen_hash:
            raise Conflict(f"{folder}/{path.name} was changed meanwhile.")
        trial = attempt(knowledge, folder, id, change)
        own = [found for found in trial.findings if found.path.endswith(f"{folder}/{path.name}")]
        if own:
            raise InputError("The entry has mistakes.", own)
        write_whole(path, trial.content)
    return look(knowledge, folder, id)


def _with(path: Path, id: str, change: Change) -> str:
    """Give the file's text with the change in it."""
    yaml = _yaml()
    document = yaml.load(path.read_text(encoding="utf-8"))
    entry = document[id]
    for name, text in change.fields.items():
        if text.strip() != _at(entry, name).strip():
            _put(entry, name.split("."), _scalar(name, text))
    for name, period in change.periods.items():
        _add_period(entry["facts"][name], period)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 1_000_000
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=2, offset=0)
    yaml.representer.add_representer(
        type(None),
        lambda representer, _value: representer.represent_scalar("tag:yaml.org,2002:null", "null"),
    )
    return yaml


def _scalar(name: str, text: str) -> Any:
    """Give a text as it is written in these files: dates plain, lists as blocks, long ones folded.

    None for an empty one, which is taken out.
    """
    lines = [line.rstrip() for line in text.strip().splitlines()]
    if not any(lines):
        return None
    if name in DATES:
        with suppress(ValueError):
            return date.fromisoformat(lines[0])
    if len(lines) > 1:
        return LiteralScalarString("\n".join(lines) + "\n")
    if len(lines[0]) <= _LONG:
        return lines[0]
    folded = FoldedScalarString(lines[0])
    folded.fold_pos = [end.start() for end in _SENTENCE_END.finditer(lines[0])]
    return folded


def _put(entry: MutableMapping[str, Any], keys: list[str], value: Any) -> None:
    """Set or take out a value; a map that is empty then goes as well."""
    *above, last = keys
    maps = [entry]
    for key in above:
        if key not in maps[-1]:
            if value is None:
                return
            maps[-1][key] = {}
        maps.append(maps[-1][key])
    if value is not None and isinstance(maps[-1], CommentedMap) and not above and last not in entry:
        # The empty line below an entry belongs to its last key, which therefore stays the last.
        maps[-1].insert(max(0, len(maps[-1]) - 1), last, value)
        return
    if value is not None:
        maps[-1][last] = value
        return
    maps[-1].pop(last, None)
    for number in range(len(above), 0, -1):
        if not maps[number]:
            maps[number - 1].pop(above[number - 1], None)


def _add_period(periods: Any, new: NewPeriod) -> None:
    last = periods[-1]
    last["valid_until"] = new.valid_from - timedelta(days=1)
    added = {key: last[key] for key in last}
    number: Any = new.value
    for kind in (int, float):
        with suppress(ValueError):
            number = kind(new.value)
            break
    added.update(value=number, valid_from=new.valid_from, valid_until=None)
    periods.append(added)

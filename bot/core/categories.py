"""What ideas and problems are about: ``knowledge/categories.yml``, and guessing it from words.

A guess only orders the buttons that a resident sees; staff may change the category later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core import yaml_lines
from bot.core.errors import Finding, InputError
from bot.core.languages import REQUIRED, pick
from bot.core.normalise import normalise
from bot.core.submissions.model import Kind
from bot.core.yaml_shapes import Reader, suggestion

FILE = "categories.yml"
#: What is left when nothing else fits; every town has it.
OTHER = "other"
TITLE_LENGTH = 20
#: Of short beginnings the whole word must be given: "ხე" is no "ხელი".
WHOLE_WORD = 3
_KINDS = (Kind.IDEA.value, Kind.PROBLEM.value)


@dataclass(frozen=True)
class Category:
    """One category: its title per language, and beginnings of the words that speak of it."""

    id: str
    kinds: tuple[str, ...]
    title: Mapping[str, str]
    words: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Give its title in ``language`` or the next best one."""
        return pick(self.title, language) or self.id


#: All categories by id, in the order of the file.
Categories = Mapping[str, Category]


def guess(categories: Categories, kind: Kind, text: str, most: int = 3) -> list[Category]:
    """Give the likeliest categories of a text, the likeliest first.

    When the words speak of fewer, the file's first ones fill up; ``other`` is never among them.
    """
    words = normalise(text).split()
    of_kind = [c for c in categories.values() if kind.value in c.kinds and c.id != OTHER]
    scores = {category.id: _score(category, words) for category in of_kind}
    return sorted(of_kind, key=lambda category: -scores[category.id])[:most]


def _score(category: Category, words: list[str]) -> int:
    return sum(
        max((len(beginning) for beginning in category.words if _begins(word, beginning)), default=0)
        for word in words
    )


def _begins(word: str, beginning: str) -> bool:
    if len(beginning) < WHOLE_WORD:
        return word == beginning
    return word.startswith(beginning)


def load_categories(root: Path) -> dict[str, Category]:
    """Read the categories of the knowledge folder ``root``.

    Raises:
        InputError: when something is wrong, with all findings.
    """
    categories, findings = read_categories(root)
    if findings:
        raise InputError("The categories have mistakes.", findings)
    return categories


def read_categories(root: Path) -> tuple[dict[str, Category], list[Finding]]:
    """Read the categories, with everything that is wrong; none when there is no such file."""
    path = root / FILE
    if not path.exists():
        return {}, []
    reader = Reader(yaml_lines.load(path, root.parent))
    categories: dict[str, Category] = {}
    if not reader.document.unreadable:
        for id, value in reader.mapping(reader.document.data, ()).items():
            categories[id] = _read(reader, id, value)
        if OTHER not in categories:
            reader.report(f"the category {OTHER} is missing; residents need a way out")
    return categories, reader.findings


def _read(reader: Reader, id: str, value: Any) -> Category:
    data = reader.mapping(value, (id,), ("kinds", "title", "words"))
    kinds = []
    for index, item in enumerate(reader.items(data.get("kinds"), (id, "kinds"))):
        kind = reader.text(item, (id, "kinds", index))
        if kind and kind not in _KINDS:
            hint = suggestion(kind, _KINDS)
            reader.report(f"unknown kind {kind}{hint}", id, "kinds", index)
        kinds.append(kind)
    title = reader.texts(data.get("title"), (id, "title"))
    for language in REQUIRED:
        if language not in title:
            reader.report(f"the title lacks {language}", id, "title")
    for language, name in title.items():
        if len(name) > TITLE_LENGTH:
            message = f"“{name}” has {len(name)} characters; at most {TITLE_LENGTH} fit"
            reader.report(f"{message} on a button", id, "title", language)
    words = tuple(
        normalise(reader.text(item, (id, "words", index)))
        for index, item in enumerate(reader.items(data.get("words"), (id, "words")))
    )
    return Category(id, tuple(kinds), title, words)

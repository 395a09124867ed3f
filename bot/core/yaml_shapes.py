"""Reading plain YAML values into the shapes the knowledge has, with a finding for each misfit.

Every method takes the value and the key path it stands at, gives the value when it has the
right shape and else an empty one, and notes what is wrong: reading never stops at a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from bot.core.errors import Finding
from bot.core.languages import LANGUAGES
from bot.core.yaml_lines import Document, Key

_PARTIAL_DATE = re.compile(r"[0-9]{4}(-[0-9]{2})?\Z")

Path = tuple[Key, ...]


class Reader:
    """Reads the values of one document and collects the findings."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = list(document.findings)

    def report(self, message: str, *path: Key) -> None:
        """Note that something is wrong at the key path."""
        self.findings.append(self.document.finding(message, *path))

    def mapping(
        self, value: Any, path: Path, allowed: Collection[str] | None = None
    ) -> dict[str, Any]:
        """Read a map; keys that are not ``allowed`` are reported and left out."""
        if value is None:
            what = "the line" if path else "it"
            self.report(f"{_name(path)} is empty; write it or delete {what}", *path)
            return {}
        if not isinstance(value, dict):
            self.report(f"{_name(path)} must be a map (indented lines `key: value`)", *path)
            return {}
        if allowed is None:
            return value
        for key in value:
            if key not in allowed:
                self.report(f"unknown key {key}{suggestion(key, allowed)}", *path, key)
        return {key: item for key, item in value.items() if key in allowed}

    def items(self, value: Any, path: Path) -> Sequence[Any]:
        """Read a list."""
        if isinstance(value, list):
            return value
        self.report(f"{_name(path)} must be a list (lines that start with `- `)", *path)
        return []

    def text(self, value: Any, path: Path) -> str:
        """Read a text; a bare number counts as the text it was typed as."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str):
            if value.strip():
                return value.strip()
            self.report(f"{_name(path)} is an empty text; write it or delete the line", *path)
        elif value is None:
            self.report(f"{_name(path)} is empty; write it or delete the line", *path)
        else:
            self.report(f"{_name(path)} must be a text; put it in quotes", *path)
        return ""

    def texts(self, value: Any, path: Path) -> dict[str, str]:
        """Read a text per language; languages with nothing in them are left out."""
        texts = {
            language: self.text(text, (*path, language))
            for language, text in self.mapping(value, path, LANGUAGES).items()
        }
        return {language: text for language, text in texts.items() if text}

    def day(self, value: Any, path: Path) -> date | None:
        """Read a date written as 2026-11-21."""
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self.report(f"{_name(path)} must be a date like 2026-11-21", *path)
        return None

    def source_date(self, value: Any, path: Path) -> str:
        """Read the date of a source: a day, or a month (2015-02) or year when no more is known."""
        if isinstance(value, date):
            return value.isoformat()
        text = str(value)
        if _PARTIAL_DATE.match(text):
            return text
        day = self.day(value, path)
        return day.isoformat() if day else ""


def suggestion(word: str, known: Collection[str]) -> str:
    """Give the end of a sentence about an unknown word: what was meant, or what there is."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known are {', '.join(sorted(known))}" if len(known) <= 12 else ""


def _name(path: Path) -> str:
    return ".".join(str(key) for key in path[-2:]) or "the file"

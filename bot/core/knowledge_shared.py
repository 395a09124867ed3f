"""Figures live once: what several entries use stands in ``figures.yml`` of their folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.core import placeholders
from bot.core.errors import Finding
from bot.core.knowledge import Entry, FactPeriod
from bot.core.knowledge_files import FIGURES_FILE, NATIONAL, FiguresFile, Files


def check_shared(files: Files, shared: FiguresFile) -> Iterator[Finding]:
    """Every shared figure is used, and no entry of its folder has one of the same name."""
    used: set[str] = set()
    # What a file uses that cannot be read nobody knows.
    certain = True
    for file in files.topics:
        if shared.folder in (NATIONAL, file.folder):
            certain = certain and not file.document.unreadable
            used.update(_names(file.entries.values()))
        for id, entry in file.entries.items() if file.folder == shared.folder else ():
            for name in entry.facts:
                if name in shared.content.facts:
                    message = f"{name} stands in {shared.document.path} too; keep it there alone"
                    yield file.document.finding(message, id, "facts", name)
    for name in shared.content.facts:
        if certain and name not in used:
            message = f"no text uses {{{name}}}; use it or delete it"
            yield shared.document.finding(message, "facts", name)


def _names(entries: Iterable[Entry]) -> set[str]:
    return {
        name for entry in entries for text in entry.texts() for name in placeholders.names(text)
    }


def repeated(files: Files) -> Iterator[Finding]:
    """Name each figure that another entry of the folder has too: one may be forgotten one day."""
    seen: dict[tuple[str, str, tuple[FactPeriod, ...]], str] = {}
    for file in files.topics:
        for id, entry in file.entries.items():
            for name, periods in entry.facts.items():
                first = seen.setdefault((file.folder, name, periods), id)
                if first != id:
                    message = (
                        f"{name} is the same figure as in {first}; "
                        f"keep it once, in {file.folder}/{FIGURES_FILE}"
                    )
                    yield file.document.finding(message, id, "facts", name)

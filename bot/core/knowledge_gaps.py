"""What is still missing: facts that nobody could source, texts not yet translated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.errors import Finding
from bot.core.knowledge import Entry
from bot.core.knowledge_files import Files
from bot.core.languages import DEFAULT, LANGUAGES, REQUIRED
from bot.core.yaml_lines import Document, Key

#: What residents read in every language; the rest is there in Georgian and English.
TRANSLATED = ("title", "answer", "price", "documents", "place", "deadline", "contact", "penalty")
#: The languages that writers add after Georgian and English.
ADDED = tuple(language for language in LANGUAGES if language not in REQUIRED)


@dataclass(frozen=True)
class Gap:
    """Something missing: ``language`` is the one to translate into, None for a missing fact."""

    folder: str
    topic: str
    service: str
    language: str | None
    finding: Finding


def missing_facts(files: Files) -> Iterator[Gap]:
    """List what staff should find out, from the lists ``gaps`` of entries and towns."""
    for folder, document in files.town_documents.items():
        for index, what in enumerate(files.municipalities[folder].gaps):
            yield Gap(folder, "", "", None, document.finding(what, "gaps", index))
    for file in files.topics:
        for id, entry in file.entries.items():
            for index, what in enumerate(entry.gaps):
                finding = file.document.finding(f"{id}: {what}", id, "gaps", index)
                yield Gap(file.folder, file.topic, id, None, finding)


def missing_translations(files: Files, languages: tuple[str, ...] = ADDED) -> Iterator[Gap]:
    """List the texts that stand in Georgian but not in one of the ``languages``."""
    for file in files.topics:
        for id, entry in file.entries.items():
            for path, texts in translated_texts(entry):
                for language in languages:
                    if DEFAULT in texts and language not in texts:
                        finding = _untranslated(file.document, id, path, language)
                        yield Gap(file.folder, file.topic, id, language, finding)


def translated_texts(entry: Entry) -> Iterator[tuple[tuple[Key, ...], Mapping[str, str]]]:
    """List the texts of an entry that residents of every language read, with their key path."""
    for name in TRANSLATED:
        if name in ("title", "answer"):
            # A town leaves out what the country's entry says already.
            if texts := getattr(entry, name):
                yield (name,), texts
        elif name in entry.attributes:
            yield ("attributes", name), entry.attributes[name]


def _untranslated(document: Document, id: str, path: tuple[Key, ...], language: str) -> Finding:
    return document.finding(f"{id}: {path[-1]} is not there in {language}", id, *path)

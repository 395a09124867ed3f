"""Checking the knowledge: all entries against all rules, all towns, and what is out of date.

``findings`` keep the knowledge from being used; ``warnings`` (an outdated figure, an entry past
its review) are for staff, and residents are told in the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from bot.core import clock
from bot.core.catalogue import Catalogue, load_catalogue
from bot.core.errors import Finding, InputError
from bot.core.knowledge import Entry, FactPeriod, Knowledge, Municipality, SourceRef, merge
from bot.core.knowledge_files import NATIONAL, Files, TopicFile, read_files
from bot.core.knowledge_pack import BLANK
from bot.core.knowledge_rules import FIGURE_RULES, RULES, Place, not_https
from bot.core.knowledge_shared import check_shared, repeated
from bot.core.languages import REQUIRED
from bot.core.yaml_lines import Document, Key
from bot.core.yaml_shapes import suggestion


def load_knowledge(root: Path, catalogue: Catalogue | None = None) -> Knowledge:
    """Read and check the entries of the knowledge folder ``root``.

    Raises:
        InputError: when something is wrong, with all findings.
    """
    catalogue = catalogue or load_catalogue(root)
    files = read_files(root, catalogue)
    knowledge = _merge(files, catalogue)
    findings = check_files(files, knowledge, catalogue)
    if findings:
        raise InputError("The knowledge has mistakes.", findings)
    return knowledge


def check_knowledge(
    root: Path, catalogue: Catalogue | None = None, day: date | None = None
) -> tuple[list[Finding], list[Finding]]:
    """Check the entries of ``root``.

    Args:
        root: the knowledge folder.
        catalogue: the catalogue, when it is loaded already.
        day: the day on which figures must hold; today when not given.

    Returns:
        Findings and warnings, in the order of the files.

    Raises:
        InputError: when the catalogue itself cannot be read.
    """
    catalogue = catalogue or load_catalogue(root)
    files = read_files(root, catalogue)
    findings = check_files(files, _merge(files, catalogue), catalogue)
    return findings, list(_warnings(files, day or clock.today()))


def check_files(files: Files, knowledge: Knowledge, catalogue: Catalogue) -> list[Finding]:
    """Apply every rule to what was read; the findings of the reading come with them."""
    findings = list(files.findings)
    contacts = _contacts(files)
    own = {folder: files.entries(folder) for folder in files.municipalities}
    for file in _judgeable(files):
        findings.extend(_check_complete(file, catalogue))
        national = file.folder == NATIONAL
        for id, entry in file.entries.items():
            merged = knowledge.entry(id, None if national else file.folder) or entry
            overlays = tuple(entries[id] for entries in own.values() if id in entries)
            place = Place(file, entry, merged, national, overlays, catalogue, contacts)
            for rule in RULES:
                findings.extend(rule(place))
    for shared in files.figures.values():
        place = Place(shared, shared.content, shared.content, False, (), catalogue, contacts)
        for rule in FIGURE_RULES:
            findings.extend(rule(place))
        findings.extend(check_shared(files, shared))
    for folder, document in files.town_documents.items():
        findings.extend(_check_town(files, folder, document))
    return sorted(set(findings), key=lambda finding: (finding.path, finding.line))


def _judgeable(files: Files) -> list[TopicFile]:
    """Leave out what hangs together with a file that cannot be read, and what is no town's."""
    unreadable = {file.topic for file in files.topics if file.document.unreadable}
    folders = {NATIONAL, *files.municipalities}
    return [
        file for file in files.topics if file.topic not in unreadable and file.folder in folders
    ]


def _contacts(files: Files) -> frozenset[str] | None:
    """Give the names of all towns' contacts; None when a town's file cannot be read."""
    if any(document.unreadable for document in files.town_documents.values()):
        return None
    return frozenset(name for town in files.municipalities.values() for name in town.contacts)


def _merge(files: Files, catalogue: Catalogue) -> Knowledge:
    order = {id: index for index, id in enumerate(catalogue.services)}
    towns = {folder: files.entries(folder) for folder in files.municipalities}
    figures = {
        None if folder == NATIONAL else folder: file.figures()
        for folder, file in files.figures.items()
    }
    return merge(order, files.entries(NATIONAL), towns, files.municipalities, figures)


def _check_complete(file: TopicFile, catalogue: Catalogue) -> Iterator[Finding]:
    """A topic's national file has an entry for every service of the topic."""
    if file.folder == NATIONAL:
        for id in catalogue.topics[file.topic].service_ids:
            if id not in file.entries:
                message = f"{id} has no entry; every service of the topic needs one"
                yield file.document.finding(message)


def _check_town(files: Files, folder: str, document: Document) -> Iterator[Finding]:
    """A town's file names the town, its city hall and where its contacts are written."""
    town = files.municipalities[folder]
    if document.unreadable:
        return
    if town.id and town.id != folder:
        message = f"id is {town.id}, but the folder is {folder}; make them the same"
        yield document.finding(message, "id")
    for name in ("name", "city_hall"):
        for language in REQUIRED:
            if language not in getattr(town, name):
                yield document.finding(f"{name}.{language} is missing; add it", name)
    for name in ("contacts", "sources", "verified_on", "review_by"):
        if not getattr(town, name):
            yield document.finding(f"{name} is missing; add it", name)
    if town.verified_on and town.review_by and town.review_by < town.verified_on:
        yield document.finding("review_by is before verified_on; exchange them", "review_by")
    for name, contact in town.contacts.items():
        if contact.source and contact.source not in town.sources:
            message = f"unknown source {contact.source}{suggestion(contact.source, town.sources)}"
            yield document.finding(message, "contacts", name, "source")
        for language in REQUIRED if not isinstance(contact.value, str) else ():
            if language not in contact.value:
                yield document.finding(f"{name}.{language} is missing; add it", "contacts", name)
    yield from _check_town_sources(document, town.sources)
    for path, text in _town_texts(town):
        if BLANK in text:
            yield document.finding("still to be filled in; write it or delete the line", *path)


def _town_texts(town: Municipality) -> Iterator[tuple[tuple[Key, ...], str]]:
    for name in ("name", "city_hall"):
        for language, text in getattr(town, name).items():
            yield (name, language), text
    for name, contact in town.contacts.items():
        if isinstance(contact.value, str):
            yield ("contacts", name, "value"), contact.value
        else:
            for language, text in contact.value.items():
                yield ("contacts", name, language), text
    for name, source in town.sources.items():
        yield ("sources", name, "url"), source.url
        for language, text in source.title.items():
            yield ("sources", name, "title", language), text
    for index, text in enumerate(town.gaps):
        yield ("gaps", index), text


def _check_town_sources(document: Document, sources: Mapping[str, SourceRef]) -> Iterator[Finding]:
    for name, source in sources.items():
        if source.url and not source.url.startswith("https://"):
            yield document.finding(not_https(source.url), "sources", name, "url")
        for language in REQUIRED:
            if language not in source.title:
                yield document.finding(f"title.{language} is missing; add it", "sources", name)


def _warnings(files: Files, day: date) -> Iterator[Finding]:
    """List what staff should look at: outdated figures, reviews that are due."""
    yield from repeated(files)
    for shared in files.figures.values():
        yield from _outdated(shared.document, shared.content, day)
    for file in files.topics:
        for id, entry in file.entries.items():
            yield from _outdated(file.document, entry, day)
            if entry.review_by and entry.review_by < day:
                message = f"the review was due on {entry.review_by}; compare with the sources again"
                yield file.document.finding(message, id, "review_by")
    for folder, document in files.town_documents.items():
        review_by = files.municipalities[folder].review_by
        if review_by and review_by < day:
            message = f"the review was due on {review_by}; compare with the sources again"
            yield document.finding(message, "review_by")


def _outdated(document: Document, entry: Entry, day: date) -> Iterator[Finding]:
    path: tuple[Key, ...] = (entry.id, "facts") if entry.id else ("facts",)
    for name, periods in entry.facts.items():
        if periods and not any(period.holds(day) for period in periods):
            message = f"{name} holds on no day around {day}: {_last(periods)}"
            yield document.finding(message, *path, name)


def _last(periods: tuple[FactPeriod, ...]) -> str:
    last = max(periods, key=lambda period: period.valid_from)
    end = f" to {last.valid_until}" if last.valid_until else ""
    return f"the last figure is {last.value} from {last.valid_from}{end}; find the new one"

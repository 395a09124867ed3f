"""Reading the knowledge folder: ``national/`` and one folder per town, a YAML file per topic.

Reading is tolerant: what has the right shape is kept, what has not becomes a finding, so that
one run names every mistake. The rules about meaning are in :mod:`bot.core.knowledge_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.core import yaml_lines
from bot.core.catalogue import Catalogue
from bot.core.errors import Finding, relative
from bot.core.knowledge import SHARED, Entry, Figures, Municipality
from bot.core.knowledge_shapes import read_entry, read_figures, read_town
from bot.core.yaml_lines import Document
from bot.core.yaml_shapes import Reader, suggestion

NATIONAL = "national"
TOWN_FILE = "municipality.yml"
FIGURES_FILE = "figures.yml"
#: A town's programmes, read by :mod:`bot.core.programmes_files`.
PROGRAMMES_FILE = "programmes.yml"
#: A folder's emergency notices, read by :mod:`bot.core.emergency_files`.
NOTICES_FILE = "notices.yml"
#: Folders of the knowledge that hold no entries.
OTHER_FOLDERS = frozenset({"facts", "texts"})


@dataclass(frozen=True)
class TopicFile:
    """The entries of one topic in one folder, as the file has them."""

    folder: str
    topic: str
    document: Document
    entries: Mapping[str, Entry]


@dataclass(frozen=True)
class FiguresFile:
    """The figures that the entries of a folder share, as the file has them."""

    folder: str
    document: Document
    content: Entry

    def figures(self) -> Figures:
        """Give them with the names under which entries know their sources."""
        facts = {
            name: tuple(replace(period, source=f"{SHARED}{period.source}") for period in periods)
            for name, periods in self.content.facts.items()
        }
        sources = {f"{SHARED}{name}": item for name, item in self.content.sources.items()}
        return Figures(facts, sources)


@dataclass(frozen=True)
class Files:
    """Everything read from the knowledge folder, with what is wrong in its shape."""

    topics: tuple[TopicFile, ...]
    municipalities: Mapping[str, Municipality]
    town_documents: Mapping[str, Document]
    figures: Mapping[str, FiguresFile]
    findings: tuple[Finding, ...] = field(repr=False)

    def entries(self, folder: str) -> dict[str, Entry]:
        """Give the entries of a folder by id."""
        return {
            id: entry
            for file in self.topics
            if file.folder == folder
            for id, entry in file.entries.items()
        }


def read_files(root: Path, catalogue: Catalogue) -> Files:
    """Read the knowledge folder ``root`` (the one that holds ``catalogue.yml``)."""
    findings: list[Finding] = []
    topics: list[TopicFile] = []
    municipalities: dict[str, Municipality] = {}
    town_documents: dict[str, Document] = {}
    figures: dict[str, FiguresFile] = {}
    for folder in entry_folders(root):
        if folder.name != NATIONAL:
            town = _read_town(folder, root, findings)
            if town is not None:
                town_documents[folder.name], municipalities[folder.name] = town
        for path in _yaml_files(folder, root, findings):
            if path.name == NOTICES_FILE:
                continue
            if path.name == FIGURES_FILE:
                figures[folder.name] = _read_figures(path, root, findings)
            elif path.name not in (TOWN_FILE, PROGRAMMES_FILE) or folder.name == NATIONAL:
                file = _read_topic(path, root, catalogue, findings)
                if file is not None:
                    topics.append(file)
    return Files(tuple(topics), municipalities, town_documents, figures, tuple(findings))


def entry_folders(root: Path) -> list[Path]:
    """List the folders that may hold entries: the national one and one per town."""
    return sorted(
        path
        for path in root.iterdir()
        if path.is_dir() and path.name not in OTHER_FOLDERS and not path.name.startswith((".", "_"))
    )


def _yaml_files(folder: Path, root: Path, findings: list[Finding]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")) or path.is_dir():
            continue
        if path.suffix == ".yml":
            yield path
        elif path.suffix == ".yaml":
            name = relative(path, root.parent)
            findings.append(Finding(name, 1, f"rename the file to {path.stem}.yml, or it is lost"))


def _read_topic(
    path: Path, root: Path, catalogue: Catalogue, findings: list[Finding]
) -> TopicFile | None:
    """Read a topic's file; None when its name is no topic of the catalogue."""
    reader = Reader(yaml_lines.load(path, root.parent))
    topic = catalogue.topics.get(path.stem)
    if topic is None:
        reader.report(f"{path.stem} is no topic{suggestion(path.stem, tuple(catalogue.topics))}")
        findings.extend(reader.findings)
        return None
    data = {} if reader.document.unreadable else reader.document.data
    entries = {
        id: read_entry(reader, id, value)
        for id, value in reader.mapping(data, (), topic.service_ids).items()
    }
    findings.extend(reader.findings)
    return TopicFile(path.parent.name, path.stem, reader.document, entries)


def _read_figures(path: Path, root: Path, findings: list[Finding]) -> FiguresFile:
    reader = Reader(yaml_lines.load(path, root.parent))
    unreadable = reader.document.unreadable
    content = Entry("") if unreadable else read_figures(reader, reader.document.data)
    findings.extend(reader.findings)
    return FiguresFile(path.parent.name, reader.document, content)


def _read_town(
    folder: Path, root: Path, findings: list[Finding]
) -> tuple[Document, Municipality] | None:
    path = folder / TOWN_FILE
    if not path.exists():
        name = relative(path, root.parent)
        findings.append(
            Finding(name, 1, f"the folder {folder.name} has no {TOWN_FILE}; copy another town's")
        )
        return None
    reader = Reader(yaml_lines.load(path, root.parent))
    data = {"id": folder.name} if reader.document.unreadable else reader.document.data
    municipality = read_town(reader, data)
    findings.extend(reader.findings)
    return reader.document, municipality

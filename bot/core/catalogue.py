"""The service catalogue: every thing a resident can ask for, one id each.

The ids of ``knowledge/catalogue.yml`` are the bot's public vocabulary: services are
``topic.service`` and what asks for no service is ``dialogue.act``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.core import yaml_lines
from bot.core.errors import InputError
from bot.core.languages import pick
from bot.core.yaml_shapes import Reader

FILE = "catalogue.yml"
DIALOGUE = "dialogue"


@dataclass(frozen=True)
class Topic:
    """A group of services: its id, its name per language, its services' names in order."""

    id: str
    names: Mapping[str, str]
    services: tuple[str, ...]

    def name(self, language: str) -> str:
        """Give the topic's name in ``language`` or the next best one."""
        return pick(self.names, language) or self.id

    @property
    def service_ids(self) -> tuple[str, ...]:
        """The full ids of the topic's services, in order."""
        return tuple(f"{self.id}.{service}" for service in self.services)


@dataclass(frozen=True)
class Catalogue:
    """All topics with their services, and the dialogue acts."""

    topics: Mapping[str, Topic]
    acts: tuple[str, ...]
    _what: Mapping[str, str] = field(repr=False)
    services: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        services = tuple(id for topic in self.topics.values() for id in topic.service_ids)
        object.__setattr__(self, "services", services)

    def __contains__(self, id: object) -> bool:
        return id in self._what

    def topic_of(self, id: str) -> Topic | None:
        """Give the topic of a service; None for a dialogue act.

        Raises:
            KeyError: when the catalogue has no such id.
        """
        if id not in self._what:
            raise KeyError(id)
        return self.topics.get(id.partition(".")[0])

    def what(self, id: str) -> str:
        """Give the line that tells a service or an act from its neighbours (for staff, English).

        Raises:
            KeyError: when the catalogue has no such id.
        """
        return self._what[id]


def load_catalogue(root: Path) -> Catalogue:
    """Read ``catalogue.yml`` of the knowledge folder ``root``.

    Raises:
        InputError: when the file is missing or wrong, with all findings.
    """
    reader = Reader(yaml_lines.load(root / FILE, root.parent))
    catalogue = _read(reader)
    if reader.findings:
        raise InputError("The catalogue has mistakes.", reader.findings)
    return catalogue


def _read(reader: Reader) -> Catalogue:
    if reader.document.unreadable:
        return Catalogue({}, (), {})
    data = reader.mapping(reader.document.data, (), ("version", "topics", DIALOGUE))
    what: dict[str, str] = {}
    topics = {
        id: _topic(reader, id, value, what)
        for id, value in reader.mapping(data.get("topics"), ("topics",)).items()
    }
    acts = _whats(reader, data.get(DIALOGUE), (DIALOGUE,))
    what.update({f"{DIALOGUE}.{act}": line for act, line in acts.items()})
    return Catalogue(topics, tuple(f"{DIALOGUE}.{act}" for act in acts), what)


def _topic(reader: Reader, id: str, value: object, what: dict[str, str]) -> Topic:
    path = ("topics", id)
    data = reader.mapping(value, path, ("name", "services"))
    services = _whats(reader, data.get("services"), (*path, "services"))
    what.update({f"{id}.{service}": line for service, line in services.items()})
    return Topic(id, reader.texts(data.get("name"), (*path, "name")), tuple(services))


def _whats(reader: Reader, value: object, path: tuple[str, ...]) -> dict[str, str]:
    result = {}
    for name, item in reader.mapping(value, path).items():
        fields = reader.mapping(item, (*path, name))
        what = reader.text(fields.get("what"), (*path, name, "what"))
        # `{what: one, two}` is a map of `what` and an empty key `two`: the comma was meant.
        result[name] = ", ".join((what, *(key for key in fields if key != "what")))
    return result

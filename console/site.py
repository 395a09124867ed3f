"""What all pages of the console share: settings, database, texts, templates."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
import yaml

from bot.core.clock import GEORGIA
from bot.core.knowledge import Entry
from bot.core.knowledge_folder import Loaded
from bot.core.knowledge_watch import KnowledgeKeeper
from bot.core.languages import pick
from bot.settings import Settings
from bot.store.database import Database
from bot.store.notices import Sender
from bot.store.staff import Member
from console import commits
from console.credentials import Keyring
from console.trial import Trials

HERE = Path(__file__).parent
#: The console's languages: Georgian first.
LANGUAGES = ("ka", "en")


class Words(dict[str, Any]):
    """Texts by key, ``words.submissions.title`` in a template; an unknown key is an error."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the console's texts lack {name}") from None


@cache
def load_texts() -> dict[str, Words]:
    """Read the console's texts of each language."""
    return {
        language: _words(
            yaml.safe_load((HERE / "texts" / f"{language}.yml").read_text(encoding="utf-8"))
        )
        for language in LANGUAGES
    }


def _words(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Words({str(key): _words(item) for key, item in value.items()})
    return value


@dataclass
class Site:
    """The console as one deployment runs it."""

    settings: Settings
    database: Database
    now: Callable[[], float] = time.time
    texts: Mapping[str, Words] = field(default_factory=load_texts)
    keeper: KnowledgeKeeper | None = None

    def __post_init__(self) -> None:
        self.keyring = Keyring(self.settings.secret_key)
        self.templates = _templates()
        address = urlsplit(self.settings.console_url)
        self.origin = f"{address.scheme}://{address.netloc}"
        self.secure = address.scheme == "https"
        self.trials = Trials()
        self.sender = Sender(
            self.database, lambda: self.knowledge().texts, self.settings.municipality
        )

    def knowledge(self) -> Loaded:
        """Give the knowledge as it is now; read at the first call.

        Raises:
            InputError: when it does not pass its check at that first reading.
        """
        if self.keeper is None:
            self.keeper = KnowledgeKeeper(self.settings.knowledge)
        return self.keeper.current()

    def commit(self, files: Sequence[str], message: str, member: Member) -> None:
        """Keep a change of files in git, where the deployment wants that."""
        if self.settings.console_commits:
            commits.commit(self.settings.root, files, message, member)

    def categories(self, language: str) -> list[tuple[str, str]]:
        """List the categories of submissions with their names."""
        return [(id, found.name(language)) for id, found in self.knowledge().categories.items()]

    def towns(self) -> list[str]:
        """List the towns of the knowledge."""
        return sorted(self.knowledge().knowledge.municipalities)

    def town_names(self, language: str) -> dict[str, str]:
        """Give the name of each town, by id."""
        found = self.knowledge().knowledge.municipalities
        return {id: pick(found[id].name, language) or id for id in self.towns()}

    def labels(self, language: str) -> dict[str, str]:
        """Give the title of each id that can be taught, by id, in the catalogue's order."""
        loaded = self.knowledge()
        entries = loaded.knowledge.entries(self.settings.municipality)
        titles = {id: _title(entries.get(id), language) or id for id in loaded.catalogue.services}
        acts = self.texts[language].acts
        return {**titles, **{id: acts[id.partition(".")[2]] for id in loaded.catalogue.acts}}

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; over TLS one that no neighbouring host can set."""
        return "__Host-cbot_staff" if self.secure else "cbot_staff"


def _title(entry: Entry | None, language: str) -> str | None:
    return pick(entry.long_title or entry.title, language) if entry is not None else None


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(when=when, day=day)
    return environment


def when(seconds: float | None) -> str:
    """Give a moment as people in Georgia write it."""
    return _georgian(seconds, "%d.%m.%Y %H:%M")


def day(seconds: float | None) -> str:
    """Give a day as people in Georgia write it."""
    return _georgian(seconds, "%d.%m.%Y")


def _georgian(seconds: float | None, form: str) -> str:
    return datetime.fromtimestamp(seconds, GEORGIA).strftime(form) if seconds is not None else "–"

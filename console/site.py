"""What all pages of the console share: settings, database, texts, templates."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
import yaml

from bot.core.clock import GEORGIA
from bot.settings import Settings
from bot.store.database import Database
from console.credentials import Keyring

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

    def __post_init__(self) -> None:
        self.keyring = Keyring(self.settings.secret_key)
        self.templates = _templates()
        address = urlsplit(self.settings.console_url)
        self.origin = f"{address.scheme}://{address.netloc}"
        self.secure = address.scheme == "https"

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; over TLS one that no neighbouring host can set."""
        return "__Host-cbot_staff" if self.secure else "cbot_staff"


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

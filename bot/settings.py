"""The settings of a deployment: the one place that reads the environment.

Each setting is an environment variable ``CBOT_…``; ``CBOT_…_FILE`` may name a file that holds
the value instead (container secrets). Everything has a default that works without any set.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.errors import InputError

ROOT = Path(__file__).resolve().parent.parent


class Secret(str):
    """A text that never shows in a traceback or a log."""

    def __repr__(self) -> str:
        return "Secret('…')"


@dataclass(frozen=True)
class Settings:
    """All settings, read once at start and never changed."""

    root: Path
    database_url: str = field(repr=False)
    municipality: str
    public_url: str
    console_url: str
    secret_key: Secret
    connectors_port: int
    console_port: int
    engine_port: int
    engine_urls: tuple[str, ...]
    engine_stock: bool

    @property
    def var(self) -> Path:
        """Where the deployment keeps what it makes: the SQLite file, the secret key, logs."""
        return self.root / "var"

    @property
    def models(self) -> Path:
        """Where trained models lie."""
        return self.root / "models"

    @property
    def knowledge(self) -> Path:
        """The knowledge that staff edit."""
        return self.root / "knowledge"


def _value(environment: Mapping[str, str], name: str) -> str | None:
    """Give a setting's text from the variable or from the file that NAME_FILE points at."""
    path = environment.get(f"{name}_FILE")
    if path:
        return _file_value(path, name)
    value = environment.get(name, "").strip()
    return value or None


def _file_value(path: str, name: str) -> str:
    mend = f"mend the file or the path, or unset {name}_FILE."
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InputError(
            f"{name}_FILE points at {path}, which cannot be read ({error.strerror}); {mend}"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name}_FILE points at {path}, which is no text; {mend}") from error
    if not value:
        raise InputError(f"{name}_FILE points at {path}, which is empty; {mend}")
    return value


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = _value(environment, name)
    if text is None:
        return default
    if not re.fullmatch("[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        raise InputError(f"{name} is {text!r}; give a port number from 1 to 65535.")
    return int(text)


def _secret_key(environment: Mapping[str, str], var: Path) -> Secret:
    """Give the key that signs buttons and cookies; made once and kept under ``var/``."""
    given = _value(environment, "CBOT_SECRET_KEY")
    if given is not None:
        return Secret(given)
    path = var / "secret_key"
    try:
        return Secret(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        pass
    var.mkdir(parents=True, exist_ok=True)
    # Not the process's number: two containers that share the folder may have the same.
    draft = path.with_name(f"secret_key.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    try:
        # A link is made whole or not at all: of several processes that start at once one
        # makes the key and the others read it.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return Secret(path.read_text(encoding="ascii").strip())


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environment: the variables to read, by default those of the process.

    Raises:
        InputError: when a value cannot be used; the message names the variable.
    """
    environment = os.environ if environment is None else environment
    root = Path(_value(environment, "CBOT_ROOT") or ROOT)
    var = root / "var"
    engine_port = _port(environment, "CBOT_ENGINE_PORT", 5005)
    connectors_port = _port(environment, "CBOT_CONNECTORS_PORT", 8080)
    console_port = _port(environment, "CBOT_CONSOLE_PORT", 8081)
    urls = _value(environment, "CBOT_ENGINE_URLS") or f"http://127.0.0.1:{engine_port}"
    return Settings(
        root=root,
        database_url=_value(environment, "CBOT_DATABASE_URL") or f"sqlite:///{var / 'cbot.sqlite'}",
        municipality=_value(environment, "CBOT_MUNICIPALITY") or "rustavi",
        public_url=_value(environment, "CBOT_PUBLIC_URL") or f"http://127.0.0.1:{connectors_port}",
        console_url=_value(environment, "CBOT_CONSOLE_URL") or f"http://127.0.0.1:{console_port}",
        secret_key=_secret_key(environment, var),
        connectors_port=connectors_port,
        console_port=console_port,
        engine_port=engine_port,
        engine_stock=_value(environment, "CBOT_ENGINE_STOCK") == "1",
        engine_urls=tuple(url.strip().rstrip("/") for url in urls.split(",") if url.strip()),
    )

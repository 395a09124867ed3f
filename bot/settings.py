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
from bot.core.files import make_once
from bot.core.privacy import Privacy, Retention

ROOT = Path(__file__).resolve().parent.parent
#: A connection without a request is kept so long by the servers that stand behind a reverse proxy:
#: longer than proxies keep theirs (Caddy two minutes, nginx one), or a call could meet one that is
#: just being closed, and a webhook be lost to the platform or a clerk's form to a 502.
KEEP_SECONDS = 130


class Secret(str):
    """A text that never shows in a traceback or a log."""

    def __repr__(self) -> str:
        return "Secret('…')"


@dataclass(frozen=True)
class Credential:
    """A secret of a platform; one that comes from a file may be replaced while the bot runs.

    Where several are valid for a while, as during a rotation, commas part them.
    """

    value: Secret
    path: Path | None = None

    def current(self) -> Secret:
        """Give the newest value; an unreadable or empty file changes nothing."""
        if self.path is not None:
            try:
                return Secret(self.path.read_text(encoding="utf-8").strip() or self.value)
            except (OSError, UnicodeDecodeError):
                pass
        return self.value

    def valid(self) -> tuple[Secret, ...]:
        """Give all values that are valid now, the newest first."""
        parts = (part.strip() for part in self.current().split(","))
        return tuple(Secret(part) for part in parts if part)


@dataclass(frozen=True)
class TelegramSettings:
    """The bot's account on Telegram; ``secret`` is what Telegram sends with each webhook."""

    token: Credential
    secret: Credential
    mode: str
    api_url: str

    @property
    def account(self) -> str:
        """The bot's number, the part of its token that is no secret."""
        return self.token.value.partition(":")[0]


@dataclass(frozen=True)
class MessengerSettings:
    """The city's pages on Messenger; each has its token at the same place as its number.

    ``human_agent`` and ``utility_template`` are what Meta must have granted: staff may answer
    after 24 hours, and a template (``name:language``) brings news after that. ``app_id`` is the
    app's own number. After a person answered in the page's inbox the bot is silent for
    ``staff_pause`` seconds.
    """

    pages: tuple[str, ...]
    page_token: Credential
    app_secret: Credential
    verify_token: Credential
    graph_url: str
    graph_version: str
    human_agent: bool = False
    utility_template: str | None = None
    app_id: str | None = None
    staff_pause: float = 0.0

    def token_of(self, page: str) -> Secret | None:
        """Give the token of a page as it is now; None for a page that is not ours."""
        tokens = dict(zip(self.pages, self.page_token.valid(), strict=False))
        return tokens.get(page)


@dataclass(frozen=True)
class Settings:
    """All settings, read once at start and never changed."""

    root: Path
    database_url: str = field(repr=False)
    municipality: str
    public_url: str
    console_url: str
    console_commits: bool
    staff_hours: tuple[int, int]
    secret_key: Secret
    connectors_port: int
    console_port: int
    engine_port: int
    engine_urls: tuple[str, ...]
    engine_stock: bool
    telegram: TelegramSettings | None = None
    messenger: MessengerSettings | None = None
    privacy: Privacy = field(default_factory=Privacy)
    open311: bool = False

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


def _days(environment: Mapping[str, str], name: str, default: int) -> int:
    text = _value(environment, name)
    if text is None:
        return default
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) == 0:
        raise InputError(f"{name} is {text!r}; give a number of days, at least 1.")
    return int(text)


def _privacy(environment: Mapping[str, str]) -> Privacy:
    usual = Retention()
    return Privacy(
        controller=_value(environment, "CBOT_DATA_CONTROLLER") or "",
        officer=_value(environment, "CBOT_DATA_OFFICER") or "",
        retention=Retention(
            messages=_days(environment, "CBOT_KEEP_MESSAGES_DAYS", usual.messages),
            conversations=_days(environment, "CBOT_KEEP_CONVERSATIONS_DAYS", usual.conversations),
            photos=_days(environment, "CBOT_KEEP_PHOTOS_DAYS", usual.photos),
            submissions=_days(environment, "CBOT_KEEP_SUBMISSIONS_DAYS", usual.submissions),
        ),
    )


def _hours(environment: Mapping[str, str], name: str, default: tuple[int, int]) -> tuple[int, int]:
    text = _value(environment, name)
    if text is None:
        return default
    found = re.fullmatch("([0-9]{1,2})-([0-9]{1,2})", text)
    if not found or not 0 <= int(found[1]) < int(found[2]) <= 24:
        raise InputError(f"{name} is {text!r}; give the hours of a day, like 9-18.")
    return int(found[1]), int(found[2])


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
    make_once(path, secrets.token_hex(32).encode())
    return Secret(path.read_text(encoding="ascii").strip())


def _credential(
    environment: Mapping[str, str], name: str, needed_by: str, shape: str = r"\S+"
) -> Credential:
    """Give a secret that a channel cannot do without."""
    value = _value(environment, name)
    if value is None:
        raise InputError(
            f"{needed_by} is set but {name} is not: without it anybody could speak in the "
            f"platform's name. Set {name} (a long random text; docs/operators tells where it "
            f"comes from), or unset {needed_by} to turn the channel off."
        )
    for part in value.split(","):
        if not re.fullmatch(shape, part.strip()):
            raise InputError(f"{name} has not the form it must have ({shape}); copy it again.")
    path = environment.get(f"{name}_FILE")
    return Credential(Secret(value), Path(path) if path else None)


def _address(environment: Mapping[str, str], name: str, default: str) -> str:
    url = (_value(environment, name) or default).rstrip("/")
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        raise InputError(f"{name} is {url!r}; give an address such as {default}.")
    return url


def _telegram(environment: Mapping[str, str]) -> TelegramSettings | None:
    """Read the settings of Telegram; None without a token: the channel is off."""
    name = "CBOT_TELEGRAM_TOKEN"
    if _value(environment, name) is None:
        return None
    mode = _value(environment, "CBOT_TELEGRAM_MODE") or "polling"
    if mode not in ("polling", "webhook"):
        raise InputError(f"CBOT_TELEGRAM_MODE is {mode!r}; give polling or webhook.")
    return TelegramSettings(
        token=_credential(environment, name, name, r"[0-9]+:[A-Za-z0-9_-]+"),
        secret=_credential(environment, "CBOT_TELEGRAM_SECRET", name, "[A-Za-z0-9_-]{1,256}"),
        mode=mode,
        api_url=_address(environment, "CBOT_TELEGRAM_API_URL", "https://api.telegram.org"),
    )


def _messenger(environment: Mapping[str, str]) -> MessengerSettings | None:
    """Read the settings of Messenger; None without a page token: the channel is off."""
    name = "CBOT_MESSENGER_PAGE_TOKEN"
    if _value(environment, name) is None:
        return None
    token = _credential(environment, name, name)
    given = _value(environment, "CBOT_MESSENGER_PAGE_ID") or ""
    pages = tuple(page.strip() for page in given.split(","))
    if not all(re.fullmatch("[0-9]{1,30}", page) for page in pages):
        raise InputError(f"{name} is set, so CBOT_MESSENGER_PAGE_ID must be the page's number.")
    if len(pages) != len(token.valid()):
        raise InputError(f"give {name} one token for each page of CBOT_MESSENGER_PAGE_ID.")
    version = _value(environment, "CBOT_GRAPH_API_VERSION") or "v26.0"
    if not re.fullmatch(r"v[0-9]{1,3}\.[0-9]", version):
        raise InputError(f"CBOT_GRAPH_API_VERSION is {version!r}; give one such as v26.0.")
    return MessengerSettings(
        pages=pages,
        page_token=token,
        app_secret=_credential(environment, "CBOT_MESSENGER_APP_SECRET", name),
        verify_token=_credential(environment, "CBOT_MESSENGER_VERIFY_TOKEN", name),
        graph_url=_address(environment, "CBOT_GRAPH_API_URL", "https://graph.facebook.com"),
        graph_version=version,
        human_agent=_value(environment, "CBOT_MESSENGER_HUMAN_AGENT") == "1",
        utility_template=_utility_template(environment),
        app_id=_number(environment, "CBOT_MESSENGER_APP_ID"),
        staff_pause=60.0 * int(_number(environment, "CBOT_MESSENGER_STAFF_PAUSE") or 0),
    )


def _utility_template(environment: Mapping[str, str]) -> str | None:
    name = "CBOT_MESSENGER_UTILITY_TEMPLATE"
    template = _value(environment, name)
    if template is not None and not re.fullmatch(r"[a-z0-9_]{1,512}:[a-zA-Z_]{2,10}", template):
        raise InputError(f"{name} is {template!r}; give name and language, such as news:en_US.")
    return template


def _number(environment: Mapping[str, str], name: str) -> str | None:
    value = _value(environment, name)
    if value is not None and not re.fullmatch("[0-9]{1,30}", value):
        raise InputError(f"{name} is {value!r}; give a whole number.")
    return value


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
        console_commits=_value(environment, "CBOT_CONSOLE_COMMITS") == "1",
        staff_hours=_hours(environment, "CBOT_STAFF_HOURS", (9, 18)),
        secret_key=_secret_key(environment, var),
        connectors_port=connectors_port,
        console_port=console_port,
        engine_port=engine_port,
        engine_stock=_value(environment, "CBOT_ENGINE_STOCK") == "1",
        engine_urls=tuple(url.strip().rstrip("/") for url in urls.split(",") if url.strip()),
        telegram=_telegram(environment),
        messenger=_messenger(environment),
        privacy=_privacy(environment),
        open311=_value(environment, "CBOT_OPEN311") == "1",
    )

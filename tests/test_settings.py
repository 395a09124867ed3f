from __future__ import annotations

import ast
import secrets
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import settings
from bot.core.errors import InputError

#: Variables of foreign libraries, which these read themselves when they are imported.
FOREIGN = Path("bot/engine/slim.py")


def load(root: Path, **given: str) -> settings.Settings:
    return settings.load({"CBOT_ROOT": str(root), **given})


def test_defaults_work_without_any_variable(tmp_path: Path) -> None:
    found = load(tmp_path)
    assert found.database_url == f"sqlite:///{tmp_path}/var/cbot.sqlite"
    assert found.municipality == "rustavi"
    assert found.public_url == "http://127.0.0.1:8080"
    assert (found.connectors_port, found.console_port, found.engine_port) == (8080, 8081, 5005)
    assert found.engine_urls == ("http://127.0.0.1:5005",)
    assert (found.var, found.models) == (tmp_path / "var", tmp_path / "models")
    assert found.knowledge == tmp_path / "knowledge"


def test_root_is_the_project_by_default(root: Path, tmp_path: Path) -> None:
    assert settings.load({"CBOT_SECRET_KEY": "k"}).root == root


def test_variables_are_taken(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        CBOT_DATABASE_URL="postgresql://example/bot",
        CBOT_MUNICIPALITY=" marneuli ",
        CBOT_CONNECTORS_PORT="9000",
        CBOT_ENGINE_PORT="9001",
        CBOT_CONSOLE_PORT="9002",
        CBOT_SECRET_KEY="key",
        CBOT_ENGINE_URLS="http://a:1/, http://b:2 ,",
    )
    assert found.database_url == "postgresql://example/bot"
    assert found.municipality == "marneuli"
    assert found.public_url == "http://127.0.0.1:9000"
    assert (found.connectors_port, found.engine_port, found.console_port) == (9000, 9001, 9002)
    assert found.secret_key == "key"
    assert found.engine_urls == ("http://a:1", "http://b:2")


def test_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    found = load(tmp_path, CBOT_MUNICIPALITY="  ", CBOT_ENGINE_PORT="")
    assert (found.municipality, found.engine_port) == ("rustavi", 5005)


def test_value_is_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "town"
    file.write_text("ქალაქი\n", encoding="utf-8")
    assert load(tmp_path, CBOT_MUNICIPALITY_FILE=str(file)).municipality == "ქალაქი"


def test_engine_is_asked_at_its_own_port(tmp_path: Path) -> None:
    assert load(tmp_path, CBOT_ENGINE_PORT="7000").engine_urls == ("http://127.0.0.1:7000",)


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_file_without_a_value_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match="CBOT_SECRET_KEY_FILE"):
        load(tmp_path, CBOT_SECRET_KEY_FILE=str(file))


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "8 0", "²", "9" * 5_000, "1e3"])
@pytest.mark.parametrize("name", ["CONNECTORS", "CONSOLE", "ENGINE"])
def test_bad_port_is_refused_by_name(tmp_path: Path, name: str, port: str) -> None:
    with pytest.raises(InputError, match=f"CBOT_{name}_PORT"):
        load(tmp_path, **{f"CBOT_{name}_PORT": port})


def test_secret_key_is_made_once_and_readable_by_nobody_else(tmp_path: Path) -> None:
    key = load(tmp_path).secret_key
    assert len(key) == 64
    assert load(tmp_path).secret_key == key
    file = tmp_path / "var" / "secret_key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret_key"]


def test_processes_that_start_at_once_share_one_secret_key(tmp_path: Path, root: Path) -> None:
    code = "from bot import settings; print(settings.load().secret_key)"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={"CBOT_ROOT": str(tmp_path)},
            cwd=root,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    keys = {process.communicate(timeout=300)[0].strip() for process in processes}
    assert keys == {(tmp_path / "var" / "secret_key").read_text()}


def test_those_who_all_find_no_secret_key_agree_on_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = 8
    all_are_here = threading.Barrier(several)
    token_hex = secrets.token_hex

    def make_when_all_are_here(length: int) -> str:
        if length == 32:
            all_are_here.wait(timeout=60)
        return token_hex(length)

    monkeypatch.setattr(secrets, "token_hex", make_when_all_are_here)
    with ThreadPoolExecutor(several) as threads:
        found = list(threads.map(lambda _: load(tmp_path), range(several)))
    assert {one.secret_key for one in found} == {(tmp_path / "var" / "secret_key").read_text()}
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_secret_never_shows(tmp_path: Path) -> None:
    secret = settings.Secret("საიდუმლო")
    assert "საიდუმლო" not in repr(secret)
    assert "საიდუმლო" not in repr([secret])
    found = load(tmp_path, CBOT_SECRET_KEY="one", CBOT_DATABASE_URL="postgresql://u:two@h/bot")
    assert "one" not in repr(found).replace("None", "")
    assert "two" not in repr(found)


def reads_environment(path: Path) -> list[str]:
    """List where a file reads the environment, with the line."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.attr] if isinstance(node, ast.Attribute) else []
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            names = [alias.name for alias in node.names]
        if {"environ", "environb", "getenv", "getenvb"} & set(names):
            found.append(f"{path}:{node.lineno}")
    return found


def test_environment_is_read_in_the_settings_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    allowed = {Path("bot/settings.py"), FOREIGN}
    files = [
        path for folder in ("bot", "connectors", "console") for path in Path(folder).rglob("*.py")
    ]
    assert len(files) > 40
    assert [line for path in files if path not in allowed for line in reads_environment(path)] == []
    lines = FOREIGN.read_text(encoding="utf-8").splitlines()
    assert all("setdefault" in line for line in lines if "os.environ" in line)
    assert len(reads_environment(Path("bot/settings.py"))) == 1


TELEGRAM = {"CBOT_TELEGRAM_TOKEN": "77:AAF-key_1", "CBOT_TELEGRAM_SECRET": "tg-secret_1"}
MESSENGER = {
    "CBOT_MESSENGER_PAGE_ID": "1001",
    "CBOT_MESSENGER_PAGE_TOKEN": "EAAB",
    "CBOT_MESSENGER_APP_SECRET": "0f0f",
    "CBOT_MESSENGER_VERIFY_TOKEN": "verify-me",
}


def test_a_channel_without_its_token_is_off(tmp_path: Path) -> None:
    found = load(tmp_path, CBOT_TELEGRAM_SECRET="s", CBOT_MESSENGER_APP_SECRET="s")
    assert (found.telegram, found.messenger) == (None, None)


def test_telegram_is_read(tmp_path: Path) -> None:
    found = load(tmp_path, **TELEGRAM).telegram
    assert found is not None
    assert (found.token.current(), found.secret.current()) == ("77:AAF-key_1", "tg-secret_1")
    assert (found.account, found.mode) == ("77", "polling")
    assert found.api_url == "https://api.telegram.org"
    assert "AAF" not in repr(found)
    assert "tg-secret" not in repr(found)
    more = {"CBOT_TELEGRAM_MODE": "webhook", "CBOT_TELEGRAM_API_URL": "http://127.0.0.1:9/"}
    found = load(tmp_path, **TELEGRAM, **more).telegram
    assert found is not None
    assert (found.mode, found.api_url) == ("webhook", "http://127.0.0.1:9")


def test_messenger_is_read(tmp_path: Path) -> None:
    found = load(tmp_path, **MESSENGER).messenger
    assert found is not None
    assert (found.pages, found.token_of("1001"), found.token_of("1")) == (("1001",), "EAAB", None)
    assert (found.app_secret.current(), found.verify_token.current()) == ("0f0f", "verify-me")
    assert (found.graph_url, found.graph_version) == ("https://graph.facebook.com", "v26.0")
    assert (found.human_agent, found.utility_template) == (False, None)
    assert (found.app_id, found.staff_pause) == (None, 0)
    assert "EAAB" not in repr(found)
    more = {
        "CBOT_MESSENGER_PAGE_ID": "1001, 1002",
        "CBOT_MESSENGER_PAGE_TOKEN": "EAAB,EAAC",
        "CBOT_MESSENGER_HUMAN_AGENT": "1",
        "CBOT_MESSENGER_UTILITY_TEMPLATE": "news:en_US",
        "CBOT_MESSENGER_APP_ID": "5",
        "CBOT_MESSENGER_STAFF_PAUSE": "30",
    }
    found = load(tmp_path, **{**MESSENGER, **more}).messenger
    assert found is not None
    assert (found.token_of("1001"), found.token_of("1002")) == ("EAAB", "EAAC")
    assert (found.human_agent, found.utility_template) == (True, "news:en_US")
    assert (found.app_id, found.staff_pause) == ("5", 1800)


@pytest.mark.parametrize("missing", [*MESSENGER, "CBOT_TELEGRAM_SECRET"])
def test_8_a_channel_with_its_token_and_no_secret_refuses_to_start(
    tmp_path: Path, missing: str
) -> None:
    given = {**TELEGRAM, **MESSENGER, missing: " "}
    if missing == "CBOT_MESSENGER_PAGE_TOKEN":
        assert load(tmp_path, **given).messenger is None
        return
    with pytest.raises(InputError, match=missing):
        load(tmp_path, **given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CBOT_TELEGRAM_TOKEN", "no-colon"),
        ("CBOT_TELEGRAM_SECRET", "გასაღები"),
        ("CBOT_TELEGRAM_MODE", "both"),
        ("CBOT_TELEGRAM_API_URL", "api.telegram.org"),
        ("CBOT_MESSENGER_PAGE_ID", "rustavi"),
        ("CBOT_MESSENGER_PAGE_ID", "1001,1002"),
        ("CBOT_MESSENGER_APP_ID", "x"),
        ("CBOT_MESSENGER_STAFF_PAUSE", "-1"),
        ("CBOT_MESSENGER_UTILITY_TEMPLATE", "news"),
        ("CBOT_GRAPH_API_VERSION", "26"),
        ("CBOT_GRAPH_API_URL", "ftp://graph"),
    ],
)
def test_wrong_channel_settings_are_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(InputError, match=name) as found:
        load(tmp_path, **{**TELEGRAM, **MESSENGER, name: value})
    assert "AAF" not in str(found.value)


def test_79_a_secret_in_a_file_is_replaced_without_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("77:first\n")
    given = {**TELEGRAM, "CBOT_TELEGRAM_TOKEN": "", "CBOT_TELEGRAM_TOKEN_FILE": str(file)}
    found = load(tmp_path, **given).telegram
    assert found is not None
    file.write_text("77:second\n")
    assert found.token.current() == "77:second"
    for broken in ("", None):
        file.unlink()
        if broken is not None:
            file.write_text(broken)
        assert found.token.current() == "77:first"


def test_79_two_secrets_are_valid_for_a_while(tmp_path: Path) -> None:
    found = load(tmp_path, **{**TELEGRAM, "CBOT_TELEGRAM_SECRET": "new-1, old-1"}).telegram
    assert found is not None
    assert found.secret.valid() == ("new-1", "old-1")

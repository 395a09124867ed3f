from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.core.errors import InputError, MissingError
from bot.store import channels, migrate
from bot.store.database import open_database
from tests.fakes.engine import ServerThread
from tests.fakes.telegram import SECRET, TOKEN, FakeTelegram


@pytest.fixture
def telegram(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTelegram]:
    (tmp_path / "knowledge").symlink_to(root / "knowledge")
    fake = FakeTelegram()
    with ServerThread(fake.app()) as server:
        for name, value in {
            "CBOT_ROOT": str(tmp_path),
            "CBOT_DATABASE_URL": f"sqlite:///{tmp_path}/cbot.sqlite",
            "CBOT_TELEGRAM_TOKEN": TOKEN,
            "CBOT_TELEGRAM_SECRET": SECRET,
            "CBOT_TELEGRAM_API_URL": server.url,
        }.items():
            monkeypatch.setenv(name, value)
        yield fake


def cbot(step: str) -> Result:
    return CliRunner().invoke(app, ["channels", step])


def test_check_tells_what_is_on_and_what_is_off(telegram: FakeTelegram, tmp_path: Path) -> None:
    before = cbot("check")
    assert before.exit_code == 0
    assert "ok    token: works: @rustavi_cbot (C-Bot)" in before.stdout
    assert "note  commands: start, menu" in before.stdout
    assert "messenger" in before.stdout
    assert "off   channel: off: set CBOT_MESSENGER_PAGE_TOKEN" in before.stdout
    assert cbot("setup").exit_code == 0
    url = f"sqlite:///{tmp_path}/cbot.sqlite"
    migrate.upgrade(url)
    database = open_database(url)
    database.call(channels.heard, "telegram", "77", time.time() - 100_000)
    database.close()
    after = cbot("check").stdout
    assert "ok    commands: 11 in the menu" in after
    # However long a slow machine took for it.
    assert "last event: 100" in after
    assert TOKEN not in before.stdout + after


def test_check_fails_when_something_must_be_mended(telegram: FakeTelegram) -> None:
    telegram.tokens = set()
    for step in ("check", "setup"):
        result = cbot(step)
        assert isinstance(result.exception, MissingError)
        assert "wrong" in result.stdout


def test_8_a_token_without_its_secret_is_refused(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CBOT_TELEGRAM_SECRET")
    assert isinstance(cbot("check").exception, InputError)

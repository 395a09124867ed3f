from __future__ import annotations

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import settings
from bot.cli import app
from bot.core.ratings import voter
from bot.store import migrate, ratings
from bot.store.database import open_database
from bot.store.salts import Salts
from tests.store.participation import draft, happen, taken

runner = CliRunner()
NAMES = ("--title-ka", "გაზაფხული", "--title-en", "Spring")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "knowledge").symlink_to(settings.ROOT / "knowledge")
    monkeypatch.setenv("CBOT_ROOT", str(tmp_path))
    for name in ("CBOT_DATABASE_URL", "CBOT_MUNICIPALITY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*arguments: str) -> str:
    result = runner.invoke(app, ["rounds", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    result = runner.invoke(app, ["rounds", *arguments])
    assert result.exit_code == 1
    return str(result.exception)


def test_a_round_from_its_opening_to_the_archive(root: Path) -> None:
    run("open", "spring", *NAMES, "--closes", "2099-05-01")
    assert run("list").rstrip().endswith("0 initiatives\tSpring")
    assert refused("open", "spring", *NAMES, "--closes", "2099-05-01")
    url = settings.load().database_url
    migrate.upgrade(url)
    database = open_database(url)
    code = taken(database, now=time.time() - 99)
    assert refused("add", "spring", "--code", code) == "This submission is not published."
    happen(database, code, "publish", now=time.time(), checked=True)
    run("add", "spring", "--code", code.lower())
    run("add", "spring", *NAMES, "--summary-ka", "…", "--summary-en", "…")
    first, second = database.call(ratings.initiatives_of, "spring")
    assert (first.title["ka"], first.code) == (draft().title, code)
    assert second.title == {"ka": "გაზაფხული", "en": "Spring"}
    salt = Salts(root / "var").get("spring")
    assert salt is not None
    for number in range(5):
        database.call(ratings.rate, first.id, voter(salt, f"tg:{number}9"), 4, time.time())
    assert "still goes on" in refused("results", "spring")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE rating_rounds SET closes_at = 2, opens_at = 1")
    database.close()
    told = run("results", "spring", "--chart", str(root / "chart.png"))
    assert told.splitlines()[0] == f"4.00\t5\t{draft().title}\t(chat 5)"
    assert (root / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert "closed" in run("list")
    run("archive", "spring")
    assert Salts(root / "var").get("spring") is None
    assert "archived" in run("list")


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "nope", "--code", "I-26-0001-K"),
        ("add", "nope"),
        ("results", "nope"),
        ("open", "../x", *NAMES, "--closes", "2099-05-01"),
    ],
)
def test_what_cannot_be_done_says_why(root: Path, arguments: tuple[str, ...]) -> None:
    assert len(refused(*arguments)) > 10

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import settings
from bot.cli import app
from bot.commands.export import as_csv
from bot.store import migrate
from bot.store.database import Database, open_database
from bot.store.open_data import COLUMNS
from tests.store.participation import ANSWER, ME, draft, happen, meet, taken

runner = CliRunner()
DAY = 86_400.0


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "knowledge").symlink_to(settings.ROOT / "knowledge")
    monkeypatch.setenv("CBOT_ROOT", str(tmp_path))
    for name in ("CBOT_DATABASE_URL", "CBOT_MUNICIPALITY", "CBOT_KEEP_MESSAGES_DAYS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def database(root: Path) -> Database:
    url = settings.load().database_url
    migrate.upgrade(url)
    return open_database(url)


def run(*arguments: str, input: str | None = None) -> str:
    result = runner.invoke(app, list(arguments), input=input)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_tick_sends_what_is_due(database: Database) -> None:
    meet(database, ME)
    code = taken(database, now=time.time() - 60)
    happen(database, code, "decline", ANSWER, "no_money", now=time.time())
    database.close()
    assert "told 1" in run("tick")
    assert run("tick").strip() == "Nothing was due."


def test_purge_follows_the_settings(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    meet(database, ME)
    database.close()
    monkeypatch.setenv("CBOT_KEEP_MESSAGES_DAYS", "1")
    monkeypatch.setenv("CBOT_KEEP_CONVERSATIONS_DAYS", "1")
    assert run("purge").strip() == "people 1"
    assert run("purge").strip() == "Nothing was too old."


def test_what_is_held_is_shown_and_erased(database: Database, tmp_path: Path) -> None:
    meet(database, ME)
    taken(database)
    database.close()
    file = tmp_path / "mine.json"
    run("data", "show", ME, "--output", str(file))
    assert json.loads(file.read_text())["submissions"][0]["title"] == draft().title
    assert "ველობილიკი" in run("data", "show", ME)
    assert "proof E-" in run("data", "erase", ME, input="y\n")
    assert json.loads(run("data", "show", ME))["submissions"] == []
    assert runner.invoke(app, ["data", "erase", ME], input="n\n").exit_code == 1


def test_who_was_affected_since_a_time_is_told(database: Database, tmp_path: Path) -> None:
    meet(database, ME)
    taken(database)
    meet(database, "tg:old")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE conversations SET seen_at = 1 WHERE id = 'tg:old'")
    database.close()
    rows = list(csv.DictReader(io.StringIO(run("data", "affected", "--since", "2026-11-01"))))
    assert {(row["conversation"], row["table"]) for row in rows} == {
        (ME, "conversations"),
        (ME, "submissions"),
        (ME, "submission_news"),
    }
    assert "phone" in next(row["fields"] for row in rows if row["table"] == "submissions")
    file = tmp_path / "affected.csv"
    assert "0 people" in run("data", "affected", "--since", "2036-11-01", "--output", str(file))


def test_submissions_are_exported_in_three_forms(database: Database, tmp_path: Path) -> None:
    code = taken(database)
    happen(database, code, "publish", checked=True)
    taken(database, "k2", body="საიდუმლო სიტყვები აქ", title="")
    database.close()
    rows = list(csv.DictReader(io.StringIO(run("export", "submissions"))))
    assert {row["code"]: bool(row["text"]) for row in rows}[code]
    assert tuple(rows[0]) == COLUMNS
    items = json.loads(run("export", "submissions", "--format", "json"))
    assert [item["code"] for item in items] == [row["code"] for row in rows]
    file = tmp_path / "open311.json"
    run("export", "submissions", "--format", "open311", "--output", str(file))
    requests = json.loads(file.read_text())
    assert {one["service_request_id"] for one in requests} == {row["code"] for row in rows}
    assert "საიდუმლო" not in file.read_text()


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(words: str) -> None:
    written = as_csv(("a", "b"), [{"a": words, "b": -1.5}])
    [_, row] = csv.reader(io.StringIO(written, newline=""))
    assert row == [f"'{words}", "-1.5"]


def test_the_days_are_numbers(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    for value in ("0", "-1", "ten", "1.5"):
        monkeypatch.setenv("CBOT_KEEP_PHOTOS_DAYS", value)
        with pytest.raises(Exception, match="CBOT_KEEP_PHOTOS_DAYS"):
            settings.load()

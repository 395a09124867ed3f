from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.core.errors import InputError
from bot.store import inbox, letters, migrate, outbox
from bot.store.database import Database, open_database
from bot.store.inbox import Event, Lease
from bot.store.outbox import Draft, Target

WORDS = "საიდუმლო"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/cbot.sqlite"
    monkeypatch.setenv("CBOT_ROOT", str(tmp_path))
    monkeypatch.setenv("CBOT_DATABASE_URL", url)
    migrate.upgrade(url)
    opened = open_database(url)
    yield opened
    opened.close()


def cbot(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["inbox", *arguments])


def give_up(database: Database, ext_id: str) -> int:
    event = Event("telegram", "77", ext_id, "tg:5", "raw", {}, 1.0, {"message": {"text": WORDS}})
    claimed = database.call(inbox.add, event, 100.0, Lease("me", 9.0)).claimed
    assert claimed is not None
    database.call(inbox.complete, claimed, [], 101.0, error="the update is malformed")
    return claimed.id


def states(database: Database, queue: str, state: str) -> list[int]:
    return [letter.id for letter in database.call(letters.letters, queue, state)]


def test_what_was_given_up_is_listed_without_what_was_said(database: Database) -> None:
    assert cbot("list").stdout == "None.\n"
    id = give_up(database, "1")
    shown = cbot("list").stdout
    assert f"{id}" in shown
    assert "malformed" in shown
    assert WORDS not in shown
    assert cbot("list", "--state", "held").stdout == "None.\n"
    assert cbot("list", "--state", "gone").exit_code == 2


def test_words_are_shown_only_when_asked_for(database: Database) -> None:
    id = str(give_up(database, "1"))
    assert "state: dead" in cbot("show", id).stdout
    assert WORDS not in cbot("show", id).stdout
    assert json.dumps({"text": WORDS}, ensure_ascii=False) in cbot("show", id, "--words").stdout
    assert isinstance(cbot("show", "4711").exception, InputError)


def test_44_one_or_all_are_tried_again(database: Database) -> None:
    first, second, third = (give_up(database, f"{number}") for number in range(3))
    assert cbot("replay", str(second)).stdout == "1 will be tried again.\n"
    assert states(database, "inbox", "new") == [second]
    assert isinstance(cbot("replay", str(second)).exception, InputError)
    assert cbot("replay", "--all").stdout == "2 will be tried again.\n"
    assert states(database, "inbox", "new") == [third, second, first]
    assert cbot("replay").exit_code == 2
    assert cbot("replay", str(first), "--all").exit_code == 2


def test_messages_to_residents_are_sent_again(database: Database) -> None:
    target = Target("telegram", "77", "tg:5")
    database.call(outbox.add_notice, target, "k", Draft({"text": WORDS}), 100.0)
    (message,) = database.call(outbox.claim, ["telegram"], "me", 9.0, 101.0, 1)
    database.call(outbox.give_up, message, "chat not found", 102.0)
    assert "chat not found" in cbot("list", "--outgoing").stdout
    assert WORDS in cbot("show", str(message.id), "--outgoing", "--words").stdout
    assert cbot("replay", "--all", "--outgoing").stdout == "1 will be tried again.\n"
    assert states(database, "outbox", "new") == [message.id]

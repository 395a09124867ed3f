from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bot import settings
from bot.core.staff import Role
from bot.store import journal, misses
from bot.store.misses import Missed
from console.site import Site
from tests.console.people import Desk

ROOT = Path(__file__).parents[2]
FEE = "local_fees.cleaning_fee"
FILE = "data/nlu/local_fees/cleaning_fee.yml"
TEXT = "ნაგვის ქვითარი რომ აღარ მომდის რა ვქნა"


@pytest.fixture
def given(given: settings.Settings) -> settings.Settings:
    """The same with training data of its own."""
    shutil.copytree(ROOT / "data" / "nlu" / "local_fees", given.root / "data/nlu/local_fees")
    return given


def missed(site: Site, text: str, resident: str = "a", town: str = "rustavi") -> int:
    guesses = [
        {"label": FEE, "confidence": 0.41},
        {"label": "local_fees.payment", "confidence": 0.2},
    ]
    one = Missed(town, misses.NOT_UNDERSTOOD, text, "ka", resident, "m1", guesses)
    id = site.database.call(misses.record, one)
    assert id is not None
    return id


def state(desk: Desk, id: int) -> tuple[str, str | None]:
    found = desk.site.database.call(misses.get, id)
    assert found is not None
    return found.state, found.label


def test_groups_show_guesses_and_how_many_residents(desk: Desk) -> None:
    missed(desk.site, TEXT, "a")
    missed(desk.site, f"{TEXT}!", "b")
    missed(desk.site, "სულ სხვა რამე მაინტერესებდა დღეს", "c")
    trainer = desk.person(Role.TRAINER)
    text = trainer.get("/misses?language=en").text
    # What asks for no service has a name too.
    assert '<option value="dialogue.human">talking to a person · ' in text
    assert ">ადამიანთან საუბარი · " in trainer.get("/misses?language=ka").text
    assert text.index(TEXT) < text.index("სულ სხვა რამე")
    assert "residents: 2" in text
    assert "41%" in text


def test_message_is_taught_into_the_file_of_its_id(desk: Desk) -> None:
    id = missed(desk.site, TEXT)
    before = (desk.site.settings.root / FILE).read_text()
    trainer = desk.person(Role.TRAINER)
    answer = trainer.post("/misses/decide", decision="teach", ids=str(id), guess=FEE)
    assert answer.headers["location"] == "/misses?said=teach"
    after = (desk.site.settings.root / FILE).read_text()
    assert f"- {TEXT}\n" in after
    assert set(before.splitlines()) <= set(after.splitlines())
    assert state(desk, id) == ("taught", FEE)
    line = desk.site.database.call(journal.entries, action="misses.teach")[0]
    assert (line.actor, line.subject) == (trainer.member.actor, str(id))
    assert TEXT not in json.dumps(dict(line.details), ensure_ascii=False)


def test_test_becomes_training_data_when_it_is_taught(desk: Desk) -> None:
    id = missed(desk.site, TEXT)
    trainer = desk.person(Role.TRAINER)
    trainer.post(
        "/misses/decide", decision="test", ids=str(id), label="local_fees.payment", guess=FEE
    )
    file = desk.site.settings.root / "data" / "examination.jsonl"
    assert json.loads(file.read_text()) == {
        "text": TEXT,
        "lang": "ka",
        "label": "local_fees.payment",
    }
    assert state(desk, id) == ("test", "local_fees.payment")
    trainer.post("/misses/decide", decision="teach", ids=str(id), guess=FEE)
    assert file.read_text() == ""


def test_dismissed_message_is_gone_from_the_list(desk: Desk) -> None:
    id = missed(desk.site, TEXT)
    trainer = desk.person(Role.TRAINER)
    trainer.post("/misses/decide", decision="dismiss", ids=str(id))
    assert state(desk, id) == ("dismissed", None)
    assert TEXT not in trainer.get("/misses").text
    assert TEXT in trainer.get("/misses?state=dismissed").text


def test_what_cannot_be_taught_says_why_and_stays_new(desk: Desk) -> None:
    known = "დასუფთავების გადასახადი რამდენია"
    file = desk.site.settings.root / FILE
    if f"- {known}\n" not in file.read_text():
        known = next(
            line.strip()[2:] for line in file.read_text().splitlines() if line.startswith("    - ")
        )
    id = missed(desk.site, known)
    trainer = desk.person(Role.TRAINER)
    refused = trainer.post("/misses/decide", decision="teach", ids=str(id), guess=FEE)
    assert refused.status_code == 409
    assert "cleaning_fee.yml" in refused.text
    assert state(desk, id) == ("new", None)
    for fields in ({"guess": "nonsense.id"}, {"decision": "nonsense", "guess": FEE}, {"ids": ""}):
        given = {"decision": "teach", "ids": str(id), **fields}
        assert trainer.post("/misses/decide", **given).status_code == 303
    assert state(desk, id) == ("new", None)


def test_staff_of_one_town_decide_nothing_of_another(desk: Desk) -> None:
    id = missed(desk.site, TEXT, town="marneuli")
    trainer = desk.person(Role.TRAINER, municipality="rustavi")
    assert TEXT not in trainer.get("/misses").text
    assert trainer.post("/misses/decide", decision="dismiss", ids=str(id)).status_code == 404
    assert state(desk, id) == ("new", None)


def test_change_is_kept_in_git_where_that_is_wanted(desk: Desk) -> None:
    root = desk.site.settings.root
    for command in (
        ("init", "-q"),
        ("config", "user.name", "c-bot"),
        ("config", "user.email", "bot@example.ge"),
        ("add", "data"),
        ("commit", "-q", "-m", "begin"),
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    desk.site.settings = replace(desk.site.settings, console_commits=True)
    id = missed(desk.site, TEXT)
    trainer = desk.person(Role.TRAINER)
    trainer.post("/misses/decide", decision="teach", ids=str(id), guess=FEE)
    told = subprocess.run(
        ["git", "log", "-1", "--name-only", "--format=%an|%s"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert told.split() == ["Nino|Teach", "a", "message", "of", FEE, FILE]

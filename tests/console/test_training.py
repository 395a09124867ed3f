from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bot.core.staff import Role
from bot.store import journal
from tests.console.people import Desk

NAME = "20261127-101500"


def has_job(desk: Desk, **given: Any) -> None:
    folder = desk.site.settings.var / "jobs"
    folder.mkdir(exist_ok=True)
    job = {"id": "train-1", "kind": "train", "by": "staff:1", "began": time.time(), **given}
    (folder / f"{job['id']}.json").write_text(json.dumps(job))


def has_model(desk: Desk, name: str = NAME) -> None:
    desk.site.settings.models.mkdir(exist_ok=True)
    (desk.site.settings.models / f"{name}.tar.gz").write_bytes(b"no model")


def test_training_that_runs_shows_its_progress_and_no_second_one_begins(desk: Desk) -> None:
    has_job(desk, step="learning the services", done=3, total=10, seconds_left=41.6)
    trainer = desk.person(Role.TRAINER)
    text = trainer.get("/training?language=en").text
    assert "learning the services" in text
    assert '<progress value="3" max="10"' in text
    assert "about 42 seconds left" in text
    assert "x-done" not in trainer.get("/training/job").headers
    assert trainer.post("/training/start/train").status_code == 409


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ({"findings": ["data/nlu/a.yml:3: taught twice"]}, "data/nlu/a.yml:3: taught twice"),
        ({"reasons": ["top1 of all was 90%"]}, "top1 of all was 90%"),
        ({}, "It failed."),
    ],
)
def test_what_came_of_a_job_is_told(desk: Desk, result: dict[str, Any], told: str) -> None:
    has_job(desk, state="failed", message="It failed.", result=result, ended=time.time())
    trainer = desk.person(Role.TRAINER)
    assert told in trainer.get("/training").text
    assert trainer.get("/training/job").headers["x-done"] == "1"


def test_report_is_shown_where_it_can_do_nothing(desk: Desk) -> None:
    has_model(desk)
    trainer = desk.person(Role.TRAINER)
    path = f"/training/models/{NAME}"
    assert trainer.get(f"{path}/report").status_code == 404
    folder = desk.site.settings.root / "results" / NAME
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<h1>ანგარიში</h1>")
    answer = trainer.get(f"{path}/report")
    assert "ანგარიში" in answer.text
    assert answer.headers["content-security-policy"].endswith("sandbox")
    assert "script" not in answer.headers["content-security-policy"]


def test_note_is_kept_with_the_model_and_who_wrote_it_in_the_journal(desk: Desk) -> None:
    has_model(desk)
    trainer = desk.person(Role.TRAINER)
    trainer.post(f"/training/models/{NAME}/note", note="<i>კარგი</i>")
    assert "&lt;i&gt;კარგი&lt;/i&gt;" in trainer.get("/training").text
    (line,) = desk.site.database.call(journal.entries, action="models.note")
    assert (line.actor, line.subject) == (trainer.member.actor, NAME)


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fvar", "live", "latest"])
def test_model_that_is_not_there_is_not_found(desk: Desk, name: str) -> None:
    trainer = desk.person(Role.TRAINER)
    assert trainer.get(f"/training/models/{name}").status_code == 404
    answer = trainer.post("/training/start/publish", model=name)
    assert answer.status_code == 404


def test_model_that_cannot_be_loaded_says_so_when_it_is_tried(desk: Desk) -> None:
    has_model(desk)
    trainer = desk.person(Role.TRAINER)
    answer = trainer.post(f"/training/models/{NAME}/try", words="რა ღირს დასუფთავება?")
    assert answer.status_code == 200
    assert f"{NAME}.tar.gz does not answer" in answer.text


def test_page_that_breaks_says_so_and_keeps_the_headers(desk: Desk) -> None:
    has_job(desk, result=None)
    trainer = desk.person(Role.TRAINER)
    answer = trainer.get("/training")
    assert answer.status_code == 500
    assert "რაღაც გაფუჭდა" in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]

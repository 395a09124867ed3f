from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bot.core import serving
from bot.core.model_registry import Registry
from bot.core.staff import Role
from bot.store import journal
from console.site import load_texts
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


@pytest.mark.parametrize(
    ("job", "told"),
    [
        ({"state": "running", "step": "fitting 25092 messages"}, "სერვისების სწავლა"),
        ({"state": "running", "step": "loading x", "seconds_left": 615.0}, "10 წუთი"),
        ({"state": "done", "message": "Trained it."}, "მზადაა ახალი მოდელი"),
        (
            {"state": "done", "message": "Nothing changed.", "result": {"unchanged": True}},
            "არაფერი შეცვლილა",
        ),
        ({"state": "done", "kind": "publish", "message": "It is live."}, "მოქალაქეებს პასუხობს"),
        ({"state": "cancelled", "message": "Cancelled."}, "შეწყდა"),
        ({"state": "lost", "message": "Its process is gone."}, "შუა გზაში გაწყდა"),
        (
            {
                "state": "failed",
                "kind": "publish",
                "message": "Not published:\n  - top1 fell",
                "result": {"reasons": ["top1 fell"]},
            },
            "არ გამოქვეყნდა, რადგან:",
        ),
    ],
)
def test_a_job_is_told_of_in_the_consoles_language(
    desk: Desk, job: dict[str, Any], told: str
) -> None:
    result = {"model": NAME, **job.pop("result", {})}
    has_job(desk, ended=time.time(), **job, result=result)
    text = desk.person(Role.TRAINER).get("/training").text
    assert told in text
    # No sentence is said in English beside it, and no reason twice.
    assert job.get("message", "nothing said") not in text
    assert text.count("top1 fell") == (job["state"] == "failed")
    assert (f'<a href="/training/models/{NAME}">' in text) == (job["state"] == "done")


def test_every_step_of_a_job_has_its_words() -> None:
    from bot.engine.training import STEPS

    steps = load_texts()["ka"].training.steps
    for step in STEPS.values():
        assert step in steps, step


def test_the_model_that_answers_is_marked_also_before_the_first_publishing(desk: Desk) -> None:
    for name in (NAME, "20261128-101500"):
        has_model(desk, name)
    trainer = desk.person(Role.TRAINER)
    mark = "answers residents"
    assert mark not in trainer.get("/training?language=en").text
    serving.tell(desk.site.settings.var, serving.SERVING, NAME)
    row = trainer.get("/training?language=en").text.partition(f">{NAME}</a>")[2]
    assert mark in row.partition("</tr>")[0]
    Registry(desk.site.settings.models).publish("20261128-101500", "staff:1")
    text = trainer.get("/training?language=en").text
    assert text.count(mark) == 1
    assert mark not in text.partition(f">{NAME}</a>")[2].partition("</tr>")[0]

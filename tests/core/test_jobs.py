"""Jobs as files and processes: started, seen, followed, cancelled, lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core import jobs
from bot.core.errors import InputError, MissingError
from bot.core.jobs import CANCELLED, DONE, LOST, RUNNING, Job, Jobs, Worker


@pytest.fixture
def board(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that looks like the one of job train-1."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(3600)", "train-1"], start_new_session=True
    )
    yield process
    process.kill()
    process.wait()


def prepared(board: Jobs, **values: object) -> Job:
    job = replace(Job("train-1", "train", "cli", began=time.time()), **values)
    board._write(job)
    return job


def test_worker_writes_steps_parts_and_the_end(board: Jobs) -> None:
    prepared(board, arguments={"force": True})
    worker = Worker(board, "train-1")
    assert worker.job.arguments == {"force": True}
    worker.step("reading")
    worker.step("encoding", 200)
    worker.advance(50)
    time.sleep(jobs._EVERY + 0.05)
    worker.advance(50)
    seen = json.loads((board.folder / "train-1.json").read_text())
    assert (seen["state"], seen["step"], seen["done"], seen["total"]) == (
        RUNNING,
        "encoding",
        100,
        200,
    )
    assert seen["pid"] == os.getpid()
    assert 0 < seen["seconds_left"] < 60
    worker.end(DONE, "Trained.", 0, {"model": "m"})
    job = board.get("train-1")
    assert (job.state, job.message, job.exit_code, job.result) == (
        DONE,
        "Trained.",
        0,
        {"model": "m"},
    )
    assert list(job.took) == ["reading", "encoding"]
    assert job.seconds < 60


def test_time_left_goes_by_the_last_job_of_the_kind(board: Jobs) -> None:
    took = {"reading": 10.0, "fitting": 100.0, "packing": 20.0}
    prepared(board, id="train-0", state=DONE, took=took, ended=time.time())
    prepared(board)
    worker = Worker(board, "train-1")
    worker.step("reading")
    # What a busy machine spends between two lines counts as well.
    assert 121 < worker.job.seconds_left <= 130
    worker.step("fitting")
    assert 100 < worker.job.seconds_left <= 120
    worker.step("something new")
    assert worker.job.seconds_left is None


def test_job_whose_process_is_gone_is_lost(board: Jobs) -> None:
    process = subprocess.Popen([sys.executable, "-c", "", "train-1"])
    process.wait()
    prepared(board, pid=process.pid)
    assert board.get("train-1").state == LOST
    assert board.running("train") is None


def test_number_of_another_process_does_not_count(board: Jobs) -> None:
    prepared(board, pid=os.getpid())
    assert board.get("train-1").state == LOST


def test_job_that_is_just_being_started_is_not_lost(board: Jobs) -> None:
    prepared(board)
    assert board.get("train-1").running
    prepared(board, began=time.time() - 60)
    assert board.get("train-1").state == LOST


def test_cancel_ends_the_process(board: Jobs, sleeper: subprocess.Popen[bytes]) -> None:
    prepared(board, pid=sleeper.pid)
    assert board.running("train") is not None
    assert board.cancel("train-1").state == CANCELLED
    assert sleeper.wait(timeout=60) == -signal.SIGTERM
    assert board.get("train-1").state == CANCELLED
    assert board.cancel("train-1").state == CANCELLED


def test_second_job_of_a_kind_is_refused(board: Jobs, sleeper: subprocess.Popen[bytes]) -> None:
    prepared(board, pid=sleeper.pid)
    with pytest.raises(InputError, match="train-1 runs already"):
        board.start("train")


def test_job_runs_apart_and_tells_why_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CBOT_ROOT", str(tmp_path))
    board = Jobs(tmp_path / "var")
    started = board.start("train", {"force": True}, by="staff:1")
    seen: list[Job] = []
    ended = board.follow(started.id, seen.append)
    assert ended.state == "failed"
    assert (ended.kind, ended.by, ended.arguments) == ("train", "staff:1", {"force": True})
    assert ended.exit_code != 0
    assert "knowledge/catalogue.yml:1" in ended.result["findings"][0]
    assert board.log(started.id).read_text()
    assert board.latest("train") == ended
    assert seen[-1] == ended


def test_unknown_and_unreadable_jobs_are_missing(board: Jobs) -> None:
    board.folder.mkdir(parents=True)
    (board.folder / "bad.json").write_text("{")
    for id in ("nothing", "bad", "../bad"):
        with pytest.raises(MissingError):
            board.get(id)
    assert board.all() == []


def test_old_jobs_are_tidied_away(board: Jobs) -> None:
    for number in range(jobs._KEPT + 5):
        prepared(board, id=f"train-{number}", state=DONE, began=float(number), ended=1.0)
    board._tidy()
    assert len(board.all()) == jobs._KEPT
    assert board.all()[-1].id == "train-5"

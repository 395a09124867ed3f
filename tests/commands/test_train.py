"""`cbot train` as a job: shown, cancelled, left alone, taken up again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from bot.core.jobs import CANCELLED, DONE, Jobs
from tests.commands.running import CBOT, cbot, environment


@pytest.fixture
def jobs(project: Path) -> Jobs:
    return Jobs(project / "var")


def until(condition: object, seconds: float = 180.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def started(project: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [CBOT, "train", "--force", *arguments],
        env=environment(CBOT_ROOT=str(project)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # As at a terminal, also where these tests run under nohup, which has it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )


def test_training_left_alone_is_cancelled_by_command(project: Path, jobs: Jobs) -> None:
    result = cbot("train", "--force", "--detach", CBOT_ROOT=str(project))
    assert result.returncode == 0, result.stderr
    running = jobs.running("train")
    assert running is not None
    assert running.id in result.stdout
    until(lambda: "starting Rasa" in (jobs.get(running.id).step, *jobs.get(running.id).took))
    assert os.getpriority(os.PRIO_PROCESS, running.pid or 0) >= 10
    result = cbot("train", "--cancel", CBOT_ROOT=str(project))
    assert result.returncode == 0
    assert "Cancelled." in result.stderr
    assert jobs.get(running.id).state == CANCELLED
    assert not Path(f"/proc/{running.pid}").exists() or "Z" in status(running.pid or 0)
    assert len(list((project / "models").glob("*.tar.gz"))) == 1
    result = cbot("train", "--cancel", CBOT_ROOT=str(project))
    assert result.returncode == 1
    assert "No training runs." in result.stderr


def status(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_interrupting_the_command_cancels_the_training(
    project: Path, jobs: Jobs, number: signal.Signals
) -> None:
    command = started(project)
    until(lambda: (job := jobs.latest("train")) is not None and job.step)
    command.send_signal(number)
    _, said = command.communicate(timeout=180)
    assert command.returncode == 130
    assert b"Cancelled." in said
    job = jobs.latest("train")
    assert job is not None
    assert job.state == CANCELLED


@pytest.mark.slow
def test_closing_the_terminal_leaves_the_training_alone(project: Path, jobs: Jobs) -> None:
    command = started(project)
    until(lambda: (job := jobs.latest("train")) is not None and job.step)
    command.send_signal(signal.SIGHUP)
    command.communicate(timeout=180)
    running = jobs.running("train")
    assert running is not None
    again = cbot("train", "--detach", CBOT_ROOT=str(project))
    assert running.id in again.stdout
    jobs.cancel(running.id)


@pytest.mark.slow
def test_training_tells_its_steps_and_its_model(project: Path, jobs: Jobs) -> None:
    result = cbot("train", "--force", CBOT_ROOT=str(project), timeout=1800)
    assert result.returncode == 0, result.stderr
    assert "learning the services" in result.stderr
    job = jobs.latest("train")
    assert job is not None
    assert job.state == DONE
    assert f"Trained {job.result['model']}.tar.gz" in result.stderr
    assert (project / "models" / f"{job.result['model']}.json").is_file()
    assert cbot("train", CBOT_ROOT=str(project)).stderr.startswith("Nothing changed since")

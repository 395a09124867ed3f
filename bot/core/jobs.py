"""Long work in processes of their own, known by files under ``var/jobs``.

The process that runs a job writes where it stands into ``<id>.json``; anybody may read that,
follow it, or cancel the job. What it prints goes into ``<id>.log``. A job goes on when the
terminal or the page that started it is closed.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.core.errors import InputError, MissingError
from bot.core.files import locked, write_whole

RUNNING, DONE, FAILED, CANCELLED, LOST = "running", "done", "failed", "cancelled", "lost"
#: How many finished jobs are kept.
_KEPT = 40
#: A job writes where it stands at most so often, seconds.
_EVERY = 0.25
#: A job that was begun and is not seen running within this time was lost, seconds.
_BEGINS_WITHIN = 15.0

#: The processes this one started: an ended one stays in the system's table until asked for.
_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Job:
    """Where a job stands.

    Attributes:
        kind: train, test, diff, publish.
        arguments: what it was asked for.
        state: running, done, failed, cancelled, or lost when its process is gone.
        done, total: the parts of the present step; ``total`` is None when that is not known.
        took: seconds of each finished step, to tell how long the next job may last.
        seconds_left: an estimate, None without anything to go by.
        message: what came of it, in one sentence.
        result: what it brought, for programs.
        exit_code: as the command's.
    """

    id: str
    kind: str
    by: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    state: str = RUNNING
    step: str = ""
    done: int = 0
    total: int | None = None
    took: Mapping[str, float] = field(default_factory=dict)
    began: float = 0.0
    step_began: float = 0.0
    ended: float | None = None
    seconds_left: float | None = None
    message: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)
    exit_code: int | None = None
    pid: int | None = None

    @property
    def running(self) -> bool:
        """Whether it still works."""
        return self.state == RUNNING

    @property
    def seconds(self) -> float:
        """How long it has worked, or did."""
        return (time.time() if self.ended is None else self.ended) - self.began


class Jobs:
    """The jobs of a deployment.

    Args:
        var: the folder of what the deployment makes.
    """

    def __init__(self, var: Path) -> None:
        self.folder = var / "jobs"

    def start(self, kind: str, arguments: Mapping[str, Any] | None = None, by: str = "cli") -> Job:
        """Start a job in a process of its own, unless one of its kind runs.

        Raises:
            InputError: when one does.
        """
        with locked(self.folder):
            if (running := self.running(kind)) is not None:
                raise InputError(f"Job {running.id} runs already; wait for it or cancel it.")
            stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
            job = Job(
                f"{kind}-{stamp}-{secrets.token_hex(2)}",
                kind,
                by,
                dict(arguments or {}),
                began=time.time(),
                step_began=time.time(),
            )
            self._write(job)
            command = [sys.executable, "-m", "bot.cli", "job", job.id]
            with self.log(job.id).open("wb") as log:
                # A session of its own: it outlives the terminal and is ended as a whole.
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            _children.append(process)
            job = replace(job, pid=process.pid)
            self._write(job)
            self._tidy()
        return job

    def get(self, id: str) -> Job:
        """Give a job as it stands.

        Raises:
            MissingError: when there is none of that id.
        """
        path = self._path(id)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            job = Job(**{name: data[name] for name in Job.__dataclass_fields__ if name in data})
        except (OSError, ValueError, TypeError) as error:
            raise MissingError(f"There is no job {id}.") from error
        return self._with_its_process(job)

    def all(self, kind: str | None = None) -> list[Job]:
        """List the jobs, the one begun last first."""
        found = []
        for path in self.folder.glob(f"{kind or ''}*.json"):
            with suppress(MissingError):
                found.append(self.get(path.stem))
        wanted = [job for job in found if kind in (None, job.kind)]
        return sorted(wanted, key=lambda job: (job.began, job.id), reverse=True)

    def latest(self, kind: str) -> Job | None:
        """Give the job of a kind begun last."""
        return next(iter(self.all(kind)), None)

    def running(self, kind: str) -> Job | None:
        """Give the running job of a kind."""
        return next((job for job in self.all(kind) if job.running), None)

    def cancel(self, id: str) -> Job:
        """End a job and all its processes; one that has ended stays as it is."""
        job = self.get(id)
        if not job.running or job.pid is None:
            return job
        with suppress(ProcessLookupError):
            os.killpg(job.pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while (job := self.get(id)).running and time.monotonic() < deadline:
            time.sleep(0.05)
        if job.running and job.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(job.pid, signal.SIGKILL)
        if job.state in (RUNNING, LOST):
            job = replace(job, state=CANCELLED, ended=time.time(), message="Cancelled.")
            self._write(job)
        return job

    def log(self, id: str) -> Path:
        """Give the file with what a job printed."""
        return self.folder / f"{id}.log"

    def follow(self, id: str, on_change: Callable[[Job], None], pause: float = 0.2) -> Job:
        """Tell ``on_change`` where the job stands until it has ended; give it as it ended."""
        while True:
            job = self.get(id)
            on_change(job)
            if not job.running:
                return job
            time.sleep(pause)

    def _path(self, id: str) -> Path:
        return self.folder / f"{Path(id).name}.json"

    def _write(self, job: Job) -> None:
        write_whole(self._path(job.id), json.dumps(asdict(job), ensure_ascii=False))

    def _with_its_process(self, job: Job) -> Job:
        _children[:] = [process for process in _children if process.poll() is None]
        if not job.running:
            return job
        if job.pid is None or not _is_alive(job.pid, job.id):
            if job.pid is None and time.time() - job.began < _BEGINS_WITHIN:
                return job
            message = "Its process is gone without a word; see its log."
            return replace(job, state=LOST, message=message, exit_code=1)
        return job

    def _tidy(self) -> None:
        for job in self.all()[_KEPT:]:
            if not job.running:
                self._path(job.id).unlink(missing_ok=True)
                self.log(job.id).unlink(missing_ok=True)


class Worker:
    """The job as its own process sees it: a `bot.core.progress.Progress` that is written down."""

    def __init__(self, jobs: Jobs, id: str) -> None:
        """Take over a job that was started."""
        self._jobs = jobs
        # Not before whoever started it has written its file to the end.
        with locked(jobs.folder):
            self.job = replace(jobs.get(id), pid=os.getpid())
        self._earlier = next(
            (job.took for job in jobs.all(self.job.kind) if job.state == DONE and job.took), {}
        )
        self._written = 0.0
        self._write()

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step."""
        now = time.time()
        self.job = replace(
            self.job, took=self._took(now), step=name, done=0, total=total, step_began=now
        )
        self._write()

    def advance(self, count: int = 1) -> None:
        """Count what is done of the present step."""
        self.job = replace(self.job, done=self.job.done + count)
        if time.monotonic() - self._written > _EVERY:
            self._write()

    def end(
        self,
        state: str,
        message: str,
        exit_code: int = 0,
        result: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down what came of it."""
        now = time.time()
        self.job = replace(
            self.job,
            took=self._took(now),
            state=state,
            message=message,
            ended=now,
            exit_code=exit_code,
            result=dict(result or {}),
        )
        self._write()

    def _took(self, now: float) -> Mapping[str, float]:
        if not self.job.step:
            return self.job.took
        spent = self.job.took.get(self.job.step, 0.0) + now - self.job.step_began
        return {**self.job.took, self.job.step: round(spent, 2)}

    def _write(self) -> None:
        self._written = time.monotonic()
        left = None if not self.job.running else self._seconds_left()
        self.job = replace(self.job, seconds_left=left)
        self._jobs._write(self.job)

    def _seconds_left(self) -> float | None:
        """Go by the last job of this kind, and by how fast the present step goes."""
        job = self.job
        spent = time.time() - job.step_began
        later = sum(
            seconds
            for step, seconds in self._earlier.items()
            if step != job.step and step not in job.took
        )
        if job.total and job.done:
            return round(spent / job.done * max(0, job.total - job.done) + later, 1)
        if job.step in self._earlier:
            return round(max(0.0, self._earlier[job.step] - spent) + later, 1)
        return None


def _is_alive(pid: int, id: str) -> bool:
    """Tell whether the process still runs and is this job's: numbers are given out again."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return not Path("/proc/self").exists()
    return id.encode() in command

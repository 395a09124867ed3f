"""Showing a job that runs in a process of its own, until it has ended."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from bot.core.jobs import CANCELLED, DONE, Job, Jobs

#: The exit code of a command that was interrupted.
INTERRUPTED = 130


class _Interrupted(BaseException):
    """The terminal or the supervisor wants the job to end."""


def follow(jobs: Jobs, job: Job) -> Job:
    """Show the job's steps until it has ended; Ctrl-C and SIGTERM cancel it.

    Raises:
        typer.Exit: with the job's exit code, when it did not end well; what it said is printed.
    """
    console = Console(file=sys.stderr)
    view = _Bar(console) if console.is_terminal else _Lines(console)

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise _Interrupted

    before = {
        number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        with view:
            job = jobs.follow(job.id, view.show)
    except _Interrupted:
        job = jobs.cancel(job.id)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return _ended(job, console)


def _ended(job: Job, console: Console) -> Job:
    if job.state == DONE:
        console.print(job.message, highlight=False, markup=False, soft_wrap=True)
        return job
    for finding in job.result.get("findings", ()):
        typer.echo(finding)
    console.print(job.message, highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(INTERRUPTED if job.state == CANCELLED else job.exit_code or 1)


def left(seconds: float | None) -> str:
    """Give how long it lasts still, as people say it; empty when nobody knows."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / 60)} min left"


class _Lines:
    """One line a step, for files and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: set[str] = set()

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def show(self, job: Job) -> None:
        """Tell the steps that are done."""
        for step, seconds in job.took.items():
            if step not in self._told:
                self._told.add(step)
                self._console.print(f"  {step}: {seconds:.0f} s", highlight=False)


class _Bar(_Lines):
    """The steps that are done, and a moving line for the present one."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[of]}  {task.fields[left]}"),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("starting", total=None, of="", left="")

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def show(self, job: Job) -> None:
        """Move the line."""
        super().show(job)
        self._progress.update(
            self._task,
            description=job.step or "starting",
            completed=job.done,
            total=job.total,
            of=f"{job.done} of {job.total}" if job.total else f"{job.seconds:.0f} s",
            left=left(job.seconds_left),
        )

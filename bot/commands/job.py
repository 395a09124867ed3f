"""`cbot job ID`: the process that does a job; started by others, never typed.

What each kind of job does stands in the module of the command that people type for it.
"""

from __future__ import annotations

import importlib
import os
import traceback
from collections.abc import Mapping
from typing import Any, Protocol

import typer

from bot import settings
from bot.core import jobs
from bot.core.errors import BotError, InputError
from bot.core.progress import Progress
from bot.settings import Settings

#: Kind of job -> the module whose ``work`` does it.
KINDS = {
    "train": "bot.commands.train",
    "test": "bot.commands.test_nlu",
    "diff": "bot.commands.models_diff",
    "publish": "bot.commands.models_publish",
}
#: Residents are answered first; a job takes what is left of the processor.
NICE = 10


class Work(Protocol):
    """Does a job: told how to report, and what it was asked for."""

    def __call__(
        self, settings: Settings, progress: Progress, arguments: Mapping[str, Any], by: str
    ) -> tuple[str, Mapping[str, Any]]:
        """Give a sentence for people and the result for programs."""


def job(id: str = typer.Argument(..., help="A job that was prepared under var/jobs.")) -> None:
    """Do a job that was prepared; used by `cbot train` and the console."""
    current = settings.load()
    worker = jobs.Worker(jobs.Jobs(current.var), id)
    os.nice(NICE)
    try:
        work: Work = importlib.import_module(KINDS[worker.job.kind]).work
        message, result = work(current, worker, worker.job.arguments, worker.job.by)
    except BotError as error:
        findings = error.findings if isinstance(error, InputError) else ()
        told = {
            "findings": [str(finding) for finding in findings],
            "reasons": list(getattr(error, "reasons", ())),
        }
        worker.end(jobs.FAILED, str(error), error.exit_code, told)
        raise
    except BaseException as error:
        traceback.print_exc()
        worker.end(jobs.FAILED, f"It broke off: {error!r}; see its log.", 1)
        raise typer.Exit(1) from error
    worker.end(jobs.DONE, message, 0, result)

"""`cbot train` and `cbot validate`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import typer

from bot import settings
from bot.core.errors import InputError
from bot.core.jobs import Jobs
from bot.core.progress import Progress
from bot.settings import Settings


def train(
    force: bool = typer.Option(
        False, "--force", help="Train everything anew, even when nothing changed."
    ),
    detach: bool = typer.Option(False, "--detach", help="Do not wait for its end."),
    cancel: bool = typer.Option(False, "--cancel", help="End the training that runs."),
) -> None:
    """Train a model from data/, config.yml and domain.yml into models/.

    The training is a process of its own at low priority. It goes on when the terminal is closed;
    Ctrl-C cancels it, and calling this again while it runs shows it again.
    """
    current = settings.load()
    jobs = Jobs(current.var)
    running = jobs.running("train")
    if cancel:
        _cancel(jobs)
        return
    if running is None:
        from bot.engine import training

        if not force and (model := training.up_to_date(current.root)) is not None:
            typer.echo(f"Nothing changed since {model.name} was trained.", err=True)
            return
        running = jobs.start("train", {"force": force})
    if detach:
        typer.echo(f"{running.id} runs; `cbot train` shows it, `cbot train --cancel` ends it.")
        return
    from bot.commands.following import follow

    follow(jobs, running)


def _cancel(jobs: Jobs) -> None:
    running = jobs.running("train")
    if running is None:
        raise InputError("No training runs.")
    typer.echo(f"{running.id}: {jobs.cancel(running.id).message}", err=True)


def work(
    settings: Settings, progress: Progress, arguments: Mapping[str, Any], by: str
) -> tuple[str, Mapping[str, Any]]:
    """Train, as the job's own process; see `bot.commands.job`.

    Raises:
        InputError: with the findings of all files.
        BotError: when Rasa could not train.
    """
    from bot.commands.validation import check_everything
    from bot.engine import training

    force = bool(arguments.get("force"))
    if not force and (model := training.up_to_date(settings.root)) is not None:
        told = {"model": _name(model.name), "unchanged": True}
        return f"Nothing changed since {model.name} was trained.", told
    progress.step("checking the files")
    check_everything(settings.root)
    begun = time.monotonic()
    model = training.train(settings.root, progress, force=force)
    seconds = time.monotonic() - begun
    return f"Trained {model.name} in {seconds:.0f} s.", {"model": _name(model.name)}


def _name(file: str) -> str:
    return file.removesuffix(".tar.gz")


def validate() -> None:
    """Check the training data, the rules and the knowledge; names each mistake with its line."""
    from bot.commands.validation import check_everything

    counts = check_everything(settings.load().root)
    typer.echo(f"All well: {counts.intents} intents, {counts.examples} messages.")

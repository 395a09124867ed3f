"""`cbot models`: the trained models, what they change, which one answers residents."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import typer
from rich import box
from rich.table import Table

from bot import settings
from bot.core import serving
from bot.core.clock import GEORGIA
from bot.core.errors import MissingError
from bot.core.jobs import Job, Jobs
from bot.core.model_registry import Model, Registry

app = typer.Typer(help="The trained models, and which one is live.", no_args_is_help=True)


@app.command("list")
def list_models() -> None:
    """List all models, the newest first."""
    from bot.commands.showing import console

    current = settings.load()
    found = Registry(current.models).models()
    if not found:
        raise MissingError("There is no trained model; train one with `cbot train`.")
    answering = serving.told(current.var)
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("model", "trained", "took", "size", "top-1", "", "note"):
        table.add_column(heading, overflow="fold")
    for model in found:
        took = "–" if model.seconds is None else f"{model.seconds:.0f} s"
        state = "live" if model.live else "was live" if model.was_live else ""
        if answering is not None and answering.model == model.name and not model.live:
            state = "answers, not published"
        size, figure = f"{model.size / 1e6:.1f} MB", _headline(current.root, model)
        table.add_row(model.name, _day(model), took, size, figure, state, model.note)
    console().print(table)


@app.command()
def show(name: str = typer.Argument("live", help="A model's name, `live` or `latest`.")) -> None:
    """Show what is known about a model."""
    current = settings.load()
    registry = Registry(current.models)
    model = registry.get(name)
    pointer = registry.pointer()
    lines: dict[str, Any] = {
        "model": model.name,
        "trained": _day(model),
        "training took": None if model.seconds is None else f"{model.seconds:.0f} s",
        "size": f"{model.size / 1e6:.1f} MB",
        "made from": (model.fingerprint or "")[:16],
        "note": model.note,
        "right at first place": _headline(current.root, model),
        "live": "no",
    }
    if pointer is not None and model.live:
        lines["live"] = f"since {_moment(pointer.published_at)}, by {pointer.by}"
    for title, value in lines.items():
        if value:
            typer.echo(f"{title}: {value}")


@app.command()
def note(
    name: str = typer.Argument(..., help="A model's name, `live` or `latest`."),
    text: str = typer.Argument(..., help="What is worth knowing about it."),
) -> None:
    """Keep a note about a model."""
    registry = Registry(settings.load().models)
    model = registry.get(name)
    registry.set_note(model.name, text)
    typer.echo(f"{model.name}: {text.strip()}")


@app.command()
def diff(
    candidate: str = typer.Argument("latest", help="A model's name, or `latest`."),
    live: str = typer.Argument("live", help="The one to compare with, or `live`."),
) -> None:
    """Show the sentences whose answer changes, old and new side by side."""
    from bot.commands import models_diff
    from bot.commands.showing import TerminalProgress, show_comparison

    current = settings.load()
    one, other = models_diff.pair(current, candidate, live)
    with TerminalProgress() as progress:
        found = models_diff.difference(current, one, other, progress)
    show_comparison(found)


@app.command()
def publish(
    name: str = typer.Argument("latest", help="A model's name, or `latest`."),
    override: str = typer.Option(None, help="Why it goes live all the same; kept in the journal."),
) -> None:
    """Let a model answer residents, if it passes the gate; running engines switch at once."""
    from bot.commands.models_publish import demand_reason

    reason = demand_reason(override)
    model = Registry(settings.load().models).get(name)
    _run("publish", {"model": model.name, "override": reason})


@app.command()
def rollback() -> None:
    """Go back to the model that was live before."""
    _run("publish", {"rollback": True})


def _run(kind: str, arguments: Mapping[str, Any]) -> Job:
    from bot.commands.following import follow

    jobs = Jobs(settings.load().var)
    return follow(jobs, jobs.start(kind, arguments, by=f"cli:{getpass.getuser()}"))


def _day(model: Model) -> str:
    return _georgian(model.trained_at)


def _moment(text: str) -> str:
    """Give a moment as the others are given; what is none stays as it is."""
    try:
        return _georgian(datetime.fromisoformat(text))
    except ValueError:
        return text


def _georgian(at: datetime) -> str:
    return at.astimezone(GEORGIA).strftime("%Y-%m-%d %H:%M")


def _headline(root: Any, model: Model) -> str:
    """Give the share right at first place on the dev set, when it was examined."""
    from bot.core.errors import BotError
    from bot.evaluation import report as reports

    try:
        figures = reports.load(root / "results" / model.name).overall
    except BotError:
        return ""
    return f"{figures.top1:.1%}"

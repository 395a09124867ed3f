"""`cbot train` and `cbot validate`."""

from __future__ import annotations

import sys
import time

import typer

from bot import settings


def train(
    force: bool = typer.Option(
        False, "--force", help="Train everything anew, even when nothing changed."
    ),
) -> None:
    """Train a model from data/, config.yml and domain.yml into models/."""
    from rich.console import Console

    from bot.commands.validation import check_everything
    from bot.engine import training

    # The stream as it is now: while Rasa trains, its own output is sent elsewhere.
    console = Console(file=sys.stderr)
    root = settings.load().root
    if not force and (model := training.up_to_date(root)) is not None:
        console.print(f"Nothing changed since {model.name} was trained.")
        return
    check_everything(root)
    begun = time.monotonic()
    with console.status("Starting Rasa …") as status:
        last = ""

        def on_step(step: str) -> None:
            nonlocal last
            seconds = time.monotonic() - begun
            if last:
                console.print(f"  {last} done after {seconds:.0f} s")
            last = step
            status.update(f"Training: {step} … ({seconds:.0f} s so far)")

        model = training.train(root, on_step, force=force)
    console.print(f"Trained {model.name} in {time.monotonic() - begun:.0f} s.")


def validate() -> None:
    """Check the training data, the rules and the knowledge; names each mistake with its line."""
    from bot.commands.validation import check_everything

    counts = check_everything(settings.load().root)
    typer.echo(f"All well: {counts.intents} intents, {counts.examples} messages.")

"""`cbot test dialogue`: whether conversations go as they are written."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional

import typer

from bot import settings
from bot.commands.test_nlu import chosen
from bot.core.errors import BotError
from bot.settings import Settings

STORIES = Path("tests", "dialogue")


def dialogue(
    stories: Optional[List[Path]] = typer.Argument(
        None, help="Files or folders with Rasa test stories; tests/dialogue without any."
    ),
    model: str = typer.Option("", help="A model's name or file; the newest without it."),
) -> None:
    """Go through test stories with a model; tells each that goes another way, and where."""
    from bot.commands.showing import TerminalProgress
    from bot.evaluation.conversations import converse
    from bot.evaluation.stories import read_stories

    current = settings.load()
    places = stories or [current.root / STORIES]
    read = [story for place in places for story in read_stories(place, current.root)]
    with TerminalProgress() as progress:
        failures = converse(_model(current, model), read, progress)
    for failure in failures:
        typer.echo(str(failure))
        for answer in failure.answers:
            typer.echo(f"    it said: {' '.join(answer.split())[:160]}")
    if failures:
        raise BotError(f"{len(failures)} of {len(read)} conversations went another way.")
    typer.echo(f"All {len(read)} conversations went as written.")


def _model(settings: Settings, name: str) -> Path:
    return chosen(settings, name).path

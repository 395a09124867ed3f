"""`cbot parse`: what the bot understands of a message."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Optional

import typer

from bot import settings
from bot.commands import lines


def parse(
    text: Optional[str] = typer.Argument(None, help="A message, as a resident types it."),
    jsonl: bool = typer.Option(False, "--jsonl", help="Read {'text': …} lines, write one each."),
    model: Optional[Path] = typer.Option(None, help="A model's file instead of the newest."),
) -> None:
    """Show what the bot understands: language, outcome, label, ranking, entities."""
    if jsonl == (text is not None):
        raise typer.BadParameter("give a message, or --jsonl and lines on standard input")
    understand = _understanding(model)
    if text is not None:
        _show(understand(text))
        return
    for number, line in lines.read():
        lines.write(understand(lines.wanted(line, number, "text")))


def _understanding(model: Path | None) -> Any:
    """Load the model and give a function from text to the line of `cbot parse`."""
    from bot.commands.agent import load_agent

    agent = load_agent(settings.load(), model, in_memory=True)
    from bot.engine.parsing import parse_line

    def understand(text: str) -> dict[str, Any]:
        return asyncio.run(parse_line(agent, text))

    return understand


def _show(line: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"[bold]{line['label']}[/bold]  {line['outcome']}, {line['language']}")
    table = Table("id", "confidence", box=None)
    for guess in line["ranking"]:
        table.add_row(guess["label"], f"{guess['confidence']:.3f}")
    console.print(table)
    for entity in line["entities"]:
        console.print(f"{entity['entity']} = {entity['value']}")

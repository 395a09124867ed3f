"""`cbot test`: examine the understanding and the conversations."""

from __future__ import annotations

import typer

from bot.commands import test_dialogue, test_nlu

app = typer.Typer(help="Examine the understanding and the conversations.", no_args_is_help=True)
app.command("nlu")(test_nlu.nlu)
app.command("dialogue")(test_dialogue.dialogue)


@app.callback()
def _group() -> None:
    """Examine the understanding and the conversations."""

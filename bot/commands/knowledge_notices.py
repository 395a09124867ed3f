"""`cbot knowledge notice`: tell every resident something urgent, once."""

from __future__ import annotations

from datetime import datetime

import typer

from bot.commands.knowledge_folder import fail, knowledge_root, load_knowledge
from bot.core import emergency_files
from bot.core.clock import GEORGIA
from bot.core.errors import InputError
from bot.core.knowledge_files import NATIONAL
from bot.core.languages import DEFAULT

app = typer.Typer(help="Emergency notices: add, list, remove.", no_args_is_help=True)


@app.command("list")
def show() -> None:
    """List the notices, with those that hold now marked."""
    now = datetime.now(GEORGIA)
    for town, notices in load_knowledge().notices.items():
        for notice in notices:
            state = "now" if notice.holds(now) else "later" if notice.begins > now else "over"
            span = f"{notice.begins:%Y-%m-%d %H:%M} to {notice.ends:%Y-%m-%d %H:%M}"
            typer.echo(f"{town or NATIONAL}\t{notice.id}\t{state}\t{span}\t{notice.words(DEFAULT)}")


@app.command()
def add(
    town: str = typer.Argument(..., help="A town's folder, or national for all."),
    id: str = typer.Argument(..., help="A name never used before: water_2026_12."),
    begins: str = typer.Option(..., "--from", help="2026-12-01 or '2026-12-01 08:00'."),
    ends: str = typer.Option(..., "--until", help="The last day, or moment."),
    ka: str = typer.Option(..., help="The words in Georgian."),
    en: str = typer.Option(..., help="In English."),
    ru: str = typer.Option("", help="In Russian."),
    az: str = typer.Option("", help="In Azerbaijani."),
    hy: str = typer.Option("", help="In Armenian."),
) -> None:
    """Tell every resident of a town something urgent: running bots take it up by themselves."""
    words = {"ka": ka, "en": en, "ru": ru, "az": az, "hy": hy}
    try:
        emergency_files.add_notice(knowledge_root(), town, id, begins, ends, words)
    except InputError as error:
        for finding in error.findings:
            typer.echo(str(finding))
        fail(str(error), error.exit_code)
    typer.echo(f"{id} is written; residents see it from {begins} to {ends}.")


@app.command()
def remove(town: str, id: str) -> None:
    """Take a notice back."""
    try:
        emergency_files.remove_notice(knowledge_root(), town, id)
    except InputError as error:
        fail(str(error), error.exit_code)
    typer.echo(f"{id} is removed.")

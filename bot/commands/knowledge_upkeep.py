"""`cbot knowledge stale` and `gaps`: what staff should compare again, find out or translate."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Optional

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from bot import settings
from bot.commands.knowledge_folder import (
    demand,
    fail,
    knowledge_root,
    load_knowledge,
    read_knowledge,
)
from bot.core import clock
from bot.core.errors import InputError, MissingError
from bot.core.knowledge_checks import check_knowledge
from bot.core.knowledge_export import FORMATS
from bot.core.knowledge_export import export as write
from bot.core.knowledge_files import Files
from bot.core.knowledge_gaps import (
    ADDED,
    Gap,
    missing_facts,
    missing_translations,
    translated_texts,
)
from bot.core.knowledge_pack import make_pack
from bot.core.languages import DEFAULT, LANGUAGES


def stale(
    on: Optional[str] = typer.Option(None, help="The day to judge by, like 2027-06-01; today."),
) -> None:
    """List outdated figures and entries whose review is due."""
    read_knowledge()
    _, warnings = check_knowledge(knowledge_root(), day=_day(on))
    for warning in warnings:
        typer.echo(str(warning))
    typer.echo(f"{len(warnings)} to compare with the sources again." if warnings else "All fresh.")


def _day(text: Optional[str]) -> date:
    if text is None:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{text} is no day; write it like 2027-06-01.", 2)


def gaps(
    language: str = typer.Option("", help=f"Only texts to translate into {', '.join(ADDED)}."),
    folder: str = typer.Option("", help="Only one folder: national, rustavi …"),
    summary: bool = typer.Option(False, "--summary", help="Only the numbers."),
) -> None:
    """List what nobody could source yet, and what is not translated."""
    if language:
        demand("language to add", language, ADDED)
    files = read_knowledge()
    folders = sorted({file.folder for file in files.topics} | set(files.municipalities))
    if folder:
        demand("folder", folder, tuple(folders))
    found = [
        *(missing_translations(files, (language,)) if language else missing_facts(files)),
    ]
    found = [gap for gap in found if folder in ("", gap.folder)]
    if not summary:
        for gap in found:
            typer.echo(str(gap.finding))
    _print_numbers(files, found if not language else [], folder)


def export(
    form: str = typer.Option("html", "--format", help=f"One of {', '.join(FORMATS)}."),
    municipality: str = typer.Option("", help="The town; by default the one of the settings."),
    language: str = typer.Option(DEFAULT, help="Of the page; the other formats have them all."),
    output: str = typer.Option("-", help="A file to write; - is the terminal."),
) -> None:
    """Give the whole knowledge: a page to print, a table, or schema.org data for a web site."""
    town = municipality or settings.load().municipality
    loaded = load_knowledge()
    demand("format", form, FORMATS)
    demand("language", language, LANGUAGES)
    demand("town", town, tuple(loaded.knowledge.municipalities))
    text = write(loaded, form, town, language, clock.today())
    if output == "-":
        typer.echo(text, nl=False)
    else:
        Path(output).write_text(text, encoding="utf-8")
        typer.echo(f"{output} is written.")


def new_municipality(
    name: str = typer.Argument(..., help="The town in small Latin letters: gori"),
) -> None:
    """Make a folder for a new town, to fill in."""
    try:
        path = make_pack(knowledge_root(), name, clock.today())
    except (InputError, MissingError) as error:
        fail(str(error), error.exit_code)
    typer.echo(f"Fill in {path}, rename the folder to {name}, run `cbot knowledge check`.")


def _print_numbers(files: Files, unknown: list[Gap], folder: str) -> None:
    """Tell how many facts are missing and how far each language is, folder by folder."""
    table = Table(box=box.SIMPLE_HEAD)
    headings = ("folder", "texts", *ADDED, "facts missing")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "folder" else "right")
    needed: Counter[str] = Counter()
    done: Counter[tuple[str, str]] = Counter()
    for file in files.topics:
        for entry in file.entries.values():
            for _, texts in translated_texts(entry):
                needed[file.folder] += 1
                done.update((file.folder, language) for language in texts)
    facts = Counter(gap.folder for gap in unknown)
    for name in sorted({*needed, *facts}):
        if folder in ("", name):
            counts = (str(done[name, language]) for language in ADDED)
            table.add_row(name, str(needed[name]), *counts, str(facts[name]))
    Console(width=100).print(table)

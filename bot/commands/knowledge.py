"""`cbot knowledge`: check what the bot knows, look at an entry as a resident sees it, search it."""

from __future__ import annotations

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from bot import settings
from bot.commands import knowledge_notices, knowledge_upkeep
from bot.commands.knowledge_folder import demand, fail, knowledge_root, load_knowledge
from bot.core import answers, clock
from bot.core.errors import BotError, MissingError
from bot.core.knowledge import ATTRIBUTES, Entry, format_value
from bot.core.knowledge_folder import Loaded, check_all, load_all
from bot.core.languages import DEFAULT, LANGUAGES, pick
from bot.core.replies import Reply
from bot.store import knowledge_index, knowledge_search
from bot.store.database import open_database
from bot.store.migrate import upgrade

app = typer.Typer(
    help="What the bot knows: check it, look at it, search it.",
    no_args_is_help=True,
)


app.command()(knowledge_upkeep.stale)
app.command()(knowledge_upkeep.gaps)
app.command()(knowledge_upkeep.new_municipality)
app.command()(knowledge_upkeep.export)
app.add_typer(knowledge_notices.app, name="notice")


@app.command()
def check(
    strict: bool = typer.Option(False, help="Count warnings (outdated figures) as mistakes."),
) -> None:
    """Check the catalogue, all entries and all texts; every mistake is named with file and line."""
    root = knowledge_root()
    try:
        findings, warnings = check_all(root)
    except MissingError as error:
        fail(str(error), error.exit_code)
    for finding in findings:
        typer.echo(str(finding))
    for warning in warnings:
        typer.echo(f"{warning} (warning)")
    number = len(findings) + (len(warnings) if strict else 0)
    if number:
        typer.echo(f"{number} {'mistake' if number == 1 else 'mistakes'} to mend.", err=True)
        raise typer.Exit(1)
    loaded = load_all(root)
    number = sum(len(entries) for entries in _own_entries(loaded))
    typer.echo(f"{number} entries, {'all well' if not warnings else f'{len(warnings)} warnings'}.")


@app.command()
def show(
    id: str = typer.Argument(..., help="A service of the catalogue: local_fees.cleaning_fee"),
    municipality: str = typer.Option("", help="The town; by default the one of the settings."),
    language: str = typer.Option(DEFAULT, help=f"One of {', '.join(LANGUAGES)}."),
    attribute: str = typer.Option("", help=f"One of {', '.join(ATTRIBUTES)}."),
) -> None:
    """Show what a resident is answered, and what staff should know about the entry."""
    town = municipality or settings.load().municipality
    loaded = load_knowledge()
    demand("service", id, loaded.catalogue.services)
    demand("language", language, LANGUAGES)
    demand("town", town, tuple(loaded.knowledge.municipalities))
    if attribute:
        demand("attribute", attribute, ATTRIBUTES)
    reply = answers.card(
        loaded.knowledge, loaded.texts, loaded.catalogue, id, town, language, attribute or None
    )
    entry = loaded.knowledge.entry(id, town)
    console = Console()
    if console.is_terminal:
        _show_on_terminal(console, reply, entry, language)
    else:
        _show_plainly(reply, entry)
    if entry is None:
        raise typer.Exit(1)


@app.command()
def search(
    text: str = typer.Argument(..., help="Words as a resident types them, in any language."),
    limit: int = typer.Option(5, min=1, help="How many services at most."),
    municipality: str = typer.Option("", help="The town; by default the one of the settings."),
) -> None:
    """Find the entries whose texts are most like the words."""
    town = municipality or settings.load().municipality
    loaded = load_knowledge()
    demand("town", town, tuple(loaded.knowledge.municipalities))
    found = _found(loaded, text, town, limit)
    console = Console()
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("score", "service", "title"):
        table.add_column(heading)
    for service, score in found:
        entry = loaded.knowledge.entry(service, town)
        title = (pick(entry.title, DEFAULT) if entry else None) or ""
        if console.is_terminal:
            table.add_row(f"{score:.2f}", service, escape(title))
        else:
            typer.echo(f"{score:.2f}\t{service}\t{title}")
    if not found:
        fail("Nothing is like these words; try others.", 1)
    if console.is_terminal:
        console.print(table)


def _found(loaded: Loaded, text: str, town: str, limit: int) -> list[tuple[str, float]]:
    """Search in the database; it is made and filled when it is not."""
    url = settings.load().database_url
    contents = knowledge_index.contents(loaded.knowledge)
    try:
        upgrade(url)
        database = open_database(url)
        try:
            database.call(knowledge_index.replace, contents, contents.digest())
            return database.call(knowledge_search.search, text, town, limit)
        finally:
            database.close()
    except BotError as error:
        fail(str(error), error.exit_code)


def _own_entries(loaded: Loaded) -> list[list[Entry]]:
    """Give the entries that stand in files: the national ones, and each town's own."""
    merged = loaded.knowledge.merged
    return [
        [entry for entry in entries.values() if town is None or entry.own]
        for town, entries in merged.items()
    ]


def _staff_lines(entry: Entry) -> list[tuple[str, str]]:
    lines = [
        ("owner", entry.owner),
        ("rule", "the town's own" if entry.own else "national"),
        ("verified on", str(entry.verified_on or "")),
        ("review by", str(entry.review_by or "")),
        ("attributes", ", ".join(name for name in ATTRIBUTES if name in entry.attributes)),
        ("related", ", ".join(entry.related)),
    ]
    day = clock.today()
    for name in entry.facts:
        period = entry.period(name, day)
        if period is not None:
            until = f" to {period.valid_until}" if period.valid_until else ""
            state = "" if period.holds(day) else ", not valid today"
            value = f"{format_value(period.value)} {period.unit}".strip()
            lines.append(
                (
                    f"{{{name}}}",
                    f"{value} (from {period.valid_from}{until}, {period.source}{state})",
                )
            )
    return lines


def _reply_lines(reply: Reply) -> list[str]:
    return [
        *(f"[{button.title}] {button.payload}" for button in reply.buttons),
        *(f"{source.title}, {source.date}: {source.url}" for source in reply.sources),
        *(f"{link.title}: {link.url}" for link in reply.links),
    ]


def _show_plainly(reply: Reply, entry: Entry | None) -> None:
    typer.echo(reply.text)
    typer.echo()
    for line in _reply_lines(reply):
        typer.echo(line)
    for name, value in _staff_lines(entry) if entry else ():
        typer.echo(f"{name}: {value}")


def _show_on_terminal(console: Console, reply: Reply, entry: Entry | None, language: str) -> None:
    title = (pick(entry.long_title, language) if entry else None) or reply.service or ""
    console.print(Panel(escape(reply.text), title=escape(title), title_align="left"))
    for line in _reply_lines(reply):
        console.print(escape(line), style="dim", highlight=False, soft_wrap=True)
    table = Table(box=box.SIMPLE, show_header=False)
    for name, value in _staff_lines(entry) if entry else ():
        table.add_row(name, escape(value))
    console.print(table)

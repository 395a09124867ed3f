"""`cbot tick`, `cbot purge` and `cbot data`: what runs by itself, and what a person asks for."""

from __future__ import annotations

import csv
import getpass
import hashlib
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Optional

import typer

from bot import settings
from bot.core.clock import GEORGIA

if TYPE_CHECKING:
    from bot.store.database import Database

_ACTOR = f"cli:{getpass.getuser()}"

data = typer.Typer(help="What is held on a resident: give it out, erase it.", no_args_is_help=True)


@contextmanager
def open_store(current: settings.Settings) -> Iterator[Database]:
    """Open the database with its tables up to date."""
    from bot.store.database import open_database
    from bot.store.migrate import upgrade

    upgrade(current.database_url)
    database = open_database(current.database_url)
    try:
        yield database
    finally:
        database.close()


def tick() -> None:
    """Send reminders and news of submissions that are due; `cbot connectors` does it by itself."""
    from bot.core.knowledge_watch import KnowledgeKeeper
    from bot.store.ticking import Ticker

    current = settings.load()
    keeper = KnowledgeKeeper(current.knowledge)
    with open_store(current) as database:
        keep = current.privacy.retention
        ticker = Ticker(database, keeper.current, current.municipality, current.var, keep)
        done = ticker.run(time.time())
    typer.echo(_sentence(done) or "Nothing was due.")


def purge() -> None:
    """Erase what is older than CBOT_KEEP_…_DAYS says; what still runs is left alone."""
    from bot.store.purging import purge as erase_old

    current = settings.load()
    with open_store(current) as database:
        gone = erase_old(database, current.var, current.privacy.retention, time.time())
    typer.echo(_sentence(gone) or "Nothing was too old.")


@data.command()
def show(
    conversation: str = typer.Argument(..., help="tg:<chat>, fb:<page>:<person> or web:<id>."),
    output: Optional[Path] = typer.Option(None, help="A file; by default the terminal."),
) -> None:
    """Give everything held on a resident as a readable JSON file."""
    from bot.store import journal
    from bot.store.personal_data import as_file, collect
    from bot.store.salts import Salts

    current = settings.load()
    with open_store(current) as database:
        found = database.call(collect, conversation, Salts(current.var), time.time())
        # The journal cannot be erased: it names nobody, but can be asked about somebody.
        about = hashlib.sha256(conversation.encode()).hexdigest()[:16]
        database.call(journal.write, _ACTOR, "data.show", about)
    if output is None:
        typer.echo(as_file(found).decode())
    else:
        output.write_bytes(as_file(found))
        typer.echo(f"Written to {output}.")


@data.command()
def erase(
    conversation: str = typer.Argument(..., help="tg:<chat>, fb:<page>:<person> or web:<id>."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
) -> None:
    """Erase everything held on a resident; published words stay as a resident's."""
    from bot.store.erasing import erase_everywhere

    current = settings.load()
    if not yes:
        typer.confirm(f"Erase all that is held on {conversation}?", abort=True)
    with open_store(current) as database:
        erased = erase_everywhere(database, current.var, conversation, _ACTOR, time.time())
    typer.echo(f"Erased ({_sentence(erased.counts) or 'nothing was held'}), proof {erased.proof}.")


@data.command()
def affected(
    since: datetime = typer.Option(
        ..., formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="Georgian time."
    ),
    output: Optional[Path] = typer.Option(None, help="A file; by default the terminal."),
) -> None:
    """After an incident: whose data was there, in which fields, since a time, as CSV."""
    from bot.store import journal
    from bot.store.affected import affected as find

    current = settings.load()
    moment = since.replace(tzinfo=GEORGIA).timestamp()
    with open_store(current) as database:
        found = database.call(lambda connection: list(find(connection, moment)))
        database.call(journal.write, _ACTOR, "data.affected", since.isoformat())
    rows = [
        (one.person, one.table, one.rows, _moment(one.latest), " ".join(one.fields))
        for one in found
    ]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("conversation", "table", "rows", "latest", "fields"))
    writer.writerows(rows)
    if output is None:
        typer.echo(out.getvalue(), nl=False)
    else:
        output.write_text(out.getvalue(), encoding="utf-8")
        people = len({one.person for one in found})
        typer.echo(f"{people} people, written to {output}.")


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, GEORGIA).isoformat(timespec="minutes")


def _sentence(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items()) if number)

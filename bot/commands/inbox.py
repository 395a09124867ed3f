"""`cbot inbox`: what waits, is held or was given up, and trying it again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Optional

import typer
from rich.console import Console
from rich.table import Table

from bot import settings
from bot.core.errors import InputError

if TYPE_CHECKING:
    from bot.store.database import Database
    from bot.store.letters import Letter

app = typer.Typer(
    help="Messages that wait, are held or were given up.",
    no_args_is_help=True,
)

_OUTGOING = typer.Option(False, "--outgoing", help="messages to residents instead of theirs")


@app.callback()
def _group() -> None:
    """Messages that wait, are held or were given up."""


@app.command("list")
def show_list(
    state: str = typer.Option("dead", help="new, leased, done, held or dead (given up)"),
    limit: int = typer.Option(50, min=1, max=1000, help="the newest so many"),
    outgoing: bool = _OUTGOING,
) -> None:
    """List messages in a state, the newest first, without what was said."""
    from bot.store import letters

    if state not in letters.STATES:
        raise typer.BadParameter(f"give one of {', '.join(letters.STATES)}", param_hint="--state")
    with _database() as database:
        found = database.call(letters.letters, _queue(outgoing), state, limit)
    if not found:
        typer.echo("None.")
        return
    table = Table("id", "channel", "conversation", "kind", "age", "attempts", "error", box=None)
    for letter in found:
        table.add_row(*_cells(letter))
    Console().print(table)


@app.command()
def show(
    id: int,
    words: bool = typer.Option(False, "--words", help="also what was said: personal data"),
    outgoing: bool = _OUTGOING,
) -> None:
    """Show one message; what was said only when asked for."""
    from bot.store import letters

    with _database() as database:
        found = database.call(letters.opened, _queue(outgoing), id)
    if found is None:
        raise InputError(f"There is no message {id}; `cbot inbox list` shows which there are.")
    letter = found.letter
    for name in ("id", "channel", "conversation", "kind", "state", "attempts", "error"):
        typer.echo(f"{name}: {getattr(letter, name)}")
    typer.echo(f"since: {time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(letter.created_at))}")
    if words:
        typer.echo(f"body: {json.dumps(found.body, ensure_ascii=False)}")
        if found.raw is not None:
            typer.echo(f"as it came: {json.dumps(found.raw, ensure_ascii=False)}")


@app.command()
def replay(
    id: Optional[int] = typer.Argument(None, help="one message that was given up"),
    all: bool = typer.Option(False, "--all", help="all that were given up"),
    outgoing: bool = _OUTGOING,
) -> None:
    """Try again what was given up: answer it, or send it."""
    from bot.store import letters

    if (id is None) != all:
        raise typer.BadParameter("give either an id or --all")
    again: Callable[..., bool] = letters.send_again if outgoing else letters.replay
    with _database() as database:
        if id is not None:
            if not database.call(again, id, time.time()):
                raise InputError(f"The message {id} was not given up; nothing was changed.")
            done = 1
        else:
            found = database.call(letters.letters, _queue(outgoing), "dead", 1_000_000)
            # The oldest first, so that a conversation's messages keep their order.
            done = sum(database.call(again, letter.id, time.time()) for letter in found[::-1])
    typer.echo(f"{done} will be tried again.")


@contextmanager
def _database() -> Iterator[Database]:
    from bot.store.database import open_database

    database = open_database(settings.load().database_url)
    try:
        yield database
    finally:
        database.close()


def _queue(outgoing: bool) -> str:
    from bot.store import leases

    return leases.OUTBOX if outgoing else leases.INBOX


def _cells(letter: Letter) -> list[str]:
    age = max(0.0, time.time() - letter.created_at)
    shown = f"{age / 3600:.1f} h" if age > 3600 else f"{age / 60:.0f} min"
    return [
        str(letter.id),
        letter.channel,
        letter.conversation[:24],
        letter.kind,
        shown,
        str(letter.attempts),
        letter.error or "",
    ]

"""`cbot staff`: who may sign in to the console."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Optional, TypeVar

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Connection

from bot import settings
from bot.core.errors import InputError
from bot.core.staff import Role
from bot.store import journal, staff
from bot.store.database import open_database
from bot.store.migrate import upgrade
from bot.store.staff import Member, NewMember
from console.credentials import INVITED_SECONDS, Keyring

app = typer.Typer(help="Who may sign in to the console.", no_args_is_help=True)

T = TypeVar("T")
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}\Z")
_ACTOR = "cli"


@app.command()
def add(
    name: str = typer.Argument(..., help="The name to sign in with: small Latin letters, digits."),
    role: Role = typer.Option(Role.CLERK, help="What this person may do."),
    full_name: str = typer.Option("", help="The name colleagues read."),
    municipality: Optional[str] = typer.Option(None, help="Sees this town only; by default all."),
) -> None:
    """Add somebody; prints a one-time password with which they choose their own."""
    if not _NAME.match(name):
        raise InputError(
            f"{name!r} is no name to sign in with; use 2 to 40 of a-z, 0-9, dot, _ and -."
        )
    new = NewMember(name, full_name or name, role, municipality)
    current = settings.load()
    password, invitation = Keyring(current.secret_key).invite(time.time())

    def work(connection: Connection) -> Member:
        member = staff.add(connection, new, invitation, time.time())
        journal.write(connection, _ACTOR, "staff.add", member.actor, {"role": role.value})
        return member

    _in_database(current, work)
    _print_invitation(current, name, password)


@app.command()
def reset(name: str = typer.Argument(..., help="Who signs in with it.")) -> None:
    """Let somebody choose a new password and second factor; their sessions end."""
    current = settings.load()
    password, invitation = Keyring(current.secret_key).invite(time.time())

    def work(connection: Connection) -> None:
        member = _known(connection, name)
        staff.invite_again(connection, member.id, invitation)
        journal.write(connection, _ACTOR, "staff.reset", member.actor)

    _in_database(current, work)
    _print_invitation(current, name, password)


@app.command()
def disable(name: str = typer.Argument(..., help="Who signs in with it.")) -> None:
    """Shut somebody out at once; `cbot staff reset` lets them in again."""

    def work(connection: Connection) -> None:
        member = _known(connection, name)
        staff.disable(connection, member.id, time.time())
        journal.write(connection, _ACTOR, "staff.disable", member.actor)

    _in_database(settings.load(), work)
    typer.echo(f"{name} is shut out.")


@app.command("list")
def list_all() -> None:
    """List everybody."""
    table = Table("name", "who", "role", "town", "state", box=box.SIMPLE)
    for member in _in_database(settings.load(), staff.everybody):
        table.add_row(
            member.name,
            member.full_name,
            member.role.value,
            member.municipality or "all",
            _state(member),
        )
    Console().print(table)


def _state(member: Member) -> str:
    if member.disabled_at is not None:
        return "shut out"
    return "active" if member.enrolled_at is not None else "invited"


def _known(connection: Connection, name: str) -> Member:
    member = staff.by_name(connection, name)
    if member is None:
        raise InputError(f"There is nobody who signs in as {name}; see `cbot staff list`.")
    return member


def _in_database(current: settings.Settings, work: Callable[..., T]) -> T:
    upgrade(current.database_url)
    database = open_database(current.database_url)
    try:
        return database.call(work)
    finally:
        database.close()


def _print_invitation(current: settings.Settings, name: str, password: str) -> None:
    days = INVITED_SECONDS // 86_400
    typer.echo(f"Sign in at {current.console_url}/sign-in within {days} days:")
    typer.echo(f"  name               {name}")
    typer.echo(f"  one-time password  {password}")
    typer.echo("Then choose a password and set up the second factor (an authenticator app).")

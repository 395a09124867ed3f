"""`cbot channels`: how Messenger and Telegram are set up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from bot import settings
from bot.core.errors import MissingError

if TYPE_CHECKING:
    from bot.settings import Settings
    from connectors.administration import Administration, Finding

app = typer.Typer(
    help="Messenger and Telegram: what is set up, and setting it up.", no_args_is_help=True
)

_STYLES = {"ok": "green", "note": "yellow", "wrong": "bold red", "off": "dim"}


@app.callback()
def _group() -> None:
    """Messenger and Telegram."""


@app.command()
def check() -> None:
    """Tell for each channel what is configured and whether it works; exit code 3 if not."""
    _go("check")


@app.command()
def setup() -> None:
    """Apply menus, commands, descriptions and webhooks at the platforms; safe to repeat."""
    _go("setup")


def _go(step: str) -> None:
    from connectors.administration import OFF, WRONG, Finding, administrations, switched_off

    current = settings.load()
    wrong = 0
    for one in administrations(current):
        findings = asyncio.run(_ask(one, step))
        if step == "check":
            findings = [*findings, *_seen(current, one.name)]
        _print(one.name, findings)
        wrong += sum(finding.state == WRONG for finding in findings)
    for name, hint in switched_off(current).items():
        _print(name, [Finding("channel", OFF, hint)])
    if wrong:
        raise MissingError(f"{wrong} of these must be mended; docs/operators tells how.")


async def _ask(one: Administration, step: str) -> Sequence[Finding]:
    return await (one.setup() if step == "setup" else one.check())


def _seen(current: Settings, name: str) -> list[Finding]:
    """Tell what the database knows: the last event, and whether sending is stopped."""
    from bot.store import channels, migrate
    from bot.store.database import open_database
    from connectors.administration import NOTE, OK, WRONG, Finding

    migrate.upgrade(current.database_url)
    database = open_database(current.database_url)
    try:
        found = [s for s in database.call(channels.states) if s.channel == name]
    finally:
        database.close()
    findings = []
    for state in found:
        if state.last_event_at is None:
            findings.append(Finding("last event", NOTE, "none yet: write to the bot once"))
        else:
            ago = max(0, round(time.time() - state.last_event_at))
            findings.append(Finding("last event", OK, f"{ago} seconds ago"))
        if state.stopped is not None:
            findings.append(Finding("sending", WRONG, f"stopped: {state.stopped}"))
        elif (state.paused_until or 0) > time.time():
            findings.append(Finding("sending", NOTE, "paused for a while by the platform"))
    return findings


def _print(name: str, findings: Sequence[Finding]) -> None:
    console = Console()
    console.print(f"[bold]{name}[/bold]")
    for finding in findings:
        style = _STYLES[finding.state]
        console.print(f"  [{style}]{finding.state:<5}[/{style}]", end=" ")
        console.print(f"{finding.what}: {finding.text}", markup=False, soft_wrap=True)

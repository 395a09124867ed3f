"""`cbot misses`: what the bot did not answer."""

from __future__ import annotations

import json
from typing import List, Optional

import typer

from bot import settings
from bot.core.errors import InputError
from bot.store import misses
from bot.store.database import open_database
from bot.store.migrate import upgrade
from bot.store.misses import Group

app = typer.Typer(help="What the bot did not answer.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """What the bot did not answer."""


@app.command("list")
def list_misses(
    state: Optional[List[str]] = typer.Option(
        None, "--state", help="new, taught, test, dismissed or solved; new without it."
    ),
    limit: int = typer.Option(30, min=1, help="How many groups at most."),
    jsonl: bool = typer.Option(False, "--jsonl", help="One group a line, for programs."),
) -> None:
    """List messages that were not answered, grouped by likeness, the heaviest first."""
    states = tuple(state or (misses.NEW,))
    if unknown := [name for name in states if name not in misses.STATES]:
        raise InputError(f"{unknown[0]} is no state; give one of {', '.join(misses.STATES)}.")
    url = settings.load().database_url
    upgrade(url)
    database = open_database(url)
    try:
        found = misses.groups(database.call(misses.listing, states=states))[:limit]
    finally:
        database.close()
    if jsonl:
        for group in found:
            typer.echo(json.dumps(_as_json(group), ensure_ascii=False))
        return
    for group in found:
        _show(group)
    if not found:
        typer.echo(f"Nothing is {' or '.join(states)}.")


def _as_json(group: Group) -> dict[str, object]:
    return {
        "count": group.count,
        "residents": group.residents,
        "messages": [
            {
                "id": miss.id,
                "text": miss.text,
                "kind": miss.kind,
                "language": miss.language,
                "state": miss.state,
                "guesses": list(miss.guesses),
                "service": miss.service,
                "reason": miss.reason,
            }
            for miss in group.misses
        ],
    }


def _show(group: Group) -> None:
    times = f"{group.count} times" if group.count > 1 else "once"
    people = f"{group.residents} residents" if group.residents > 1 else "one resident"
    typer.echo(f"{group.head.text}   ({times}, {people}, {group.head.language})")
    for miss in group.misses[1:4]:
        typer.echo(f"    also: {miss.text}")
    if group.head.kind == misses.FEEDBACK:
        typer.echo(f"    called a bad answer of {group.head.service}: {group.head.reason or '–'}")
    guesses = [f"{guess['label']} {guess['confidence']:.2f}" for guess in group.head.guesses]
    typer.echo(f"    guessed: {', '.join(guesses) or '–'}")

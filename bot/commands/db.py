"""`cbot db`: the database."""

from __future__ import annotations

import typer

from bot import settings

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The database."""


@app.command()
def upgrade() -> None:
    """Create the tables, or bring them to this version; safe to repeat."""
    from bot.store.migrate import upgrade as migrate

    migrate(settings.load().database_url)
    typer.echo("The database is up to date.")

"""`cbot run`, and each of its processes alone: `cbot engine`, `cbot connectors`, `cbot console`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Optional

import typer

from bot import settings


def run() -> None:
    """Serve everything: database, training when needed, engine, connectors, console."""
    from bot.commands.supervisor import Supervisor

    raise typer.Exit(Supervisor(settings.load()).run())


def engine(
    model: Optional[Path] = typer.Option(None, help="A model's file instead of the live one."),
) -> None:
    """Serve the engine on loopback: understanding, dialogue, actions."""
    from bot.commands.agent import load_agent, load_live_agent

    current = settings.load()
    log_to_stderr()
    if model is None:
        agent = load_live_agent(current)
    else:
        agent = load_agent(current, model, in_memory=False)
    from bot.engine.server import serve

    serve(current, agent)


def connectors() -> None:
    """Serve the residents' side: web chat page, webhooks, inbox, outbox."""
    log_to_stderr()
    from connectors.app import run as serve

    serve(settings.load())


def console() -> None:
    """Serve the console for staff on loopback."""
    log_to_stderr()
    from console.app import run as serve

    serve(settings.load())


def log_to_stderr() -> None:
    """Log from INFO on; libraries that would print addresses with tokens only warnings."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in ("httpx", "httpcore", "rasa", "rasa_sdk", "uvicorn", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)

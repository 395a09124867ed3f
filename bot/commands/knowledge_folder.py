"""What the commands about the knowledge share: where it is, loading it, saying what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import typer

from bot import settings
from bot.core.catalogue import load_catalogue
from bot.core.errors import InputError, MissingError
from bot.core.knowledge_files import Files, read_files
from bot.core.knowledge_folder import Loaded, load_all
from bot.core.yaml_shapes import suggestion


def knowledge_root() -> Path:
    """Give the knowledge folder of the settings."""
    return settings.load().knowledge


def load_knowledge() -> Loaded:
    """Load the knowledge; ends the command with the findings when it does not pass its check."""
    try:
        return load_all(knowledge_root())
    except InputError as error:
        for finding in error.findings:
            typer.echo(str(finding))
        fail(f"{error} Mend them first; `cbot knowledge check` lists them.", error.exit_code)
    except MissingError as error:
        fail(str(error), error.exit_code)


def read_knowledge() -> Files:
    """Read the files as they stand, with the lines of everything; they must pass the check."""
    load_knowledge()
    root = knowledge_root()
    return read_files(root, load_catalogue(root))


def fail(message: str, code: int) -> NoReturn:
    """End the command with a message on the error stream."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def demand(what: str, value: str, known: tuple[str, ...]) -> None:
    """End the command when ``value`` is not among the ``known`` ones."""
    if value not in known:
        fail(f"There is no {what} {value}{suggestion(value, known)}", 1)

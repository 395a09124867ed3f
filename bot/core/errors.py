"""The errors of C-Bot, one tree.

BotError
├── InputError            the input is wrong; carries findings with file and line   (exit code 1)
└── MissingError          something needed is not there: a model, a database        (exit code 3)
    └── EngineUnavailable the engine does not answer now; try again later
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One mistake in a file that a person edits: where it is, what is wrong and what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class BotError(Exception):
    """Something C-Bot can name went wrong."""

    exit_code = 1


class InputError(BotError):
    """The input is wrong.

    ``findings`` lists every mistake found, in the order of the files, so that all are
    mended in one go.
    """

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class MissingError(BotError):
    """Something needed is not there; the message says in one sentence what to do."""

    exit_code = 3


class EngineUnavailable(MissingError):
    """The engine does not answer; the message waits in the inbox and is tried again."""


def relative(path: Path, root: Path) -> str:
    """Give ``path`` as people name it: relative to the project's ``root`` when inside it."""
    try:
        return str(path.resolve().relative_to(root.resolve()))
    except ValueError:
        return str(path)

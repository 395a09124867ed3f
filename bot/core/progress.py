"""Telling how far some long work has come."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told of steps; whoever shows them decides how."""

    def step(self, name: str, total: int | None = None) -> None:
        """A step begins; ``total`` is how many parts it has, if that is known."""

    def advance(self, count: int = 1) -> None:
        """So many more parts of the present step are done."""


class Silent:
    """Tells nobody."""

    def step(self, name: str, total: int | None = None) -> None:
        """Pass over it."""

    def advance(self, count: int = 1) -> None:
        """Pass over it."""

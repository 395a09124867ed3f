"""What a town decided about personal data: who answers for it, and how long it is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Retention:
    """How many days things are kept.

    Args:
        messages: what was said, by either side, after it was answered or sent.
        conversations: the engine's memory of a conversation in which nothing is said any more.
        photos: photos that belong to no submission.
        submissions: who handed in a submission, and unpublished words, after it ended.
    """

    messages: int = 30
    conversations: int = 30
    photos: int = 30
    submissions: int = 1095


@dataclass(frozen=True)
class Privacy:
    """What the notice about personal data says.

    Args:
        controller: who answers for the data; empty for the town's city hall.
        officer: how to reach the data protection officer; empty when nobody was named yet.
        retention: how long things are kept.
    """

    controller: str = ""
    officer: str = ""
    retention: Retention = Retention()

    @property
    def version(self) -> str:
        """Name what the notice says: a resident reads it again when it changes."""
        said = repr((self.controller, self.officer, self.retention))
        return hashlib.sha256(said.encode()).hexdigest()[:12]

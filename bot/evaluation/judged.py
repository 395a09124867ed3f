"""Asking an examination: each message with what is right and what the understanding made of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.core.catalogue import DIALOGUE
from bot.core.examination import Question
from bot.core.progress import Progress

ANSWERED, OFFERED, NOT_UNDERSTOOD = "answered", "offered", "not_understood"
OUT_OF_SCOPE = f"{DIALOGUE}.out_of_scope"

#: From a text to the line of `cbot parse --jsonl`.
Understand = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class Judged:
    """One message of an examination, answered.

    Attributes:
        language: as the message is written (``ka-Latn`` too).
        label: the right id.
        found_language: the one the understanding told.
        outcome: answered, offered or not_understood.
        ranking: the likeliest ids, the best first.
        confidence: of the best one.
        seconds: how long understanding it took.
    """

    text: str
    language: str
    label: str
    found_language: str
    outcome: str
    ranking: tuple[str, ...]
    confidence: float
    seconds: float = 0.0

    @property
    def given(self) -> str:
        """The best guess, whatever the outcome."""
        return self.ranking[0] if self.ranking else ""

    @property
    def right(self) -> bool:
        """Whether the best guess is the right id."""
        return self.given == self.label

    @property
    def among_three(self) -> bool:
        """Whether the right id is one of the first three."""
        return self.label in self.ranking[:3]

    @property
    def wrongly_answered(self) -> bool:
        """Whether the resident got another service's answer for sure."""
        return self.outcome == ANSWERED and not self.right

    @property
    def language_right(self) -> bool:
        """Whether the language was told rightly."""
        return self.found_language == self.language.partition("-")[0]

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {**asdict(self), "ranking": list(self.ranking)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Judged:
        """Read what :meth:`to_json` gave."""
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        return cls(**{**known, "ranking": tuple(data["ranking"])})


def ask(
    understand: Understand, questions: Sequence[Question], progress: Progress, step: str
) -> list[Judged]:
    """Put each message to the understanding, in their order."""
    progress.step(step, len(questions))
    judged = []
    for question in questions:
        begun = time.perf_counter()
        line = understand(question.text)
        judged.append(
            Judged(
                text=question.text,
                language=question.language,
                label=question.label,
                found_language=str(line["language"]),
                outcome=str(line["outcome"]),
                ranking=tuple(guess["label"] for guess in line["ranking"][:3]),
                confidence=float(line["confidence"]),
                seconds=round(time.perf_counter() - begun, 5),
            )
        )
        progress.advance()
    return judged

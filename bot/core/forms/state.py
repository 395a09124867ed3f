"""What a form knows between two messages: the answers so far and the question that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.submissions.model import Kind, Place

#: The form of each kind, as the domain names it.
FORMS = {Kind.IDEA: "idea_form", Kind.PROBLEM: "problem_form", Kind.CO_FUNDING: "co_funding_form"}

#: An unfinished form is offered again for so long, then it is forgotten.
KEPT_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class State:
    """An unfinished form.

    ``answers`` holds one value for each question answered, None for one that was skipped.
    ``id`` names the submission it will become: confirmed twice, it is still one. ``change`` tells
    that a question is asked again from the preview. ``offer`` is a side question that waits:
    the kind of another form with the words that asked for it, or ``cancel``. ``turns`` counts
    the messages taken.

    ``near`` is a place told so far that is too wide to be the answer, ``elsewhere`` the other town
    that was named. ``understood`` tells that the place was read from words about the matter and
    the resident has not heard so yet.
    """

    id: str
    kind: Kind
    began_at: float
    question: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    photos: tuple[str, ...] = ()
    programme: str = ""
    failures: int = 0
    change: bool = False
    offer: str = ""
    offer_text: str = ""
    all_categories: bool = False
    looked_for_twins: bool = False
    turns: int = 0
    near: Mapping[str, Any] | None = None
    elsewhere: str = ""
    understood: bool = False
    touched_at: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether it was only just opened, by a button that says nothing of what it is about."""
        return not (self.answers or self.programme)

    @property
    def place(self) -> Place | None:
        """The place told so far."""
        value = self.answers.get("place")
        return Place.from_json(value) if value else None

    @property
    def around(self) -> Place | None:
        """The place told so far when it is still too wide."""
        return Place.from_json(self.near) if self.near and "place" not in self.answers else None

    @property
    def placed(self) -> bool:
        """Whether anything is known of where it is."""
        return (self.place or self.around) is not None

    def answered(self, question: str, value: Any) -> State:
        """Give the state with an answer taken."""
        return replace(self, answers={**self.answers, question: value}, failures=0)

    def without(self, *questions: str) -> State:
        """Give the state in which these questions were not yet answered."""
        kept = {name: value for name, value in self.answers.items() if name not in questions}
        return replace(self, answers=kept)

    def to_json(self) -> dict[str, Any]:
        """Give the state as plain JSON values; what is as at the beginning is left out."""
        values = {
            "id": self.id,
            "kind": self.kind.value,
            "began_at": self.began_at,
            "question": self.question,
            "answers": dict(self.answers),
            "photos": list(self.photos),
            "programme": self.programme,
            "failures": self.failures,
            "change": self.change,
            "offer": self.offer,
            "offer_text": self.offer_text,
            "all_categories": self.all_categories,
            "looked_for_twins": self.looked_for_twins,
            "turns": self.turns,
            "near": dict(self.near) if self.near else None,
            "elsewhere": self.elsewhere,
            "understood": self.understood,
            "touched_at": self.touched_at,
        }
        return {name: value for name, value in values.items() if value or name == "began_at"}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> State:
        """Read what :meth:`to_json` wrote.

        Raises:
            KeyError: when it is no state.
            ValueError: likewise.
        """
        given = dict(data)
        given["kind"] = Kind(given["kind"])
        given["photos"] = tuple(given.get("photos") or ())
        return cls(**{name: given[name] for name in cls.__dataclass_fields__ if name in given})

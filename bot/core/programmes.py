"""The programmes of a town in which residents can take part: what is open, asked and scored.

They are data, ``knowledge/<municipality>/programmes.yml``; reading and checking them is
:mod:`bot.core.programmes_files`. A programme is open only when its dates say so: what nobody
knows to be open is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.core.clock import GEORGIA
from bot.core.knowledge import SourceRef
from bot.core.languages import pick
from bot.core.submissions.model import Kind

CO_FUNDING = "co_funding"
CIVIL_BUDGET = "civil_budget"
IDEA_ROUND = "idea_round"
REQUEST = "request"
#: What a programme takes: money is asked for, ideas are gathered, or a small thing is asked for.
KINDS = (CO_FUNDING, CIVIL_BUDGET, IDEA_ROUND, REQUEST)

#: How a question is answered.
TYPES = ("text", "number", "money", "month", "choice", "yes_no", "phone")

#: Whether a form asks for a place or a photo.
WISHES = ("required", "optional", "none")


@dataclass(frozen=True)
class Option:
    """One answer of a question that offers several."""

    id: str
    title: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """A question of a programme's own form."""

    id: str
    ask: Mapping[str, str]
    type: str = "text"
    required: bool = True
    least: float | None = None
    most: float | None = None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule of eligibility, with where it is written.

    ``question`` names the answer that decides it, with ``one_of``, ``at_least`` or ``at_most``; a
    rule without one is ticked by staff alone.
    """

    id: str
    text: Mapping[str, str]
    source: str
    question: str = ""
    one_of: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Criterion:
    """What staff score, from 0 to ``most``."""

    id: str
    title: Mapping[str, str]
    most: float


@dataclass(frozen=True)
class Programme:
    """One programme of one town.

    ``opens`` and ``closes`` are its first and last day, None when unknown; a ``standing`` one
    has no dates and takes contributions always. ``most`` is the largest sum to ask for in GEL and
    ``own_share`` the least share in per cent that applicants bring themselves.
    """

    id: str
    municipality: str
    kind: str
    service: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    opens: date | None = None
    closes: date | None = None
    standing: bool = False
    questions: tuple[Question, ...] = ()
    place: str = "none"
    photo: str = "none"
    most: float | None = None
    own_share: float | None = None
    rules: tuple[Rule, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    sources: Mapping[str, SourceRef] = field(default_factory=dict)

    @property
    def takes(self) -> Kind:
        """The kind of submission that it takes."""
        return Kind.CO_FUNDING if self.kind == CO_FUNDING else Kind.IDEA

    @property
    def closes_at(self) -> float | None:
        """The moment after its last day, in seconds since 1970; None when it has no last day."""
        if self.closes is None:
            return None
        return datetime.combine(self.closes + timedelta(days=1), time(), GEORGIA).timestamp()

    def is_open(self, day: date) -> bool:
        """Tell whether it takes contributions on this day."""
        if self.standing:
            return True
        return (
            self.opens is not None
            and self.opens <= day
            and (self.closes is None or day <= self.closes)
        )

    def name(self, language: str) -> str:
        """Give its title in ``language`` or the next best one."""
        return pick(self.title, language) or self.id

    def question(self, id: str) -> Question | None:
        """Give a question by its id."""
        return next((question for question in self.questions if question.id == id), None)

    def failed_rules(self, answers: Mapping[str, Any]) -> tuple[Rule, ...]:
        """Give the rules that the answers given so far do not meet."""
        return tuple(rule for rule in self.rules if _fails(rule, answers))


#: The programmes of one town by id, in the order of the file.
Programmes = Mapping[str, Programme]


def open_ones(programmes: Programmes, kind: str, day: date) -> tuple[Programme, ...]:
    """Give the programmes of a kind that are open on this day."""
    return tuple(p for p in programmes.values() if p.kind == kind and p.is_open(day))


def next_to_open(programmes: Programmes, kind: str, day: date) -> Programme | None:
    """Give the programme of a kind that opens next; None when no day is known."""
    coming = [
        p for p in programmes.values() if p.kind == kind and p.opens is not None and p.opens > day
    ]
    return min(coming, key=lambda p: p.opens or date.max, default=None)


def _fails(rule: Rule, answers: Mapping[str, Any]) -> bool:
    if not rule.question or rule.question not in answers:
        return False
    answer = answers[rule.question]
    if rule.one_of:
        return str(answer) not in rule.one_of
    if not isinstance(answer, int | float):
        return False
    too_low = rule.at_least is not None and answer < rule.at_least
    return too_low or (rule.at_most is not None and answer > rule.at_most)

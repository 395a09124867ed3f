"""What residents hand in: ideas, problem reports and co-funding enquiries.

A submission has two axes. Its *stage* says what the city does with it, its *visibility* whether
others may see it. Both change only through :func:`bot.core.submissions.transitions.transition`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Kind(str, Enum):
    """What a resident hands in."""

    IDEA = "idea"
    PROBLEM = "problem"
    CO_FUNDING = "co_funding"


class Visibility(str, Enum):
    """Who may see a submission's text."""

    #: The author and the city's staff.
    PRIVATE = "private"
    #: Everybody.
    PUBLIC = "public"
    #: Staff alone: it broke a rule.
    HIDDEN = "hidden"


class Publicity(str, Enum):
    """What an author agreed to have published."""

    WITH_NAME = "with_name"
    WITHOUT_NAME = "without_name"
    NOT_AT_ALL = "not_at_all"


class StageType(str, Enum):
    """What a stage means to somebody who waits."""

    OPEN = "open"
    #: The city did what it said.
    DONE = "done"
    #: It ends here without that.
    CLOSED = "closed"


#: Every stage with its type. Their names for residents stand in the texts, under ``stages``.
STAGES: Mapping[str, StageType] = {
    "received": StageType.OPEN,
    "in_review": StageType.OPEN,
    "needs_info": StageType.OPEN,
    "merged": StageType.CLOSED,
    "withdrawn": StageType.CLOSED,
    "closed": StageType.CLOSED,
    "declined": StageType.CLOSED,
    # Ideas.
    "accepted": StageType.OPEN,
    "planned": StageType.OPEN,
    "done": StageType.DONE,
    # Problems.
    "in_progress": StageType.OPEN,
    "referred": StageType.CLOSED,
    "fixed": StageType.DONE,
    "confirmed": StageType.DONE,
    # Co-funding.
    "eligible": StageType.OPEN,
    "ineligible": StageType.CLOSED,
    "evaluated": StageType.OPEN,
    "reserve": StageType.OPEN,
    "approved": StageType.OPEN,
    "rejected": StageType.CLOSED,
    "contracted": StageType.OPEN,
    "completed": StageType.DONE,
    "lapsed": StageType.CLOSED,
}

#: The stages in which the city still owes something.
OPEN_STAGES = tuple(name for name, type in STAGES.items() if type is StageType.OPEN)

RESIDENT = "resident"
TIMER = "timer"
STAFF_PREFIX = "staff:"


def is_staff(actor: str) -> bool:
    """Tell whether an actor is one of the city's staff."""
    return actor.startswith(STAFF_PREFIX)


@dataclass(frozen=True)
class Place:
    """Where something is: a pin, a street in words, or both."""

    text: str = ""
    lat: float | None = None
    lon: float | None = None
    district: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give the place as plain JSON values."""
        return {"text": self.text, "lat": self.lat, "lon": self.lon, "district": self.district}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Place:
        """Read what :meth:`to_json` wrote."""
        return cls(
            text=str(data.get("text") or ""),
            lat=data.get("lat"),
            lon=data.get("lon"),
            district=str(data.get("district") or ""),
        )


@dataclass(frozen=True)
class Draft:
    """What a form gathered and the resident confirmed.

    ``conversation`` is the author; ``answers`` holds a programme's own questions by name.
    ``photos`` are ids of the connectors' media.
    """

    kind: Kind
    conversation: str
    municipality: str
    language: str
    body: str
    title: str = ""
    category: str = ""
    place: Place | None = None
    photos: tuple[str, ...] = ()
    programme: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    phone: str = ""
    publicity: Publicity = Publicity.WITHOUT_NAME


@dataclass(frozen=True)
class Submission:
    """A submission as it stands now; times are seconds since 1970.

    ``conversation`` is None when its author had everything about them erased. ``before_hiding``
    is the visibility to which an unhidden submission returns.
    """

    id: int
    code: str
    kind: Kind
    municipality: str
    conversation: str | None
    language: str
    stage: str
    created_at: float
    stage_since: float
    visibility: Visibility = Visibility.PRIVATE
    before_hiding: Visibility = Visibility.PRIVATE
    publicity: Publicity = Publicity.WITHOUT_NAME
    body: str = ""
    title: str = ""
    category: str = ""
    place: Place | None = None
    photos: tuple[str, ...] = ()
    programme: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    phone: str = ""
    due_at: float | None = None
    assignee: str | None = None
    merged_into: str | None = None
    official_ref: str = ""

    @property
    def type(self) -> StageType:
        """Whether it is open, done or closed."""
        return STAGES[self.stage]

    @property
    def open(self) -> bool:
        """Whether the city still owes something."""
        return self.type is StageType.OPEN


@dataclass(frozen=True)
class Event:
    """Something that is to happen to a submission.

    ``text`` is what the resident is told in the words of whoever acts (an answer, a question, new
    words of the resident); ``reason`` a code of :mod:`bot.core.submissions.reasons`; ``data`` what
    the event needs besides, see :data:`bot.core.submissions.transitions.ARROWS`. What the author
    sends along stands there too: ``photos``, ids of the connectors' media, and ``place``, a pin.
    """

    type: str
    text: str = ""
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """An event that happened: one line of a submission's history."""

    id: int
    at: float
    actor: str
    type: str
    from_stage: str | None
    to_stage: str
    text: str = ""
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

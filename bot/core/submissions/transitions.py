"""The one place that says what may happen to a submission, who may do it, and where it leads.

:data:`ARROWS` is the whole table; whatever it does not list is refused. An arrow's guards are in
:mod:`bot.core.submissions.guards`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from bot.core.submissions import guards
from bot.core.submissions.guards import Guard, Known, Refused
from bot.core.submissions.model import (
    OPEN_STAGES,
    RESIDENT,
    STAGES,
    TIMER,
    Event,
    Kind,
    Submission,
    Visibility,
    is_staff,
)

__all__ = ["ARROWS", "Arrow", "Change", "Known", "Refused", "Telling", "possible", "transition"]

ALL = tuple(Kind)
IDEA, PROBLEM, MONEY = (Kind.IDEA,), (Kind.PROBLEM,), (Kind.CO_FUNDING,)
ANYWHERE = tuple(STAGES)


class Telling(str, Enum):
    """How the author and the followers hear of a change."""

    #: In the same turn: they did it themselves.
    REPLY = "reply"
    #: At once, whatever else was sent today: the city asks something.
    ASKS = "asks"
    #: As a message, at most one a day for a submission.
    NEWS = "news"
    #: Only along with other news, and in the list of one's own.
    DIGEST = "digest"
    #: Not at all: it is the staff's own business.
    NEVER = "never"


@dataclass(frozen=True)
class Arrow:
    """One line of the table.

    Args:
        event: the type of the event.
        who: ``staff``, ``author`` or ``timer``.
        sources: the stages it starts from.
        to: the stage it leads to; None when it stays where it is.
        telling: how residents hear of it.
        followers: whether followers hear of it too.
    """

    event: str
    who: str
    sources: tuple[str, ...]
    to: str | None
    telling: Telling
    kinds: tuple[Kind, ...] = ALL
    guards: tuple[Guard, ...] = ()
    visibility: Visibility | None = None
    followers: bool = True

    @property
    def text_id(self) -> str:
        """The id of the text that tells of it."""
        return (
            f"told_{self.event}_{self.to}" if self.event in SEVERAL_ENDS else f"told_{self.event}"
        )


#: Events that lead to different stages, each with a text of its own.
SEVERAL_ENDS = frozenset({"check", "decide"})

_ANSWER = (guards.answered,)
_STEP = (guards.says_something,)

ARROWS: tuple[Arrow, ...] = (
    # All kinds.
    Arrow("submit", "author", (), "received", Telling.REPLY, followers=False),
    Arrow("take", "staff", ("received",), "in_review", Telling.DIGEST, guards=(guards.taken,)),
    Arrow("ask", "staff", ("received", "in_review"), "needs_info", Telling.ASKS,
          guards=(guards.question,), followers=False),
    Arrow("reply", "author", ("needs_info",), "in_review", Telling.REPLY,
          guards=(guards.own, guards.answers), followers=False),
    Arrow("add", "author", OPEN_STAGES, None, Telling.REPLY,
          guards=(guards.own, guards.answers), followers=False),
    Arrow("remind", "timer", ("needs_info",), None, Telling.ASKS,
          guards=(guards.waited(7), guards.first_time), followers=False),
    Arrow("expire", "timer", ("needs_info",), "closed", Telling.NEWS, guards=(guards.waited(14),)),
    Arrow("merge", "staff", OPEN_STAGES, "merged", Telling.NEWS, guards=(guards.mergeable,)),
    Arrow("unmerge", "staff", ("merged",), "in_review", Telling.NEWS),
    Arrow("withdraw", "author", OPEN_STAGES, "withdrawn", Telling.REPLY,
          guards=(guards.own,), visibility=Visibility.PRIVATE),
    Arrow("hide", "staff", ANYWHERE, None, Telling.NEWS,
          guards=(guards.not_hidden, guards.reasoned), visibility=Visibility.HIDDEN,
          followers=False),
    Arrow("unhide", "staff", ANYWHERE, None, Telling.NEWS,
          guards=(guards.hidden,), followers=False),
    Arrow("reopen", "staff", ("declined", "closed", "done", "referred", "ineligible"),
          "in_review", Telling.NEWS, guards=(guards.due,)),
    Arrow("reopen", "author", ("declined", "closed", "done", "referred", "ineligible"),
          "in_review", Telling.REPLY,
          guards=(guards.own, guards.within(30), guards.first_time, guards.says_something)),
    Arrow("inform", "staff", OPEN_STAGES, None, Telling.NEWS, guards=_STEP),
    # The staff's own order; nothing to tell.
    Arrow("assign", "staff", ANYWHERE, None, Telling.NEVER, guards=(guards.assigned,)),
    Arrow("categorise", "staff", ANYWHERE, None, Telling.NEVER, guards=(guards.category,)),
    Arrow("revise", "staff", ANYWHERE, None, Telling.NEVER, guards=(guards.revised,)),
    # Ideas.
    Arrow("publish", "staff", ("in_review",), None, Telling.NEWS, IDEA,
          (guards.agreed_to_publicity, guards.free_of_personal_data), Visibility.PUBLIC),
    Arrow("accept", "staff", ("in_review",), "accepted", Telling.NEWS, IDEA,
          (guards.answered, guards.who_and_when)),
    Arrow("plan", "staff", ("accepted",), "planned", Telling.NEWS, IDEA, _STEP),
    Arrow("finish", "staff", ("planned",), "done", Telling.NEWS, IDEA, _STEP),
    Arrow("drop", "staff", ("accepted", "planned"), "declined", Telling.NEWS, IDEA,
          (guards.reasoned, guards.answered)),
    Arrow("decline", "staff", ("in_review",), "declined", Telling.NEWS, IDEA,
          (guards.reasoned, guards.answered)),
    # Problems.
    Arrow("decline", "staff", ("in_review", "in_progress"), "declined", Telling.NEWS, PROBLEM,
          (guards.reasoned, guards.answered)),
    Arrow("refer", "staff", ("received", "in_review", "in_progress"), "referred", Telling.NEWS,
          PROBLEM, (guards.referred,)),
    Arrow("start", "staff", ("in_review",), "in_progress", Telling.NEWS, PROBLEM),
    Arrow("fix", "staff", ("in_review", "in_progress"), "fixed", Telling.NEWS, PROBLEM,
          (guards.shown,)),
    Arrow("ask_fixed", "timer", ("fixed",), None, Telling.ASKS, PROBLEM,
          (guards.waited(7), guards.first_time), followers=False),
    Arrow("confirm", "author", ("fixed",), "confirmed", Telling.REPLY, PROBLEM,
          (guards.own, guards.within(30))),
    Arrow("dispute", "author", ("fixed",), "in_review", Telling.REPLY, PROBLEM,
          (guards.own, guards.within(30), guards.first_time)),
    # Co-funding.
    Arrow("check", "staff", ("received", "in_review"), "eligible", Telling.NEWS, MONEY,
          (guards.rules_ticked,)),
    Arrow("check", "staff", ("received", "in_review"), "ineligible", Telling.NEWS, MONEY,
          (guards.rules_ticked, guards.reasoned)),
    Arrow("evaluate", "staff", ("eligible",), "evaluated", Telling.DIGEST, MONEY,
          (guards.evaluated,)),
    Arrow("decide", "staff", ("evaluated", "reserve"), "approved", Telling.NEWS, MONEY,
          (guards.round_over, guards.amount)),
    Arrow("decide", "staff", ("evaluated",), "reserve", Telling.NEWS, MONEY,
          (guards.round_over,)),
    Arrow("decide", "staff", ("evaluated", "reserve"), "rejected", Telling.NEWS, MONEY,
          (guards.round_over, *_ANSWER)),
    Arrow("contract", "staff", ("approved",), "contracted", Telling.NEWS, MONEY,
          (guards.official,)),
    Arrow("complete", "staff", ("contracted",), "completed", Telling.NEWS, MONEY),
    Arrow("lapse", "staff", ("approved", "contracted"), "lapsed", Telling.NEWS, MONEY,
          (guards.reasoned,)),
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What a permitted event does to its submission."""

    arrow: Arrow
    stage: str
    visibility: Visibility
    before_hiding: Visibility


def possible(submission: Submission, actor: str) -> tuple[str, ...]:
    """List the types of the events that the actor could cause now, guards left aside."""
    found = (
        arrow.event
        for arrow in ARROWS
        if arrow.who == _role(actor)
        and submission.kind in arrow.kinds
        and submission.stage in arrow.sources
    )
    return tuple(dict.fromkeys(found))


def transition(submission: Submission, event: Event, actor: str, known: Known) -> Change:
    """Tell what an event does to a submission.

    Args:
        submission: as it stands now.
        event: what is to happen.
        actor: ``staff:<id>``, ``resident`` or ``timer``.
        known: what the guards must know besides.

    Raises:
        Refused: when the table has no such arrow, or a guard refuses; ``code`` says which.
    """
    arrow = _find(submission, event, actor)
    for guard in arrow.guards:
        problem = guard(submission, event, known)
        if problem is not None:
            raise Refused(problem)
    before = submission.before_hiding
    visibility = arrow.visibility or submission.visibility
    if event.type == "hide":
        before = submission.visibility
    elif event.type == "unhide":
        visibility = submission.before_hiding
    elif event.type == "withdraw" and submission.visibility is Visibility.HIDDEN:
        visibility, before = Visibility.HIDDEN, Visibility.PRIVATE
    return Change(arrow, arrow.to or submission.stage, visibility, before)


def _role(actor: str) -> str:
    if is_staff(actor):
        return "staff"
    return {RESIDENT: "author", TIMER: "timer"}.get(actor, "")


def _find(submission: Submission, event: Event, actor: str) -> Arrow:
    named = [arrow for arrow in ARROWS if arrow.event == event.type]
    if not named:
        raise Refused("unknown_event")
    allowed = [arrow for arrow in named if arrow.who == _role(actor)]
    if not allowed:
        raise Refused("not_yours_to_do")
    of_kind = [arrow for arrow in allowed if submission.kind in arrow.kinds]
    if not of_kind:
        raise Refused("not_for_this_kind")
    here = [arrow for arrow in of_kind if submission.stage in arrow.sources]
    if not here:
        raise Refused("not_in_this_stage")
    if event.type in SEVERAL_ENDS:
        return _end(here, event)
    return here[0]


def _end(arrows: Iterable[Arrow], event: Event) -> Arrow:
    """Pick among the arrows of an event that has several ends."""
    if event.type == "check":
        rules = event.data.get("rules")
        passed = isinstance(rules, dict) and all(rules.values())
        wanted = "eligible" if passed else "ineligible"
    else:
        wanted = str(event.data.get("decision", ""))
    for arrow in arrows:
        if arrow.to == wanted:
            return arrow
    raise Refused("decision_missing")

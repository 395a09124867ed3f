"""The guards of the transition table, one rule each.

A guard gives None when the event may happen, else the code of what is missing. The codes have
their words for staff and residents in the texts, under ``refusals``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional, TypeGuard

from bot.core.errors import BotError
from bot.core.masking import is_masked, mask
from bot.core.submissions import reasons
from bot.core.submissions.model import Event, Publicity, Submission, Visibility

DAY = 86_400.0
#: The fewest characters of an answer that explains something.
ANSWER_LENGTH = 20
#: So many people must have scored an enquiry before it counts as evaluated.
EVALUATORS = 2


class Refused(BotError):
    """The event may not happen; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Known:
    """What guards must know besides the submission.

    Args:
        now: seconds since 1970.
        conversation: who asks, when a resident does.
        target: the submission to merge into.
        happened: the types of the actor's earlier events; the timer's since the present stage.
        rules: the names of the programme's rules to be ticked.
        scored: for each person who scored, whether all criteria are there.
        closes_at: when the programme's round closes; None when it has no end.
    """

    now: float
    conversation: Optional[str] = None
    target: Optional[Submission] = None
    happened: Collection[str] = ()
    rules: Collection[str] = ()
    scored: Mapping[str, bool] = field(default_factory=dict)
    closes_at: Optional[float] = None


Guard = Callable[[Submission, Event, Known], Optional[str]]


def own(submission: Submission, _event: Event, known: Known) -> str | None:
    """Only the author, from their own chat."""
    author = submission.conversation
    return None if author is not None and author == known.conversation else "not_the_author"


def _long_enough(text: str, length: int) -> bool:
    return len(text.strip()) >= length


def says_something(_submission: Submission, event: Event, _known: Known) -> str | None:
    """There are words for the other side."""
    return None if _long_enough(event.text, 2) else "text_missing"


def answers(submission: Submission, event: Event, known: Known) -> str | None:
    """There are words, a photo or a point on the map for city hall."""
    shown = bool(event.data.get("photos") or event.data.get("place"))
    return None if shown else says_something(submission, event, known)


def question(_submission: Submission, event: Event, _known: Known) -> str | None:
    """The question is not empty."""
    return None if _long_enough(event.text, 5) else "question_missing"


def answered(_submission: Submission, event: Event, _known: Known) -> str | None:
    """The answer is long enough to explain something."""
    return None if _long_enough(event.text, ANSWER_LENGTH) else "answer_too_short"


def reasoned(_submission: Submission, event: Event, _known: Known) -> str | None:
    """A reason is given, and one that this event knows."""
    return None if event.reason in reasons.of_event(event.type) else "reason_missing"


def taken(_submission: Submission, event: Event, known: Known) -> str | None:
    """Somebody is named, and a day by which they answer."""
    return _assignee(event) or due(_submission, event, known)


def _assignee(event: Event) -> str | None:
    return None if str(event.data.get("assignee") or "") else "assignee_missing"


def due(_submission: Submission, event: Event, known: Known) -> str | None:
    """A day to come by which somebody answers."""
    at = event.data.get("due_at")
    return None if _is_number(at) and at > known.now else "due_date_missing"


def assigned(_submission: Submission, event: Event, known: Known) -> str | None:
    """Somebody is named or a day is set."""
    if "due_at" in event.data:
        return due(_submission, event, known)
    return _assignee(event)


def category(_submission: Submission, event: Event, _known: Known) -> str | None:
    """A category is named."""
    return None if str(event.data.get("category") or "") else "category_missing"


def revised(_submission: Submission, event: Event, _known: Known) -> str | None:
    """Something of the text is given anew."""
    return None if {"title", "body", "place"} & set(event.data) else "text_missing"


def waited(days: float) -> Guard:
    """Make the guard that so many days have passed in this stage."""

    def guard(submission: Submission, _event: Event, known: Known) -> str | None:
        return None if known.now - submission.stage_since >= days * DAY else "too_early"

    return guard


def within(days: float) -> Guard:
    """Make the guard that no more than so many days have passed in this stage."""

    def guard(submission: Submission, _event: Event, known: Known) -> str | None:
        return None if known.now - submission.stage_since <= days * DAY else "too_late"

    return guard


def first_time(_submission: Submission, event: Event, known: Known) -> str | None:
    """It has not happened before."""
    return None if event.type not in known.happened else "only_once"


def mergeable(submission: Submission, _event: Event, known: Known) -> str | None:
    """The target is another submission of the same town and kind that is itself not merged."""
    target = known.target
    if target is None:
        return "target_unknown"
    if target.id == submission.id:
        return "target_is_itself"
    if target.stage in ("merged", "withdrawn"):
        return "target_is_merged"
    if target.municipality != submission.municipality or target.kind != submission.kind:
        return "target_is_other_kind"
    return None


def hidden(submission: Submission, _event: Event, _known: Known) -> str | None:
    """It is hidden."""
    return None if submission.visibility is Visibility.HIDDEN else "not_hidden"


def not_hidden(submission: Submission, _event: Event, _known: Known) -> str | None:
    """It is not hidden yet."""
    return "hidden_already" if submission.visibility is Visibility.HIDDEN else None


def agreed_to_publicity(submission: Submission, _event: Event, _known: Known) -> str | None:
    """The author agreed that others see it, and they do not see it yet."""
    if submission.visibility is not Visibility.PRIVATE:
        return "published_already" if submission.visibility is Visibility.PUBLIC else "is_hidden"
    return "publicity_refused" if submission.publicity is Publicity.NOT_AT_ALL else None


def free_of_personal_data(submission: Submission, event: Event, _known: Known) -> str | None:
    """A person read the text for personal data, and no number is in it, hidden or not."""
    if event.data.get("checked") is not True:
        return "not_checked_for_personal_data"
    text = f"{submission.title}\n{submission.body}"
    return "personal_data_in_text" if is_masked(text) or mask(text).kinds else None


def who_and_when(_submission: Submission, event: Event, _known: Known) -> str | None:
    """It says who does it and when; "not yet known" is an answer too."""
    return None if str(event.data.get("who_and_when") or "").strip() else "who_and_when_missing"


def referred(_submission: Submission, event: Event, _known: Known) -> str | None:
    """The body it goes to is named, and how to reach it."""
    named = all(str(event.data.get(key) or "").strip() for key in ("body", "contact"))
    return None if named else "body_or_contact_missing"


def shown(_submission: Submission, event: Event, _known: Known) -> str | None:
    """Words or a photo show that it is fixed."""
    shown = _long_enough(event.text, 2) or bool(event.data.get("photo"))
    return None if shown else "text_or_photo_missing"


def rules_ticked(_submission: Submission, event: Event, known: Known) -> str | None:
    """Each rule of the programme is answered with yes or no."""
    ticked = event.data.get("rules")
    if not isinstance(ticked, dict) or not all(isinstance(v, bool) for v in ticked.values()):
        return "rules_not_ticked"
    return None if set(known.rules) <= set(ticked) else "rules_not_ticked"


def evaluated(_submission: Submission, _event: Event, known: Known) -> str | None:
    """Two people or more scored it, and everybody who began scored every criterion."""
    if len(known.scored) < EVALUATORS:
        return "too_few_evaluators"
    return None if all(known.scored.values()) else "evaluation_incomplete"


def round_over(_submission: Submission, _event: Event, known: Known) -> str | None:
    """The programme's round is closed."""
    over = known.closes_at is None or known.now >= known.closes_at
    return None if over else "round_still_open"


def amount(_submission: Submission, event: Event, _known: Known) -> str | None:
    """The sum that is granted is named."""
    value = event.data.get("amount")
    return None if _is_number(value) and value > 0 else "amount_missing"


def official(_submission: Submission, event: Event, _known: Known) -> str | None:
    """The number under which the paper is registered."""
    return None if str(event.data.get("official_ref") or "").strip() else "official_ref_missing"


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)

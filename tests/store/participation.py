"""Short-hands for the tests of taking part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.core.programmes import Criterion, Programme, Rule
from bot.core.submissions.guards import DAY
from bot.core.submissions.model import RESIDENT, Draft, Event, Kind
from bot.store import submissions
from bot.store.conversations import take
from bot.store.database import Database
from bot.store.submissions import Applied

NOW = 1_795_000_000.0
ME, YOU = "tg:1", "tg:2"
CLERK, OTHER_CLERK = "staff:1", "staff:2"
ANSWER = "ამას გაზაფხულზე გავაკეთებთ, თანხა ბიუჯეტშია."
PERSONAL_NUMBER = "01017012345"

PROGRAMME = Programme(
    id="youth",
    municipality="rustavi",
    kind="co_funding",
    service="participation.co_funding_programme",
    title={"ka": "პროგრამა", "en": "Programme"},
    about={"ka": "ვინ წყვეტს", "en": "Who decides"},
    rules=(Rule("age", {"ka": "ასაკი", "en": "Age"}, "order"),),
    criteria=(Criterion("use", {"ka": "სარგებელი"}, 10), Criterion("cost", {"ka": "ფასი"}, 5)),
)
PROGRAMMES = {"youth": PROGRAMME}


def draft(**changes: Any) -> Draft:
    """Give what a form gathered."""
    plain = Draft(
        kind=Kind.IDEA,
        conversation=ME,
        municipality="rustavi",
        language="ka",
        body="მინდა ველობილიკი მეჩვიდმეტე მიკრორაიონში",
        title="ველობილიკი მეჩვიდმეტეში",
        category="roads",
    )
    return replace(plain, **changes)


def hand_in(database: Database, key: str = "k1", now: float = NOW, **changes: Any) -> str:
    """Submit a draft; gives its code."""
    return database.call(submissions.submit, draft(**changes), key, now).submission.code


def happen(
    database: Database,
    code: str,
    type: str,
    text: str = "",
    reason: str = "",
    *,
    actor: str = CLERK,
    now: float = NOW + 60,
    conversation: str | None = None,
    **data: Any,
) -> Applied:
    """Let something happen to a submission; a resident acts from ME unless said."""
    if actor == RESIDENT and conversation is None:
        conversation = ME
    return database.call(
        submissions.apply,
        code,
        Event(type, text, reason, data),
        actor,
        now,
        conversation=conversation,
        programmes=PROGRAMMES,
    )


def taken(database: Database, key: str = "k1", now: float = NOW, **changes: Any) -> str:
    """Submit a draft and take it into review; gives its code."""
    code = hand_in(database, key, now, **changes)
    happen(database, code, "take", now=now + 1, assignee=CLERK, due_at=now + 10 * DAY)
    return code


def meet(database: Database, *conversations: str) -> None:
    """Let residents have written once, so that they can be told something."""
    for conversation in conversations:
        channel = {"tg": "telegram", "fb": "messenger"}.get(conversation[:2], "web")
        database.call(take, conversation, channel, "account", 1, NOW)

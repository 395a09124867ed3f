"""Submissions and events for the tests of the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.core.submissions.guards import DAY, Known
from bot.core.submissions.model import RESIDENT, TIMER, Event, Kind, Publicity, Submission
from bot.core.submissions.transitions import Arrow

NOW = 1_795_000_000.0
AUTHOR = "tg:1"
CLERK = "staff:1"
ANSWER = "ამას გაზაფხულზე გავაკეთებთ, თანხა ბიუჯეტშია."

#: An event of each type that passes every guard, with :func:`known`.
EVENTS: dict[str, Event] = {
    "take": Event("take", data={"assignee": CLERK, "due_at": NOW + DAY}),
    "ask": Event("ask", "რომელ კორპუსთან?"),
    "reply": Event("reply", "მე-5 კორპუსთან"),
    "add": Event("add", data={"photos": ["m"]}),
    "merge": Event("merge", data={"target": "I-26-0002-X"}),
    "hide": Event("hide", reason="insult"),
    "reopen": Event("reopen", "ისევ ასეა", data={"due_at": NOW + DAY}),
    "inform": Event("inform", "ხვალ მოვლენ"),
    "assign": Event("assign", data={"assignee": CLERK}),
    "categorise": Event("categorise", data={"category": "waste"}),
    "revise": Event("revise", data={"title": "ველობილიკი"}),
    "publish": Event("publish", data={"checked": True}),
    "accept": Event("accept", ANSWER, data={"who_and_when": "ჯერ უცნობია"}),
    "plan": Event("plan", "გაზაფხულზე"),
    "finish": Event("finish", "მზადაა"),
    "drop": Event("drop", ANSWER, "no_money"),
    "decline": Event("decline", ANSWER, "no_money"),
    "refer": Event("refer", data={"body": "წყალკანალი", "contact": "032 2 93 00 00"}),
    "fix": Event("fix", "გამოვცვალეთ"),
    "dispute": Event("dispute", "არა"),
    "decide": Event("decide", ANSWER, data={"amount": 1500}),
    "contract": Event("contract", data={"official_ref": "17-26"}),
    "lapse": Event("lapse", reason="applicant_gave_up"),
    "check": Event("check", reason="papers_missing"),
}


def submission(**changes: Any) -> Submission:
    """Give a submission that has been in its stage for ten days."""
    plain = Submission(
        id=1,
        code="I-26-0001-K",
        kind=Kind.IDEA,
        municipality="rustavi",
        conversation=AUTHOR,
        language="ka",
        stage="in_review",
        created_at=NOW - 20 * DAY,
        stage_since=NOW - 10 * DAY,
        publicity=Publicity.WITHOUT_NAME,
        title="ველობილიკი",
        body="მინდა ველობილიკი მეჩვიდმეტეში",
    )
    return replace(plain, **changes)


def known(arrow: Arrow, **changes: Any) -> Known:
    """Give what the guards must know for an arrow to be permitted."""
    kind = arrow.kinds[0]
    target = submission(id=2, kind=kind, stage="received")
    plain = Known(
        now=NOW + 5 * DAY if arrow.event == "expire" else NOW,
        conversation=AUTHOR,
        target=target,
        rules=("age",),
        scored={"staff:1": True, "staff:2": True},
        closes_at=NOW - 1,
    )
    return replace(plain, **changes)


def event(arrow: Arrow) -> Event:
    """Give an event that takes an arrow."""
    plain = EVENTS.get(arrow.event, Event(arrow.event))
    if arrow.event == "check":
        return replace(plain, data={"rules": {"age": arrow.to == "eligible"}})
    if arrow.event == "decide":
        return replace(plain, data={**plain.data, "decision": arrow.to})
    return plain


def actor(arrow: Arrow) -> str:
    """Give somebody who may take an arrow."""
    return {"staff": CLERK, "author": RESIDENT, "timer": TIMER}[arrow.who]

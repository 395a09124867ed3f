"""How a submission is spoken of: its line, its card, and the buttons under it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from typing import Optional

from rasa_sdk import Tracker

from bot.actions import keeping, library
from bot.core.clock import GEORGIA
from bot.core.replies import Button, Reply
from bot.core.submissions.guards import Refused
from bot.core.submissions.model import Submission, Visibility
from bot.core.submissions.transitions import possible
from bot.store import submissions_followers
from bot.store.submissions import Status


def day(at: Optional[float]) -> Optional[str]:
    """Give a day as residents write it: 29.11.2026."""
    return datetime.fromtimestamp(at, GEORGIA).strftime("%d.%m.%Y") if at is not None else None


def button(payload: str, text_id: str, language: str) -> Button:
    """Give a button with one of the texts as its title."""
    return Button(library.say(text_id, language).text, payload)


def what(submission: Submission, tracker: Tracker) -> str:
    """Name a submission: its words only to its author, or when everybody may read them."""
    own = submission.conversation == tracker.sender_id
    if own or submission.visibility is Visibility.PUBLIC:
        return submissions_followers.title_of(submission)
    return (
        library.keeper().current().texts.kind(submission.kind.value, library.language_of(tracker))
    )


def line(number: int, submission: Submission, tracker: Tracker) -> str:
    """Give a submission as a line of a list."""
    language = library.language_of(tracker)
    return library.say(
        "submissions_line",
        language,
        number=str(number),
        what=what(submission, tracker),
        stage=library.keeper().current().texts.stage(submission.stage, language),
        code=submission.code,
    ).text


def card(status: Status, tracker: Tracker) -> Reply:
    """Tell where a submission stands; to others than its author stage and dates alone."""
    language, town = library.language_of(tracker), library.town_of(tracker)
    values = {
        "code": status.code,
        "stage": library.keeper().current().texts.stage(status.stage, language),
        "created": day(status.created_at) or "",
        "since": day(status.stage_since) or "",
    }
    if status.submission is None:
        return library.say("submission_other", language, town, **values)
    if status.due_at is not None:
        values["due"] = day(status.due_at) or ""
    values["what"] = what(status.submission, tracker)
    text = library.say("submission_own", language, town, **values).text
    return Reply(text, _ways_on(status.submission, language))


def _ways_on(submission: Submission, language: str) -> tuple[Button, ...]:
    """Give what its author can do with it now."""
    named = {
        "reply": ("answer_question_button", "reply"),
        "confirm": ("fixed_yes_button", "confirm"),
        "dispute": ("fixed_no_button", "dispute"),
        "withdraw": ("submission_withdraw_button", "withdraw"),
    }
    events = possible(submission, "resident")
    return tuple(
        button(f"submission:{verb}:{submission.code}", text_id, language)
        for event, (text_id, verb) in named.items()
        if event in events
    )


def refusal(code: str, tracker: Tracker) -> Reply:
    """Tell why something cannot be done."""
    texts = library.keeper().current().texts
    return Reply(texts.refusal(code, library.language_of(tracker)))


async def follow(tracker: Tracker, code: str) -> Reply:
    """Let the resident hear of somebody else's submission, and say so."""
    try:
        found = await keeping.database().run(
            submissions_followers.follow, code, tracker.sender_id, time.time()
        )
    except Refused as refused:
        return refusal(refused.code, tracker)
    language, town = library.language_of(tracker), library.town_of(tracker)
    said = library.say(
        "submission_following", language, town, what=what(found, tracker), code=found.code
    )
    leave = button(f"submission:unfollow:{found.code}", "submission_unfollow_button", language)
    return replace(said, buttons=(leave,))

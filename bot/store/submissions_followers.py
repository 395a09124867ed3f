"""Following what somebody else handed in, and finding what may be about the same."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, or_, select, text
from sqlalchemy.engine import Connection

from bot.core.submissions import duplicates
from bot.core.submissions.guards import DAY, Refused
from bot.core.submissions.model import OPEN_STAGES, Draft, Publicity, Submission, Visibility
from bot.store.participation_tables import followers, submissions
from bot.store.submissions_rows import fetch, one

#: Older submissions are not offered as likely duplicates.
LOOK_BACK_DAYS = 365
#: At most so many of the newest are compared: a resident waits for the answer.
MOST_COMPARED = 500


@dataclass(frozen=True)
class Card:
    """What may be shown of a likely duplicate; ``title`` is empty unless everybody may see it."""

    code: str
    title: str
    category: str
    stage: str
    created_at: float
    metres: int | None
    score: float
    own: bool


def likely_duplicates(connection: Connection, draft: Draft, now: float) -> list[Card]:
    """Give at most three open submissions that may be about the same as the draft.

    Problems are shown by category and distance alone; of ideas those that everybody may see, and
    the resident's own.
    """
    visible = or_(
        submissions.c.visibility == Visibility.PUBLIC.value,
        submissions.c.conversation == draft.conversation,
        # A problem in a street is no secret, the words about it are.
        (submissions.c.kind == "problem")
        & (submissions.c.visibility == Visibility.PRIVATE.value)
        & (submissions.c.publicity != Publicity.NOT_AT_ALL.value),
    )
    query = (
        select(submissions)
        .where(
            submissions.c.kind == draft.kind.value,
            submissions.c.municipality == draft.municipality,
            submissions.c.stage.in_(OPEN_STAGES),
            submissions.c.created_at > now - LOOK_BACK_DAYS * DAY,
            visible,
        )
        .order_by(submissions.c.created_at.desc())
        .limit(MOST_COMPARED)
    )
    found = duplicates.likely(draft, fetch(connection, query))
    return [_card(item, draft.conversation) for item in found]


def _card(item: duplicates.Likely, conversation: str) -> Card:
    submission = item.submission
    own = submission.conversation == conversation
    shown = own or submission.visibility is Visibility.PUBLIC
    return Card(
        code=submission.code,
        title=title_of(submission) if shown else "",
        category=submission.category,
        stage=submission.stage,
        created_at=submission.created_at,
        metres=None if item.metres is None else round(item.metres),
        score=item.score,
        own=own,
    )


def title_of(submission: Submission, length: int = 60) -> str:
    """Give a submission's title, or else the beginning of its text."""
    words = submission.title or " ".join(submission.body.split())
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"


def follow(connection: Connection, code: str, conversation: str, now: float) -> Submission:
    """Let a resident hear of somebody else's submission; safe to repeat.

    Raises:
        Refused: ``unknown_code``, ``own_submission``, or ``not_open`` when nothing more comes.
    """
    submission = one(connection, code)
    if submission is None or submission.visibility is Visibility.HIDDEN:
        raise Refused("unknown_code")
    if submission.stage == "merged" and submission.merged_into:
        return follow(connection, submission.merged_into, conversation, now)
    if submission.conversation == conversation:
        raise Refused("own_submission")
    if not submission.open:
        raise Refused("not_open")
    connection.execute(
        text(
            "INSERT INTO followers (submission_id, conversation, at)"
            " VALUES (:submission, :conversation, :now) ON CONFLICT DO NOTHING"
        ),
        {"submission": submission.id, "conversation": conversation, "now": now},
    )
    return submission


def unfollow(connection: Connection, code: str, conversation: str) -> bool:
    """Let a resident hear no more of a submission; False when they did not follow it."""
    submission = one(connection, code)
    if submission is None:
        return False
    gone = connection.execute(
        delete(followers).where(
            followers.c.submission_id == submission.id, followers.c.conversation == conversation
        )
    )
    return bool(gone.rowcount)

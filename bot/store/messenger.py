"""What is remembered of conversations on Messenger beside their messages.

Which messages of a reply were taken already, and in which conversations somebody else answers.

Every function runs inside the caller's transaction and takes ``now``, seconds since 1970.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection

from bot.store import outbox, queues
from bot.store.message_bodies import stored_text

#: Why the bot is silent: another app has the conversation, or a person answered in it.
ROUTING = "routing"
STAFF = "staff"


def hush(
    connection: Connection, conversation: str, since: float, until: float | None = None
) -> bool:
    """Be silent in a conversation that exists; False when staff have put it on hold anyway.

    Args:
        until: a person answered: the bot waits so long for the next answer. Without it another
            app has the conversation, until a message comes to us again.
    """
    changed = connection.execute(
        text(
            "INSERT INTO messenger_quiet (conversation, since, until, why)"
            " SELECT id, CAST(:since AS FLOAT), CAST(:until AS FLOAT), :why FROM conversations"
            " WHERE id = :id AND (on_hold = 0 OR EXISTS"
            " (SELECT 1 FROM messenger_quiet WHERE conversation = :id))"
            " ON CONFLICT (conversation) DO UPDATE"
            " SET since = excluded.since, until = excluded.until, why = excluded.why"
        ),
        {
            "id": conversation,
            "since": since,
            "until": until,
            "why": ROUTING if until is None else STAFF,
        },
    )
    if changed.rowcount:
        queues.hold(connection, conversation)
    return bool(changed.rowcount)


def is_quiet(connection: Connection, conversation: str) -> bool:
    """Tell whether somebody else answers."""
    found = connection.execute(
        text("SELECT 1 FROM messenger_quiet WHERE conversation = :id"), {"id": conversation}
    )
    return found.first() is not None


def speak(connection: Connection, conversation: str, sent_at: float, now: float) -> bool:
    """Answer again if a message that came to us shows that we may; False when not.

    What others answered meanwhile stays answered.
    """
    row = connection.execute(
        text("SELECT since, until FROM messenger_quiet WHERE conversation = :id"),
        {"id": conversation},
    ).first()
    if row is None:
        return False
    may = sent_at > row.since if row.until is None else now >= row.until
    return may and resume(connection, conversation, now)


def resume(connection: Connection, conversation: str, now: float) -> bool:
    """Answer again; False when nothing kept us from it."""
    gone = connection.execute(
        text("DELETE FROM messenger_quiet WHERE conversation = :id"), {"id": conversation}
    )
    if gone.rowcount:
        queues.resume(connection, conversation, now, answer_held=False)
    return bool(gone.rowcount)


@dataclass(frozen=True)
class Sending:
    """What must be known to send a message of the outbox.

    Attributes:
        parts: the ids of those of its messages that were taken already, by their number.
        heard_at: when its resident did something last.
    """

    parts: Mapping[int, str]
    heard_at: float | None
    language: str | None


def sending(connection: Connection, outbox_id: int, conversation: str) -> Sending:
    """Give what was sent of a message already, and to whom it goes."""
    parts = connection.execute(
        text("SELECT part, mid FROM messenger_parts WHERE outbox_id = :id"), {"id": outbox_id}
    )
    row = connection.execute(
        text("SELECT heard_at, language FROM conversations WHERE id = :id"), {"id": conversation}
    ).first()
    return Sending(
        parts=dict(parts.all()),
        heard_at=row.heard_at if row is not None else None,
        language=row.language if row is not None else None,
    )


@dataclass(frozen=True)
class Part:
    """One of the messages that a message of the outbox becomes, once Messenger took it."""

    outbox_id: int
    conversation: str
    number: int
    parts: int
    mid: str


_ADD_PART = text(
    """
    INSERT INTO messenger_parts (outbox_id, part, mid, sent_at)
    SELECT id, :part, :mid, :now FROM outbox
    WHERE id = :id AND conversation = :conversation AND state IN ('new', 'leased', 'held')
    ON CONFLICT (outbox_id, part) DO NOTHING
    """
)
_SETTLE = text(
    """
    UPDATE outbox SET state = 'done', done_at = :now, platform_id = :mid, error = NULL
    WHERE id = :id AND conversation = :conversation AND state = 'new'
      AND (SELECT count(*) FROM messenger_parts WHERE outbox_id = :id) >= :parts
    """
)


def taken(connection: Connection, part: Part, now: float) -> bool:
    """Note that Messenger took a part of a message that is not settled yet.

    Returns:
        Whether this settled the message as a whole, because its sender had given it back without
        knowing what became of it.
    """
    values = {
        "id": part.outbox_id,
        "conversation": part.conversation,
        "part": part.number,
        "parts": part.parts,
        "mid": part.mid,
        "now": now,
    }
    connection.execute(_ADD_PART, values)
    return bool(connection.execute(_SETTLE, values).rowcount)


def taken_back(connection: Connection, account: str, ext_ids: Sequence[str], now: float) -> bool:
    """Remove the words of a message that its resident took back; tell whether it was answered.

    The rows are updated, none is added. What was not answered yet gets no answer.
    """
    answered = connection.execute(
        text(
            "SELECT 1 FROM inbox WHERE channel = 'messenger' AND account = :account"
            " AND ext_id IN :ext_ids AND state NOT IN ('new', 'held')"
        ).bindparams(bindparam("ext_ids", expanding=True)),
        {"account": account, "ext_ids": list(ext_ids)},
    ).first()
    connection.execute(
        text(
            "UPDATE inbox SET body = :body, raw = NULL,"
            " done_at = CASE WHEN state IN ('new', 'held') THEN CAST(:now AS FLOAT)"
            " ELSE done_at END,"
            " state = CASE WHEN state IN ('new', 'held') THEN 'done' ELSE state END"
            " WHERE channel = 'messenger' AND account = :account AND ext_id IN :ext_ids"
            " AND state <> 'leased'"
        ).bindparams(bindparam("ext_ids", expanding=True)),
        {
            "account": account,
            "ext_ids": list(ext_ids),
            "body": json.dumps({"unsent": True}),
            "now": now,
        },
    )
    return answered is not None


def edited(connection: Connection, account: str, mid: str, words: str) -> bool:
    """Let a message say what its resident made of it; tell whether it was answered before that.

    What was not answered yet is answered as it reads now.
    """
    row = connection.execute(
        text(
            "UPDATE inbox SET body = :body WHERE channel = 'messenger' AND account = :account"
            " AND ext_id = :mid AND kind = 'text' RETURNING state"
        ),
        {
            "account": account,
            "mid": mid,
            "body": stored_text({"text": words, "edited": True}),
        },
    ).first()
    return row is not None and row.state not in ("new", "held")


def said_by_staff(
    connection: Connection, target: outbox.Target, mid: str, words: str, now: float
) -> bool:
    """Keep what a person wrote in the page's inbox, as said already; False when it was kept."""
    key = f"echo:{hashlib.sha256(f'{target.account}|{mid}'.encode()).hexdigest()}"
    draft = outbox.Draft({"text": words}, "echo", author="person")
    message = outbox.add_notice(connection, target, key, draft, now)
    if message is None:
        return False
    connection.execute(
        text("UPDATE outbox SET state = 'done', done_at = :now, platform_id = :mid WHERE id = :id"),
        {"id": message.id, "mid": mid, "now": now},
    )
    return True

"""Messages that cannot reach a resident now and wait for their next message.

A resident who blocked the bot, or whose time for being answered ran out, gets what was held as
soon as they write again, in its old order and before the new answer.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.store import conversations
from bot.store.outbox import Message

#: Why a message is held: the platform's time for answering ran out, or it reaches nobody.
WINDOW = "window"
BLOCKED = "blocked"


def hold(connection: Connection, message: Message, reason: str, now: float) -> bool:
    """Hold one message; False when the lease was no longer ours."""
    # The conversation is locked first, so that an event added meanwhile releases this as well.
    conversations.advance(connection, message.conversation, 0)
    changed = connection.execute(
        text(
            "UPDATE outbox SET state = 'held', error = :reason, done_at = :now,"
            " lease_owner = NULL, lease_until = NULL"
            " WHERE id = :id AND state = 'leased' AND lease_owner = :owner"
        ),
        {"id": message.id, "owner": message.owner, "reason": reason, "now": now},
    )
    if not changed.rowcount:
        return False
    conversations.mark_held(connection, message.conversation)
    return True


def unreachable(connection: Connection, conversation: str, reason: str, now: float) -> None:
    """Hold all that waits for a resident, and what is stored for them later."""
    connection.execute(
        text("UPDATE conversations SET unreachable = :reason WHERE id = :id"),
        {"id": conversation, "reason": reason},
    )
    changed = connection.execute(
        text(
            "UPDATE outbox SET state = 'held', error = :reason, done_at = :now,"
            " lease_owner = NULL, lease_until = NULL"
            " WHERE conversation = :id AND state IN ('new', 'leased')"
        ),
        {"id": conversation, "reason": reason, "now": now},
    )
    if changed.rowcount:
        conversations.mark_held(connection, conversation)


def release(connection: Connection, conversation: str, now: float) -> int:
    """Send what was held for a resident after all; how many messages."""
    changed = connection.execute(
        text(
            "UPDATE outbox SET state = 'new', not_before = :now, error = NULL, done_at = NULL,"
            " attempts = 0 WHERE conversation = :id AND state = 'held'"
        ),
        {"id": conversation, "now": now},
    )
    connection.execute(
        text("UPDATE conversations SET has_held = 0 WHERE id = :id"), {"id": conversation}
    )
    return int(changed.rowcount)

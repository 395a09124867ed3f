"""Messages that answer nothing a resident just wrote: news of a submission, a clerk's answer.

A notice is stored in the outbox in the resident's language and goes out on the channel they
used. Whether the platform still lets it through is decided when it is sent; what cannot go out
now is *held* with the reason and follows the resident's next message::

    sender = Sender(database, lambda: keeper.current().texts, "rustavi")
    sender.notify("tg:7", "submission_approved", key="approved:17", values={"code": "RU-17"})
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection

from bot.core.errors import InputError
from bot.core.languages import DEFAULT
from bot.core.replies import Button, Reply
from bot.core.texts import Texts
from bot.store import conversations, emergency, outbox
from bot.store.database import Database

#: The longest key of a notice.
MOST_KEY = 120

#: What becomes of a notice, by the state of its row.
QUEUED, SENT, HELD, UNREACHABLE, FAILED = "queued", "sent", "held", "unreachable", "failed"


@dataclass(frozen=True)
class NoticeState:
    """What became of a notice.

    Attributes:
        state: queued, sent, held (waits for the resident's next message), unreachable (the same,
            because the platform delivers nothing to them) or failed (given up).
        reason: why it is held or failed: window, blocked, or the platform's words.
        platform_id: the platform's id of the message once it is sent.
        at: when it was stored, or left this state's predecessor.
        new: whether it was stored by this very call; False when its key was known.
    """

    key: str
    state: str
    reason: str | None
    platform_id: str | None
    at: float
    new: bool = False


class Sender:
    """Queues notices.

    Args:
        texts: gives the bot's texts as they are now.
        municipality: whose names and contacts fill the texts.
    """

    def __init__(self, database: Database, texts: Callable[[], Texts], municipality: str) -> None:
        self._database = database
        self._texts = texts
        self._municipality = municipality

    def notify(
        self,
        conversation: str,
        text_id: str,
        *,
        key: str,
        values: Mapping[str, str | int] | None = None,
        buttons: Sequence[Button] = (),
        author: str = "bot",
        free_text: str | None = None,
        bulk: bool = False,
    ) -> NoticeState:
        """Queue a notice, in a transaction of its own; see :meth:`add`."""
        return self._database.call(
            self.add,
            conversation,
            text_id,
            key=key,
            values=values,
            buttons=buttons,
            author=author,
            free_text=free_text,
            bulk=bulk,
        )

    def add(
        self,
        connection: Connection,
        conversation: str,
        text_id: str,
        *,
        key: str,
        values: Mapping[str, str | int] | None = None,
        buttons: Sequence[Button] = (),
        author: str = "bot",
        free_text: str | None = None,
        bulk: bool = False,
    ) -> NoticeState:
        """Queue a notice inside the caller's transaction, so that both happen or neither.

        Args:
            text_id: the text, in the resident's language.
            key: names the occasion; the same key again queues nothing more and gives the state of
                the first.
            values: what fills the text's placeholders.
            buttons: added to those of the text.
            author: bot or person; a person's words are sent as a person's.
            free_text: what a person wrote; fills the placeholder ``{free_text}``, or follows the
                text when it has none.
            bulk: one of many: goes out after everything else.

        Raises:
            InputError: when the resident or the text is not known, or the key is no key.
        """
        if not 0 < len(key) <= MOST_KEY:
            raise InputError(f"a notice's key has 1 to {MOST_KEY} characters")
        resident = conversations.contact(connection, conversation)
        if resident is None:
            raise InputError(f"nobody ever wrote in the conversation {conversation}")
        reply = self._reply(text_id, resident.language or DEFAULT, values or {}, free_text)
        body = Reply(reply.text, (*reply.buttons, *buttons)).to_json()
        target = outbox.Target(resident.channel, resident.account, conversation)
        priority = outbox.BULK if bulk else outbox.NOTICE
        draft = outbox.Draft(body, "notice", priority, author)
        stored = outbox.add_notice(connection, target, key, draft, time.time())
        found = state(connection, key)
        if found is None:
            raise InputError(f"the notice {key} could not be stored")
        return replace(found, new=stored is not None)

    def _reply(
        self,
        text_id: str,
        language: str,
        values: Mapping[str, str | int],
        free_text: str | None,
    ) -> Reply:
        filled = dict(values)
        if free_text is not None:
            filled["free_text"] = free_text
        try:
            reply = self._texts().get(text_id, language, self._municipality, **filled)
        except KeyError:
            raise InputError(f"no texts file has {text_id}") from None
        if free_text is None or free_text in reply.text:
            return reply
        return Reply(f"{reply.text}\n{free_text}", reply.buttons)


@dataclass(frozen=True)
class Told:
    """What the city sent to a resident and the engine had no part in; ``at`` is when it was."""

    id: int
    body: Mapping[str, Any]
    author: str
    at: float


#: News and clerks' words, what a person wrote in the page's own inbox, what holds in an emergency.
_CITYS = ("notice", "echo", emergency.KIND)
#: How many of a conversation's last messages are looked at: what was sent lies among them, for
#: what was held leaves with the resident's next message.
_LAST = 60

_TOLD_SINCE = text(
    "SELECT id, body, author, done_at FROM outbox WHERE conversation = :id"
    " AND position > (SELECT last_position - :last FROM conversations WHERE id = :id)"
    " AND kind IN :kinds AND state = 'done' AND done_at > :since"
    " ORDER BY done_at DESC, id DESC LIMIT :most"
).bindparams(bindparam("kinds", expanding=True))


def told_since(connection: Connection, conversation: str, since: float, most: int) -> list[Told]:
    """Give what was sent after ``since``, in its order; of more than ``most`` the newest."""
    values = {"id": conversation, "kinds": _CITYS, "last": _LAST, "since": since, "most": most}
    rows = connection.execute(_TOLD_SINCE, values).all()
    return [Told(row.id, json.loads(row.body), row.author, row.done_at) for row in reversed(rows)]


def state(connection: Connection, key: str) -> NoticeState | None:
    """Give what became of a notice; None when there is none of that key."""
    row = connection.execute(
        text(
            "SELECT o.state, o.error, o.platform_id, o.created_at, o.done_at, c.unreachable"
            " FROM outbox AS o JOIN conversations AS c ON c.id = o.conversation"
            " WHERE o.notice_key = :key"
        ),
        {"key": key},
    ).first()
    if row is None:
        return None
    reason = row.error if row.state in ("dead", "held") else None
    at = row.done_at or row.created_at
    return NoticeState(key, named(row.state, row.unreachable), reason, row.platform_id, at)


def named(state: str, unreachable: str | None) -> str:
    """Give the name of a row's state: of what is held, whether the resident can be reached."""
    held = UNREACHABLE if unreachable else HELD
    return {"done": SENT, "dead": FAILED, "held": held}.get(state, QUEUED)

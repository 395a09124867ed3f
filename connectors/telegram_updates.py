"""Updates as Telegram sends them: whose they are, and what of them is stored.

Only as much is read here as is needed to store an update in its conversation: what it says is
made out when its turn comes (:mod:`connectors.telegram_reading`). One that nobody can make out
is stored too and ends as a dead letter, so that it stops neither Telegram nor other residents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeGuard

from bot.store.inbox import Event
from connectors.telegram_api import ALLOWED_UPDATES, conversation_of

CHANNEL = "telegram"
#: The conversation of what belongs to nobody.
NOBODY = "tg:0"
#: Marks the words under a photo in what is stored of an update.
CAPTION = "caption"
#: Parts of one album arrive within so many seconds.
ALBUM_SECONDS = 1.0
#: By webhook, updates may overtake each other by so much.
WEBHOOK_SECONDS = 0.1

#: What a person says, by the kinds of updates.
_MESSAGES = ("message", "edited_message")

Json = Mapping[str, Any]


def events_of(update: Json, account: str, now: float, hold: float = 0.0) -> list[Event]:
    """Give what is stored of an update.

    Args:
        hold: seconds that a message waits for others that were sent before it.
    """
    number = update.get("update_id")
    kind = next((name for name in ALLOWED_UPDATES if name in update), None)
    content = update.get(kind) if kind else None
    if not _is_number(number) or kind is None or not isinstance(content, Mapping):
        return [_unknown(update, account, now)]
    chat = _chat(kind, content)
    if chat is None:
        return [_unknown(update, account, now)]
    if chat.get("type") != "private":
        return _group(kind, content, chat["id"], account, number, now)
    conversation = conversation_of(chat["id"])
    sent_at = _time(kind, content, now)
    base: dict[str, Any] = {"rank": float(number), "hold": hold}
    if kind == "callback_query":
        ext_id = f"callback:{str(content.get('id'))[:100]}"
    elif kind == "my_chat_member":
        ext_id = f"{number}"
        base["heard"] = not _left(content)
    elif kind == "edited_message":
        ext_id = f"edit:{number}"
    else:
        ext_id = f"{number}:{content.get('message_id')}"
    album = content.get("media_group_id") if kind == "message" else None
    if isinstance(album, str):
        base |= {"album": album[:120], "hold": max(hold, ALBUM_SECONDS)}

    def event(ext_id: str, raw: Json, **more: Any) -> Event:
        values = {**base, **more}
        return Event(CHANNEL, account, ext_id, conversation, "raw", {}, sent_at, raw, **values)

    found = [event(ext_id, {kind: content})]
    caption = content.get("caption") if kind == "message" else None
    if isinstance(caption, str) and caption.strip():
        # What is written under a photo is said before it is shown; it is answered by itself.
        words = {
            key: content[key] for key in ("message_id", "date", "chat", "from") if key in content
        }
        said = {kind: {**words, "text": caption}, CAPTION: True}
        found.insert(0, event(f"{ext_id}:caption", said, album=None))
    return found


def callback_id(update: Json) -> str | None:
    """Give the id under which the press of a button is acknowledged."""
    content = update.get("callback_query")
    id = content.get("id") if isinstance(content, Mapping) else None
    return id if isinstance(id, str) else None


def _chat(kind: str, content: Json) -> Json | None:
    """Give the chat an update belongs to; of a button pressed elsewhere, the person's own."""
    holder = content.get("message") if kind == "callback_query" else content
    chat = holder.get("chat") if isinstance(holder, Mapping) else None
    if chat is None and kind == "callback_query":
        sender = content.get("from")
        if isinstance(sender, Mapping):
            chat = {"id": sender.get("id"), "type": "private"}
    if not isinstance(chat, Mapping) or not _is_number(chat.get("id")):
        return None
    return chat


def _time(kind: str, content: Json, now: float) -> float:
    at = content.get("edit_date") if kind == "edited_message" else content.get("date")
    return float(at) if kind != "callback_query" and _is_number(at) else now


def _left(content: Json) -> bool:
    member = content.get("new_chat_member")
    return isinstance(member, Mapping) and member.get("status") in ("kicked", "left")


def _group(
    kind: str, content: Json, chat: int, account: str, number: int, now: float
) -> list[Event]:
    """Give the one thing that is done in a group: leave it. Nothing of its people is kept."""
    if kind == "my_chat_member":
        if _left(content):
            return []
        ext_id, raw = f"leave:{number}", {"leave": chat, "say": True}
    elif kind in _MESSAGES:
        ext_id, raw = f"leave:{chat}:{int(now // 600)}", {"leave": chat, "say": False}
    else:
        return []
    return [
        Event(CHANNEL, account, ext_id, conversation_of(chat), "raw", {}, now, raw, heard=False)
    ]


def _unknown(update: Json, account: str, now: float) -> Event:
    content = json.dumps(update, sort_keys=True).encode()
    ext_id = f"unknown:{hashlib.sha256(content).hexdigest()[:40]}"
    return Event(
        CHANNEL, account, ext_id, NOBODY, "raw", {}, now, {"unknown": dict(update)}, heard=False
    )


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53

"""The residents of the fake Telegram: what they do becomes updates in its documented form."""

from __future__ import annotations

import itertools
import time
from typing import Any

import httpx

Json = dict[str, Any]


class People:
    """Makes updates and keeps them until the bot fetches them, or sends them to its webhook.

    Attributes:
        pending: updates that wait to be fetched.
        target: the webhook's address; then :meth:`give` posts to it at once.
        statuses: what the webhook answered, in order.
    """

    def __init__(self) -> None:
        self.pending: list[Any] = []
        self.pressed: set[str] = set()
        self.target: str | None = None
        self.secret: str | None = None
        self.statuses: list[int] = []
        # One client: each new one would read all certificates anew.
        self._http = httpx.Client(timeout=30, trust_env=False)
        self._update_ids = itertools.count(500_001)
        self._message_ids = itertools.count(1)
        self._query_ids = itertools.count(1)

    def give(self, update: Any, **headers: str) -> Any:
        """Hand an update to the bot, whatever it is."""
        if self.target is None:
            self.pending.append(update)
            return update
        if self.secret is not None:
            headers.setdefault("X-Telegram-Bot-Api-Secret-Token", self.secret)
        answer = self._http.post(self.target, json=update, headers=headers)
        self.statuses.append(answer.status_code)
        return update

    def update(self, **content: Any) -> Json:
        """Hand over an update with the next number."""
        return dict(self.give({"update_id": next(self._update_ids), **content}))

    def message(self, chat: int, language: str = "ka", **content: Any) -> Json:
        """Give a message of a resident, not yet sent."""
        return {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "ნინო"},
            "from": _person(chat, language),
            **content,
        }

    def say(self, chat: int, text: str, language: str = "ka", **more: Any) -> Json:
        """Send a text."""
        entities = []
        if text.startswith("/"):
            word = text.split()[0]
            entities = [{"type": "bot_command", "offset": 0, "length": len(word)}]
        extra = {"entities": entities} if entities else {}
        return self.update(message=self.message(chat, language, text=text, **extra, **more))

    def send(self, chat: int, **content: Any) -> Json:
        """Send a message of any content."""
        return self.update(message=self.message(chat, **content))

    def edit(self, sent: Json, text: str) -> Json:
        """Edit a text that was sent with :meth:`say`."""
        message = {**sent["message"], "text": text, "edit_date": int(time.time())}
        return self.update(edited_message=message)

    def press(self, chat: int, message: Json, title: str) -> Json:
        """Press a button below a message of the bot."""
        rows = message["reply_markup"]["inline_keyboard"]
        data = next(b["callback_data"] for row in rows for b in row if b["text"] == title)
        return self.press_data(chat, data, message)

    def press_data(self, chat: int, data: str, message: Json | None = None) -> Json:
        """Press a button with any data, as a forger may."""
        id = f"{next(self._query_ids)}{chat}"
        self.pressed.add(id)
        shown = message or {"message_id": 1, "date": 0, "chat": {"id": chat, "type": "private"}}
        shown = {key: value for key, value in shown.items() if not key.startswith("_")}
        query = {
            "id": id,
            "from": _person(chat, "ka"),
            "message": shown,
            "chat_instance": "-42",
            "data": data,
        }
        return self.update(callback_query=query)

    def photo(self, chat: int, file_id: str, album: str | None = None, **more: Any) -> Json:
        """Send a photo in two sizes; ``files`` must hold the larger."""
        sizes = [
            {"file_id": f"small-{file_id}", "file_unique_id": "s", "width": 90, "height": 60},
            {"file_id": file_id, "file_unique_id": "l", "width": 1280, "height": 853},
        ]
        extra = {"media_group_id": album} if album else {}
        return self.send(chat, photo=sizes, **extra, **more)

    def member(self, chat: int, status: str, kind: str = "private") -> Json:
        """Block the bot (kicked), take it back (member), or take it into a group."""
        bot = {"id": 77, "is_bot": True, "first_name": "C-Bot"}
        old = "member" if status in ("kicked", "left") else "kicked"
        change = {
            "chat": {"id": chat, "type": kind},
            "from": _person(abs(chat), "ka"),
            "date": int(time.time()),
            "old_chat_member": _membership(bot, old),
            "new_chat_member": _membership(bot, status),
        }
        return self.update(my_chat_member=change)


def _person(id: int, language: str) -> Json:
    return {"id": id, "is_bot": False, "first_name": "ნინო", "language_code": language}


def _membership(user: Json, status: str) -> Json:
    more = {"until_date": 0} if status == "kicked" else {}
    return {"user": user, "status": status, **more}

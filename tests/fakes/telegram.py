"""A Telegram that speaks the Bot API over real HTTP and does as it is told.

It keeps what the bot sent, checks it as the real one does, and can be slow, broken, strict about
rates or away. Try the bot by hand with it::

    python -m tests.fakes.telegram --port 8089
    CBOT_TELEGRAM_TOKEN=77:fake CBOT_TELEGRAM_SECRET=secret \
        CBOT_TELEGRAM_API_URL=http://127.0.0.1:8089 cbot run
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.telegram_people import People

Json = dict[str, Any]

TOKEN = "77:fake-token_1"
SECRET = "tg-secret_1"


class Refusal(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


class FakeTelegram(People):
    """One bot's Telegram.

    Attributes:
        calls: (method, parameters, time) of every call with a good token.
        sent: the messages the bot sent, as the residents see them, in their order.
        tokens: the tokens that are good.
        blocked: chats whose people blocked the bot; ``unknown`` those nobody has.
        strict: whether the real limits hold: 30 messages a second, about one to a chat.
        delay: seconds an answer takes, by method; ``*`` for all.
        files: content by path.
    """

    def __init__(self, token: str = TOKEN) -> None:
        super().__init__()
        self.tokens = {token}
        self.calls: list[tuple[str, Json, float]] = []
        self.sent: list[Json] = []
        self.blocked: set[int] = set()
        self.unknown: set[int] = set()
        self.left: list[int] = []
        self.strict = False
        self.delay: dict[str, float] = {}
        self.files: dict[str, bytes] = {}
        self.webhook: Json = {"url": ""}
        self.profile: dict[tuple[str, str], Any] = {}
        self.answered: Counter[str] = Counter()
        self.on_sent: Callable[[Json], None] | None = None
        self._failures: dict[str, list[Refusal]] = {}
        self._message_id = 1000
        self._asking = 0
        self._handed: list[Json] = []

    # What tests tell it to do.

    def fail(
        self, method: str, status: int, description: str, times: int = 1, **parameters: Any
    ) -> None:
        """Refuse the next ``times`` calls of a method."""
        refusal = Refusal(status, description, **parameters)
        self._failures.setdefault(method, []).extend([refusal] * times)

    def count(self, method: str) -> int:
        """Give how often a method was called."""
        return sum(name == method for name, _given, _at in self.calls)

    def texts(self, chat: int | None = None) -> list[str]:
        """Give the texts the bot sent, to one chat or to all."""
        return [m["text"] for m in self.sent if chat in (None, m["chat"]["id"]) and "text" in m]

    def wait(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until something is so."""
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, (self.texts(), self.calls[-5:])
            time.sleep(0.005)

    def replies(self, chat: int, count: int, seconds: float = 60.0) -> list[Json]:
        """Wait for the first ``count`` messages to a chat and give them."""
        self.wait(lambda: len(self._to(chat)) >= count, seconds)
        return self._to(chat)

    def _to(self, chat: int) -> list[Json]:
        return [message for message in self.sent if message["chat"]["id"] == chat]

    # The Bot API.

    def app(self) -> Starlette:
        """Give the ASGI application."""
        return Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._file, methods=["GET"]),
            ]
        )

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            given = await _parameters(request)
        except ClientDisconnect:  # the bot was killed
            return Response(status_code=400)
        await asyncio.sleep(self.delay.get(method, self.delay.get("*", 0.0)))
        try:
            if request.path_params["token"] not in self.tokens:
                raise Refusal(401, "Unauthorized")
            self.calls.append((method, given, time.monotonic()))
            if self._failures.get(method):
                raise self._failures[method].pop(0)
            handler = getattr(self, f"do_{method}", None)
            if handler is None:
                raise Refusal(404, "Not Found")
            result = handler(given)
            if asyncio.iscoroutine(result):
                result = await result
        except Refusal as error:
            body = {"ok": False, "error_code": error.status, "description": error.description}
            if error.parameters:
                body["parameters"] = error.parameters
            return JSONResponse(body, status_code=error.status)
        return JSONResponse({"ok": True, "result": result})

    async def _file(self, request: Request) -> Response:
        content = self.files.get(request.path_params["path"])
        if content is None or request.path_params["token"] not in self.tokens:
            return JSONResponse({"ok": False, "error_code": 404}, status_code=404)
        await asyncio.sleep(self.delay.get("file", 0.0))
        return Response(content, media_type="application/octet-stream")

    def do_getMe(self, _given: Json) -> Json:
        return {"id": 77, "is_bot": True, "first_name": "C-Bot", "username": "rustavi_cbot"}

    async def do_getUpdates(self, given: Json) -> list[Json]:
        if self.webhook["url"]:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._asking += 1
        mine = self._asking
        offset = given.get("offset")
        if offset is not None:
            # What was never handed out is not confirmed, though its number is lower.
            handed = {id(update) for update in self._handed}
            self.pending[:] = [
                u for u in self.pending if _number(u) >= offset or id(u) not in handed
            ]
        until = time.monotonic() + min(given.get("timeout", 0), 25)
        while not self.pending and time.monotonic() < until:
            await asyncio.sleep(0.005)
            if self._asking != mine:
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
        self._handed = list(self.pending[: given.get("limit", 100)])
        return self._handed

    def do_setWebhook(self, given: Json) -> bool:
        if not str(given.get("url", "")).startswith("https://"):
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided")
        self.webhook = {"pending_update_count": 0, "has_custom_certificate": False, **given}
        return True

    def do_deleteWebhook(self, _given: Json) -> bool:
        self.webhook = {"url": ""}
        return True

    def do_getWebhookInfo(self, _given: Json) -> Json:
        hidden = ("secret_token",)
        shown = {key: value for key, value in self.webhook.items() if key not in hidden}
        return {"pending_update_count": 0, "has_custom_certificate": False, **shown}

    def do_sendMessage(self, given: Json) -> Json:
        text = str(given.get("text", ""))
        self._check_chat(given)
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise Refusal(400, "Bad Request: message is too long")
        if given.get("parse_mode"):
            raise Refusal(400, "Bad Request: can't parse entities: Unsupported start tag")
        return self._keep(given, {"text": text})

    def do_sendPhoto(self, given: Json) -> Json:
        self._check_chat(given)
        return self._keep(given, {"photo": [], "caption": given.get("caption")})

    def do_sendChatAction(self, given: Json) -> bool:
        return True

    def do_leaveChat(self, given: Json) -> bool:
        self.left.append(int(given["chat_id"]))
        return True

    def do_answerCallbackQuery(self, given: Json) -> bool:
        id = str(given["callback_query_id"])
        self.answered[id] += 1
        if id not in self.pressed:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired")
        return True

    def do_getFile(self, given: Json) -> Json:
        id = str(given["file_id"])
        if f"photos/{id}" not in self.files:
            raise Refusal(400, "Bad Request: invalid file_id")
        return {"file_id": id, "file_unique_id": f"u{id}", "file_path": f"photos/{id}"}

    def _set(self, name: str, field: str, given: Json) -> bool:
        self.profile[name, given.get("language_code", "")] = given.get(field)
        return True

    def do_setMyCommands(self, given: Json) -> bool:
        return self._set("commands", "commands", given)

    def do_getMyCommands(self, given: Json) -> Any:
        return self.profile.get(("commands", given.get("language_code", "")), [])

    def do_setMyDescription(self, given: Json) -> bool:
        return self._set("description", "description", given)

    def do_getMyDescription(self, given: Json) -> Json:
        key = "description", given.get("language_code", "")
        return {"description": self.profile.get(key, "")}

    def do_setMyShortDescription(self, given: Json) -> bool:
        return self._set("short", "short_description", given)

    def do_getMyShortDescription(self, given: Json) -> Json:
        key = "short", given.get("language_code", "")
        return {"short_description": self.profile.get(key, "")}

    def _check_chat(self, given: Json) -> None:
        chat = int(given["chat_id"])
        if chat in self.unknown:
            raise Refusal(400, "Bad Request: chat not found")
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if self.strict:
            self._check_rates(chat)
        for row in (given.get("reply_markup") or {}).get("inline_keyboard", ()):
            for button in row:
                if len(button.get("callback_data", "x").encode()) not in range(1, 65):
                    raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")

    def _check_rates(self, chat: int) -> None:
        now = time.monotonic()
        recent = [m for m in self.sent if now - m["_at"] < 1.0]
        same = [m for m in self.sent if m["chat"]["id"] == chat and now - m["_at"] < 3.0]
        if len(recent) >= 30 or len(same) >= 6:
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)

    def _keep(self, given: Json, content: Json) -> Json:
        self._message_id += 1
        message = {
            "message_id": self._message_id,
            "date": int(time.time()),
            "chat": {"id": int(given["chat_id"]), "type": "private"},
            "from": self.do_getMe({}),
            **content,
        }
        if given.get("reply_markup"):
            message["reply_markup"] = given["reply_markup"]
        self.sent.append({**message, "_at": time.monotonic()})
        if self.on_sent is not None:
            self.on_sent(message)
        if "inline_keyboard" not in message.get("reply_markup", {}):
            # Telegram tells back the buttons below a message, not those in place of the keyboard.
            message = {key: value for key, value in message.items() if key != "reply_markup"}
        return message


async def _parameters(request: Request) -> Json:
    """Read parameters as the Bot API takes them: JSON, or fields of which some hold JSON."""
    if "application/json" in request.headers.get("content-type", ""):
        return dict(await request.json())
    given: Json = dict(request.query_params)
    if request.method == "POST":
        given |= dict(await request.form())
    for name, value in given.items():
        if name in ("text", "caption", "description", "short_description", "url"):
            continue
        try:
            given[name] = json.loads(value)
        except (ValueError, TypeError):
            continue
    return given


def _number(update: Any) -> int:
    return update.get("update_id", 0) if isinstance(update, dict) else 0


if __name__ == "__main__":
    from tests.fakes.telegram_by_hand import main

    main()

"""A Graph API for Messenger that speaks real HTTP and behaves, or misbehaves, as the real one.

It knows the Send API with its limits, the profile, subscriptions and templates. Requests are
recorded; ``failures`` are answered first. Run it alone with ``python -m tests.fakes.graph --port
9100`` and chat through it with ``python -m tests.fakes.graph_chat``.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import itertools
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from tests.fakes.files import FakeFiles
from tests.fakes.graph_rules import Error, check_message

TOKEN_INVALID = Error(190, 463, "Error validating access token: Session has expired.", 401)
RATE_LIMITED = Error(613, None, "Calls to this api have exceeded the rate limit.", 400)


@dataclass(frozen=True)
class Sent:
    """A request to the Send API that was answered 200."""

    page: str
    psid: str
    payload: dict[str, Any]
    mid: str
    at: float

    @property
    def text(self) -> str:
        """What a person reads first in it."""
        message = self.payload.get("message") or {}
        attached = (message.get("attachment") or {}).get("payload") or {}
        return str(message.get("text") or attached.get("text") or "")

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """All its buttons, of whatever form."""
        message = self.payload.get("message") or {}
        attached = (message.get("attachment") or {}).get("payload") or {}
        cards = [button for card in attached.get("elements") or () for button in card["buttons"]]
        return [*(message.get("quick_replies") or ()), *(attached.get("buttons") or ()), *cards]


@dataclass
class FakeGraph:
    """Records what it is asked, and does as it is told.

    Attributes:
        token, secret: what it accepts; every request must prove itself by both.
        sent: the messages taken, in their order; ``actions`` the sender actions.
        failures: errors to answer to the next messages, one each; a float is a delay before the
            message is taken, ``None`` takes it and breaks the connection off without an answer.
        action_failures: the same for sender actions.
        delay: seconds that each message takes.
        per_second: more messages within a second are answered 613; None for no limit.
        blocked: people who blocked the page: 551/1545041.
        closed: people whose window is closed: 10/2018278 to anything but HUMAN_AGENT and UTILITY.
        granted: what Meta granted: ``human_agent``, ``utility``.
        profile: the Messenger profile; ``fields`` what webhooks are subscribed to.
        files: what lies below ``/_files``, in place of Meta's servers of attachments.
    """

    token: str = "EAAG-token"
    secret: str = "app-secret"
    pages: tuple[str, ...] = ("100", "101")
    sent: list[Sent] = field(default_factory=list)
    actions: list[tuple[str, str]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    failures: deque[Error | float | None] = field(default_factory=deque)
    action_failures: deque[Error | float | None] = field(default_factory=deque)
    delay: float = 0.0
    per_second: int | None = None
    blocked: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    granted: set[str] = field(default_factory=set)
    profile: dict[str, Any] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    files: FakeFiles = field(default_factory=FakeFiles)
    _number: Any = field(default_factory=itertools.count)
    _recent: deque[float] = field(default_factory=deque)
    _profile_calls: deque[float] = field(default_factory=deque)

    def app(self) -> Starlette:
        """Give the ASGI application."""
        return Starlette(
            routes=[
                Route("/_sent", self._recorded, methods=["GET"]),
                Mount("/_files", self.files.app()),
                Route("/{version}/{page}/messages", self._messages, methods=["POST"]),
                Route(
                    "/{version}/{page}/messenger_profile",
                    self._profile,
                    methods=["GET", "POST", "DELETE"],
                ),
                Route(
                    "/{version}/{page}/subscribed_apps", self._subscribed, methods=["GET", "POST"]
                ),
                Route("/{version}/{page}", self._page, methods=["GET"]),
            ]
        )

    def texts(self, psid: str | None = None) -> list[str]:
        """Give the texts taken, or those to one person."""
        return [sent.text for sent in self.sent if psid in (None, sent.psid)]

    async def _messages(self, request: Request) -> Response:
        payload = await request.json()
        self.requests.append(
            {
                "path": request.url.path,
                "query": dict(request.query_params),
                "payload": payload,
                "at": time.monotonic(),
            }
        )
        self.calls["messages"] += 1
        refused = self._refuse(request)
        if refused is not None:
            return _answer(refused)
        if "sender_action" in payload:
            return await self._action(payload)
        return await self._message(request, payload)

    async def _action(self, payload: dict[str, Any]) -> Response:
        if set(payload) - {"recipient", "sender_action", "messaging_type"}:
            return _answer(Error(100, None, "sender_action must come with the recipient only"))
        failure = self.action_failures.popleft() if self.action_failures else 0.0
        if isinstance(failure, Error):
            return _answer(failure)
        await asyncio.sleep(failure or 0.0)
        psid = payload["recipient"]["id"]
        self.actions.append((psid, payload["sender_action"]))
        return JSONResponse({"recipient_id": psid})

    async def _message(self, request: Request, payload: dict[str, Any]) -> Response:
        failure = self.failures.popleft() if self.failures else 0.0
        if isinstance(failure, Error):
            return _answer(failure)
        error = check_message(payload, self.granted) or self._unwelcome(payload)
        if error is not None:
            self.rejected.append(str(error))
            return _answer(error)
        await asyncio.sleep(self.delay + (failure or 0.0))
        mid = f"m_{next(self._number)}"
        page = request.path_params["page"]
        self.sent.append(Sent(page, payload["recipient"]["id"], payload, mid, time.monotonic()))
        if failure is None:
            raise ConnectionAbortedError("told to break off")
        return JSONResponse({"recipient_id": payload["recipient"]["id"], "message_id": mid})

    def _unwelcome(self, payload: dict[str, Any]) -> Error | None:
        psid = payload["recipient"]["id"]
        if psid in self.blocked:
            return Error(551, 1545041, "This person isn't available right now.")
        exempt = payload.get("tag") == "HUMAN_AGENT" or payload["messaging_type"] == "UTILITY"
        if psid in self.closed and not exempt:
            return Error(10, 2018278, "This message is sent outside of allowed window.", 403)
        now = time.monotonic()
        while self._recent and self._recent[0] < now - 1:
            self._recent.popleft()
        if self.per_second is not None and len(self._recent) >= self.per_second:
            return RATE_LIMITED
        self._recent.append(now)
        return None

    def _refuse(self, request: Request) -> Error | None:
        """Check the token and its proof, the version and the page."""
        if request.query_params.get("access_token") != self.token:
            return TOKEN_INVALID
        proof = hmac.new(self.secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        if request.query_params.get("appsecret_proof") != proof:
            return Error(100, None, "Invalid appsecret_proof provided in the API argument")
        version = request.path_params["version"]
        if not version.startswith("v") or float(version[1:]) < 25:
            return Error(2635, None, f"You are calling a deprecated version {version}")
        if request.path_params["page"] not in (*self.pages, "me"):
            return Error(100, 33, "Unsupported post request. Object does not exist")
        return None

    async def _profile(self, request: Request) -> Response:
        refused = self._refuse(request)
        if refused is not None:
            return _answer(refused)
        self.calls[f"profile {request.method}"] += 1
        if request.method == "GET":
            wanted = request.query_params.get("fields", "").split(",")
            found = {key: self.profile[key] for key in wanted if key in self.profile}
            return JSONResponse({"data": [found] if found else []})
        now = time.monotonic()
        while self._profile_calls and self._profile_calls[0] < now - 600:
            self._profile_calls.popleft()
        if len(self._profile_calls) >= 10:
            return _answer(RATE_LIMITED)
        self._profile_calls.append(now)
        data = await request.json()
        if request.method == "DELETE":
            for key in data["fields"]:
                self.profile.pop(key, None)
            return JSONResponse({"result": "success"})
        locales = [item["locale"] for item in data.get("persistent_menu", [{"locale": "default"}])]
        if "default" not in locales:
            return _answer(Error(100, 2018145, "(#100) default locale is required"))
        if "persistent_menu" in data and "get_started" not in {**self.profile, **data}:
            return _answer(Error(100, 2018145, "(#100) You must set a Get Started button"))
        self.profile.update(data)
        return JSONResponse({"result": "success"})

    async def _subscribed(self, request: Request) -> Response:
        refused = self._refuse(request)
        if refused is not None:
            return _answer(refused)
        self.calls[f"subscribed_apps {request.method}"] += 1
        if request.method == "POST":
            data = await request.json()
            self.fields = list(data["subscribed_fields"])
            return JSONResponse({"success": True})
        apps = [{"id": "5", "name": "C-Bot", "subscribed_fields": self.fields}]
        return JSONResponse({"data": apps if self.fields else []})

    async def _page(self, request: Request) -> Response:
        refused = self._refuse(request)
        if refused is not None:
            return _answer(refused)
        return JSONResponse({"id": request.path_params["page"], "name": "რუსთავის მერია"})

    async def _recorded(self, request: Request) -> Response:
        """Give what was taken, for a person who tries things by hand."""
        after = int(request.query_params.get("after", "0"))
        psid = request.query_params.get("psid")
        found = [
            {"number": number, "text": sent.text, "buttons": sent.buttons, "payload": sent.payload}
            for number, sent in enumerate(self.sent, 1)
            if number > after and psid in (None, sent.psid)
        ]
        typing = [action for person, action in self.actions if psid in (None, person)]
        return JSONResponse({"sent": found, "actions": len(typing), "rejected": self.rejected})


def _answer(error: Error) -> Response:
    body: dict[str, Any] = {"message": error.message, "type": "OAuthException", "code": error.code}
    if error.subcode is not None:
        body["error_subcode"] = error.subcode
    return JSONResponse(
        {"error": {**body, "fbtrace_id": "AbCdEf"}}, status_code=error.status, headers=error.headers
    )


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--page", default="100", help="the page's id")
    parser.add_argument("--token", default="EAAG-token", help="the page's token")
    parser.add_argument("--secret", default="app-secret", help="the app secret")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds each message takes")
    parser.add_argument("--files", type=Path, help="a folder whose files lie below /_files")
    options = parser.parse_args()
    graph = FakeGraph(
        token=options.token, secret=options.secret, pages=(options.page,), delay=options.delay
    )
    for path in options.files.iterdir() if options.files else ():
        graph.files.files[path.name] = path.read_bytes()
    uvicorn.run(graph.app(), host="127.0.0.1", port=options.port, ws="none", log_level="warning")


if __name__ == "__main__":
    main()

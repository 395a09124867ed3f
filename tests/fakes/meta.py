"""Webhooks as Meta posts them: batches, escaped letters, signatures."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from typing import Any

import httpx

_numbers = itertools.count(1)


def new_mid() -> str:
    """Give a message id that looks like Meta's."""
    return f"m_{time.time_ns():x}AWx{next(_numbers)}ZTh-_"


def event(psid: str, page: str = "100", at: float | None = None, **what: Any) -> dict[str, Any]:
    """Give one event: ``message={…}``, ``postback={…}`` or any other."""
    timestamp = round((time.time() if at is None else at) * 1000)
    return {
        "sender": {"id": psid},
        "recipient": {"id": page},
        "timestamp": timestamp,
        **what,
    }


def message(
    psid: str,
    text: str | None = None,
    mid: str | None = None,
    page: str = "100",
    at: float | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Give a message's event."""
    content = {"mid": mid or new_mid(), **({"text": text} if text is not None else {}), **more}
    return event(psid, page, at, message=content)


def postback(psid: str, payload: str, title: str, page: str = "100") -> dict[str, Any]:
    """Give the event of a button that was pressed."""
    return event(psid, page, postback={"mid": new_mid(), "payload": payload, "title": title})


def echo(psid: str, mid: str, page: str = "100", **more: Any) -> dict[str, Any]:
    """Give the event of something the page said."""
    return {
        "sender": {"id": page},
        "recipient": {"id": psid},
        "timestamp": round(time.time() * 1000),
        "message": {"is_echo": True, "app_id": 1517776481860111, "mid": mid, **more},
    }


def batch(*events: dict[str, Any], page: str = "100", field: str = "messaging") -> dict[str, Any]:
    """Give a webhook's body with one entry."""
    return {
        "object": "page",
        "entry": [{"id": page, "time": round(time.time() * 1000), field: list(events)}],
    }


def escaped(body: Any) -> bytes:
    r"""Give the bytes that Meta sends and signs: letters as \uXXXX, slashes as \/."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def sign(secret: str, body: bytes) -> str:
    """Give the signature header's value."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Meta:
    """Posts to a webhook as Meta does."""

    def __init__(self, url: str, secret: str = "app-secret") -> None:
        self.url = url
        self.secret = secret
        self.http = httpx.Client(timeout=30)

    def post(self, body: Any, **headers: str) -> httpx.Response:
        """Post a body with its signature."""
        content = body if isinstance(body, bytes) else escaped(body)
        given = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": sign(self.secret, content),
            **headers,
        }
        return self.http.post(self.url, content=content, headers=given)

    def deliver(self, *events: dict[str, Any], page: str = "100") -> None:
        """Post events, which must be taken."""
        response = self.post(batch(*events, page=page))
        assert response.status_code == 200, response.text

    def say(self, psid: str, text: str, page: str = "100", mid: str | None = None) -> str:
        """Let a person write; give the message's id."""
        mid = mid or new_mid()
        self.deliver(message(psid, text, mid, page), page=page)
        return mid

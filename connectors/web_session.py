"""Who writes on the web page: a random token in a cookie, and the conversation it stands for.

The token itself is neither stored nor logged; the conversation's id is a digest of it.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "cbot_session"
YEAR = 365 * 24 * 3600

_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def token_of(request: Request) -> str | None:
    """Give the request's session token; None when it has none of our making."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.match(token) else None


def new_token() -> str:
    """Make a token: 256 random bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def conversation_of(token: str) -> str:
    """Give the id of the conversation that belongs to a token."""
    return "web:" + hashlib.sha256(token.encode()).hexdigest()[:32]


def keep(response: Response, token: str, secure: bool) -> None:
    """Let the browser keep the token for a year, out of reach of scripts and other sites."""
    response.set_cookie(
        COOKIE, token, max_age=YEAR, path="/", httponly=True, samesite="lax", secure=secure
    )

"""Errors as JSON, and the headers every answer carries."""

from __future__ import annotations

import logging
import math

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, ExceptionHandler, Message, Receive, Scope, Send

from bot.store.errors import StoreUnavailable
from connectors.bodies import Refused

log = logging.getLogger(__name__)

#: The page loads only its own files, and talks only to its own server.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}

_NAMES = {
    404: ("not_found", "There is nothing at this address."),
    405: ("wrong_method", "This address does not take this method."),
}


class SecurityHeaders:
    """Adds the headers to every answer of an application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def error(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Give an error: a code for programs, a sentence for people."""
    return JSONResponse(
        {"error": {"code": code, "message": message}},
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _refused(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, Refused):
        raise problem
    headers = {}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(problem.retry_after)))
    if problem.status in (408, 413):
        # The rest of the body is not read.
        headers["Connection"] = "close"
    return error(problem.status, problem.code, str(problem), headers)


def _unavailable(_request: Request, problem: Exception) -> Response:
    log.error("a request failed: %s", problem)
    return error(
        503,
        "unavailable",
        "The message could not be kept just now; send it again.",
        {"Retry-After": "2"},
    )


def _http(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, HTTPException):
        raise problem
    code, message = _NAMES.get(problem.status_code, ("wrong_request", f"{problem.detail}."))
    return error(problem.status_code, code, message, dict(problem.headers or {}))


def _broken(_request: Request, _problem: Exception) -> Response:
    return error(500, "broken", "Something went wrong here; try again later.")


HANDLERS: dict[int | type[Exception], ExceptionHandler] = {
    Refused: _refused,
    StoreUnavailable: _unavailable,
    HTTPException: _http,
    Exception: _broken,
}

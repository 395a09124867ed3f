"""Reading what strangers send: bounded, as JSON, and clean enough to store.

Whatever is wrong raises :class:`Refused` with a status of 4xx.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request

from bot.core.errors import BotError
from bot.core.normalise import storable

#: The most bytes of a request's body.
MOST_BYTES = 1_000_000
#: A body must be there after so many seconds.
READ_SECONDS = 20.0


class Refused(BotError):
    """The request is not taken: ``status`` and ``code`` for programs, the message for people."""

    def __init__(
        self, status: int, code: str, message: str, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after


async def read_body(
    request: Request,
    most: int = MOST_BYTES,
    seconds: float = READ_SECONDS,
    heard: Callable[[int], None] | None = None,
) -> bytes:
    """Read the whole body, however its length is announced.

    Args:
        heard: called with the bytes of each part as it comes; what it raises ends the reading.

    Raises:
        Refused: when it is too long, comes too slowly or breaks off.
    """
    try:
        return await asyncio.wait_for(_read(request, most, heard), seconds)
    except asyncio.TimeoutError:
        raise Refused(408, "too_slow", "The message did not arrive in time.") from None
    except ClientDisconnect:
        raise Refused(400, "broken_off", "The connection broke off.") from None


async def _read(request: Request, most: int, heard: Callable[[int], None] | None) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > most:
        raise _too_large(most)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_large(most)
        if heard is not None:
            heard(len(part))
        parts.append(part)
    return b"".join(parts)


def _too_large(most: int) -> Refused:
    return Refused(413, "too_large", f"Send at most {most} bytes.")


async def read_json(request: Request) -> dict[str, Any]:
    """Read the body as a JSON object.

    Raises:
        Refused: when it is not announced as JSON or is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "not_json", "Send Content-Type: application/json.")
    return parse_json(await read_body(request))


def parse_json(body: bytes) -> dict[str, Any]:
    """Read bytes as a JSON object.

    Raises:
        Refused: when they are none.
    """
    try:
        # UTF-8 alone: json would guess other encodings. Deep nesting and numbers of thousands
        # of digits are errors like any other.
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refused(400, "bad_json", "The body is no JSON in UTF-8.") from None
    if not isinstance(data, dict):
        raise Refused(400, "bad_json", "Send a JSON object.")
    return data


def clean(text: str) -> str:
    """Remove what no database takes and nobody reads: control characters, lone surrogates.

    Line breaks and tabs stay; CR and CR LF become line breaks.
    """
    return storable(text.replace("\r\n", "\n").replace("\r", "\n"))

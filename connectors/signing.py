"""Signed buttons: a payload is worth something only in the conversation it was issued to.

A token is the payload and, after ``~``, 96 bits of HMAC-SHA256 over conversation and payload.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

#: Bytes of the code kept: 96 bits, well above the 80 that cannot be guessed online.
CODE_BYTES = 12
SEPARATOR = "~"


def sign(secret: str, conversation: str, payload: str) -> str:
    """Give the token that stands for ``payload`` in ``conversation``."""
    return f"{payload}{SEPARATOR}{_code(secret, conversation, payload)}"


def verify(secret: str, conversation: str, token: str) -> str | None:
    """Give the payload of a token; None when it was not issued to this conversation."""
    payload, separator, code = token.rpartition(SEPARATOR)
    if not separator or not token.isascii():
        return None
    if not hmac.compare_digest(code, _code(secret, conversation, payload)):
        return None
    return payload


def _code(secret: str, conversation: str, payload: str) -> str:
    # NUL stands in neither part, so that no two pairs give the same message.
    message = f"button\0{conversation}\0{payload}".encode()
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:CODE_BYTES]).decode()

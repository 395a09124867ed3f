"""Links under which a resident fetches what is held on them: signed, and soon worth nothing.

A token is the conversation and the second it ends, and 192 bits of HMAC-SHA256 over both.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

#: How long a link is good for, seconds: it is opened at once or asked for again.
GOOD_FOR = 900
_CODE_BYTES = 24


def make(secret: str, conversation: str, now: float) -> str:
    """Give the token that opens what is held on ``conversation`` until it ends."""
    content = f"{int(now) + GOOD_FOR}:{conversation}".encode()
    return base64.urlsafe_b64encode(_code(secret, content) + content).decode().rstrip("=")


def read(secret: str, token: str, now: float) -> str | None:
    """Give the conversation of a token; None when it is not ours or has ended."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    code, content = raw[:_CODE_BYTES], raw[_CODE_BYTES:]
    if not hmac.compare_digest(code, _code(secret, content)):
        return None
    ends, _, conversation = content.decode().partition(":")
    return conversation if now < int(ends) else None


def _code(secret: str, content: bytes) -> bytes:
    return hmac.new(secret.encode(), b"my data\0" + content, hashlib.sha256).digest()[:_CODE_BYTES]

"""Meta's signatures: of webhooks, and of requests to delete somebody's data.

Several app secrets may be valid for a while, so that one can be replaced without losing a
message. Everything is compared in constant time, and only SHA-256 counts, whatever else the
sender names.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

#: The only header that is looked at, and what its value begins with.
HEADER = "x-hub-signature-256"
_PREFIX = "sha256="


def signed(secrets: Sequence[str], body: bytes, header: str | None) -> bool:
    """Tell whether the bytes of a body were signed with one of the secrets."""
    given = header or ""
    if not given.startswith(_PREFIX) or not given.isascii():
        return False
    return _matches(secrets, body, given.removeprefix(_PREFIX).lower())


def signature(secret: str, body: bytes) -> str:
    """Give the header's value for a body."""
    return f"{_PREFIX}{_digest(secret, body).hex()}"


def read_signed_request(secrets: Sequence[str], text: str) -> Mapping[str, Any] | None:
    """Read a ``signed_request`` (``<signature>.<payload>``, both base64url).

    The signature is over the payload as it stands there, not decoded.

    Returns:
        What it says; None when the signature is not ours or it cannot be read.
    """
    given, _, payload = text.partition(".")
    code = _decoded(given)
    if code is None or not _matches(secrets, payload.encode(), code.hex()):
        return None
    content = _decoded(payload)
    try:
        data = json.loads(content or b"")
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _matches(secrets: Sequence[str], message: bytes, given: str) -> bool:
    # Every secret is tried, so that the time taken tells nothing of which one fitted.
    fits = [hmac.compare_digest(given, _digest(secret, message).hex()) for secret in secrets]
    return any(fits)


def _digest(secret: str, message: bytes) -> bytes:
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None

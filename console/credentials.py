"""What lets staff in: passwords, the second factor, recovery codes, one-time passwords.

The secret of a second factor is made from the deployment's key and a salt in the database, so that
neither alone is enough.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import argon2
import pyotp
import segno

from bot.store.staff import Invitation

#: Length of a password: long rather than complicated, as people remember it.
SHORTEST, LONGEST = 12, 128
#: How long a one-time password opens the door, seconds.
INVITED_SECONDS = 3 * 24 * 60 * 60
RECOVERY_CODES = 10
#: Seconds of one code of the second factor; clocks may differ by one step.
STEP = 30

#: No 0, 1, I, O: a code is read aloud or typed from paper.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_COMMON = ("password", "qwerty", "123456", "rustavi", "რუსთავი", "cbot", "c-bot", "პაროლი")

_hasher = argon2.PasswordHasher()
#: Checked when there is nobody of a name, so that this takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """Give a password's argon2id hash; takes a noticeable part of a second, on purpose."""
    return _hasher.hash(password)


def is_password(password: str, hashed: str | None) -> bool:
    """Tell whether a password is the one of a hash; as slow when there is none."""
    try:
        return _hasher.verify(hashed or _NOBODY, password) and hashed is not None
    except argon2.exceptions.VerificationError:
        return False


def weakness(password: str, name: str) -> str | None:
    """Tell why a password will not do: ``short``, ``long`` or ``easy``; None when it will."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    rest = password.lower()
    for word in (*_COMMON, name.lower()):
        rest = rest.replace(word, "")
    return "easy" if len(set(rest)) < 5 else None


def code(groups: int) -> str:
    """Give random letters in groups of four."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(groups))


def _plain(given: str) -> str:
    return "".join(character for character in given.upper() if character.isalnum())


@dataclass(frozen=True)
class Keyring:
    """Makes what must not be made without the deployment's key."""

    secret: str

    def mac(self, purpose: str, value: str) -> str:
        """Give the authentication code of a value, for one purpose."""
        text = f"{purpose}\0{value}".encode()
        return hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()

    def code_hash(self, given: str) -> str:
        """Give what is kept of a one-time password or a recovery code."""
        return self.mac("staff code", _plain(given))

    def invite(self, now: float) -> tuple[str, Invitation]:
        """Make a one-time password, and what the database keeps of it."""
        password = code(5)
        hashed = self.code_hash(password)
        return password, Invitation(hashed, now + INVITED_SECONDS, secrets.token_hex(16))

    def totp_secret(self, salt: str) -> str:
        """Give the second factor's secret as an application reads it."""
        digest = hmac.new(self.secret.encode(), f"totp\0{salt}".encode(), hashlib.sha256).digest()
        return base64.b32encode(digest[:20]).decode()

    def totp_step(self, salt: str, given: str, now: float) -> int | None:
        """Give the time step whose code was given; None when it is none of now."""
        wanted = "".join(given.split())
        current = int(now // STEP)
        totp = pyotp.TOTP(self.totp_secret(salt))
        for step in (current, current - 1, current + 1):
            if hmac.compare_digest(totp.at(step * STEP).encode(), wanted.encode()):
                return step
        return None

    def totp_picture(self, salt: str, name: str) -> str:
        """Give the QR code of a second factor as SVG."""
        totp = pyotp.TOTP(self.totp_secret(salt))
        address = totp.provisioning_uri(name=name, issuer_name="C-Bot")
        picture: str = segno.make(address, micro=False).svg_inline(scale=4, border=2, light="#fff")
        return picture


def new_token() -> str:
    """Give the token of a new session."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Give what the database keeps of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()

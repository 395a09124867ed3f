"""The code of a submission, short enough to be said on the telephone: ``I-26-0417-K``.

Kind, year, number and a check letter. The check finds every single mistyped sign and every pair
of neighbours that changed places.
"""

from __future__ import annotations

import re

from bot.core.submissions.model import Kind

#: The letter of each kind.
LETTERS = {Kind.IDEA: "I", Kind.PROBLEM: "P", Kind.CO_FUNDING: "C"}
#: Check letters: without those that look or sound like another sign. 23 is prime, which is what
#: makes the check see every exchange.
ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ"

_SHAPE = re.compile(r"([IPC])(\d{2})(\d{4,6})([A-Z])\Z")
# Looked for at every word: "სტატუსი P" before the rest of a code has the shape of one too.
_INSIDE = re.compile(r"(?<!\w)(?=(\w[\s\-–.]{0,2}\w{2}[\s\-–.]{0,2}\w{4,6}[\s\-–.]{0,2}\w(?!\w)))")
#: A message that is nothing but a code, or was meant to be: "I-26-0417-X", "RUS-1234".
_MEANT = re.compile(
    r"[^\W\d_][\s\-–—]?\d{2}[\s\-–—]?\d{3,6}[\s\-–—]?\w?|[^\W\d_]{1,4}[\-–—]\d{3,6}(?:[\-–—]\w)?"
)
_SEPARATORS = re.compile(r"[\s\-–—_./№#]+")
#: Letters that look the same in Russian, and those on the same keys of a Georgian keyboard.
_ALIKE = str.maketrans(
    "АВЕКМНРСТХУІ" + "აბცდეფგჰიჯკლმნპრსტუვწხყზ",
    "ABEKMHPCTXYI" + "ABCDEFGHIJKLMNPRSTUVWXYZ",
)


def make(kind: Kind, year: int, number: int) -> str:
    """Give the code of the ``number``-th submission of this kind in a year."""
    letter, short = LETTERS[kind], year % 100
    digits = f"{number:04d}"
    return f"{letter}-{short:02d}-{digits}-{_check(letter, f'{short:02d}{digits}')}"


def read(text: str) -> str | None:
    """Read a code as a person types it; None when it is none, or one with a typing mistake.

    Small letters, missing dashes, Russian look-alikes, a Georgian keyboard, the letter O for a
    zero and the like are understood.
    """
    plain = _SEPARATORS.sub("", text).translate(_ALIKE).upper()
    if len(plain) < 8:
        return None
    kind = {"1": "I", "L": "I"}.get(plain[0], plain[0])
    digits = plain[1:-1].replace("O", "0").replace("I", "1").replace("L", "1")
    match = _SHAPE.match(kind + digits + plain[-1])
    if match is None or not digits.isascii():
        return None
    letter, year, number, check = match.groups()
    if _check(letter, year + number) != check:
        return None
    return f"{letter}-{year}-{number}-{check}"


def find(text: str) -> str | None:
    """Give the first good code that stands in a text; None without one."""
    for match in _INSIDE.finditer(text):
        code = read(match.group(1))
        if code is not None:
            return code
    return read(text)


def is_meant(text: str) -> bool:
    """Tell whether a text is nothing but what was meant as a code, good or mistyped."""
    return _MEANT.fullmatch(text.strip(" .,!?#№")) is not None


def _check(letter: str, digits: str) -> str:
    values = [ord(letter) - ord("A") + 1, *map(int, digits)]
    # Counted from the end, so that a number of five digits keeps the weights of the others.
    total = sum(weight * value for weight, value in enumerate(reversed(values), start=2))
    return ALPHABET[total % len(ALPHABET)]

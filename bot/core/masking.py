"""Hiding what nobody needs to send: personal numbers, accounts, cards and telephone numbers.

A text is masked before it is stored anywhere. The sign that takes a number's place is the same in
every language, so that a later reader sees that something stood there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

#: What stands in place of a hidden number.
SIGN = "●●●●●"

PERSONAL_NUMBER = "personal_number"
IBAN = "iban"
CARD = "card"
PHONE = "phone"
KINDS = (IBAN, CARD, PERSONAL_NUMBER, PHONE)


@dataclass(frozen=True)
class Masked:
    """A text without its numbers; ``kinds`` names what was hidden, each kind once."""

    text: str
    kinds: tuple[str, ...] = ()


# People group digits with spaces, dashes, dots and slashes; Python's \d is any script's digit.
_GAP = r"[\s\-‐‑–./\u200b-\u200d\ufeff]{0,2}"


def _digits(count: int) -> str:
    return rf"\d(?:{_GAP}\d){{{count - 1}}}"


_IBAN = re.compile(rf"(?<![A-Za-z])GE{_GAP}\d{_GAP}\d(?:{_GAP}[A-Z0-9]){{18}}(?![A-Z0-9])", re.I)
_CARD = re.compile(rf"(?<!\d){_digits(16)}(?!\d)")
_PERSONAL = re.compile(rf"(?<!\d){_digits(11)}(?!{_GAP}\d)")
_RUN = re.compile(r"(?<!\d)\d{11}(?!\d)")
# A code of the land register is no person: 02.05.03.123 and its longer forms.
_CADASTRAL = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{2,4}(?:\.\d{2,3})*\Z")
_PHONE = re.compile(
    rf"""(?<!\d)(?:
        (?:\+|00){_GAP}9{_GAP}9{_GAP}5{_GAP}[)]?{_GAP}{_digits(9)}   # with the country's code
      | 9{_GAP}9{_GAP}5{_GAP}5{_GAP}{_digits(8)}                     # the same without the plus
      | (?:0{_GAP})?5(?:{_GAP}\d){{8}}                               # a mobile: 5xx xx xx xx
      | [(]?0{_GAP}[347]\d{_GAP}\d?[)]?{_GAP}{_digits(6)}(?:{_GAP}\d)?  # a town's: 0341 25 52 31
    )(?!\d)""",
    re.VERBOSE,
)
_NOTHING_ELSE = re.compile(r"[\s.,;:!()\-–+]*\Z")


def mask(text: str, *, keep: Collection[str] = ()) -> Masked:
    """Hide the numbers in a text, and leave out what no database takes.

    Args:
        text: what a person wrote.
        keep: kinds to leave as they are.
    """
    kinds: list[str] = []
    text = storable(text)
    for kind, hide in _HIDERS.items():
        if kind in keep:
            continue
        hidden = hide(text)
        if hidden != text:
            kinds.append(kind)
            text = hidden
    return Masked(text, tuple(kinds))


def storable(text: str) -> str:
    """Leave out half characters and zero bytes, which strangers may send."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def mask_message(text: str) -> Masked:
    """Hide the numbers in a message of a chat; one that is only a telephone number stays.

    Such a message answers the bot's own question for it, and is useless when hidden.
    """
    alone = _NOTHING_ELSE.match(_PHONE.sub("", text, count=1)) is not None
    return mask(text, keep=(PHONE,) if alone else ())


def mask_values(value: Any, hide: Callable[[str], Masked] = mask_message) -> Any:
    """Hide the numbers in every text inside plain JSON values."""
    if isinstance(value, str):
        return hide(value).text
    if isinstance(value, dict):
        return {key: mask_values(item, hide) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask_values(item, hide) for item in value]
    return value


def mask_named(value: Any, names: Collection[str]) -> Any:
    """Hide the numbers in the texts that stand under these names; ids stay as they are."""
    if isinstance(value, dict):
        return {
            key: mask_message(item).text
            if key in names and isinstance(item, str)
            else mask_named(item, names)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [mask_named(item, names) for item in value]
    return value


def is_masked(text: str) -> bool:
    """Tell whether something was hidden in the text."""
    return SIGN in text


def _hide_personal(text: str) -> str:
    text = _RUN.sub(SIGN, text)
    return _PERSONAL.sub(
        lambda found: found.group() if _CADASTRAL.match(found.group()) else SIGN, text
    )


def _hide_card(text: str) -> str:
    return _CARD.sub(lambda found: SIGN if _is_card(found.group()) else found.group(), text)


def _is_card(text: str) -> bool:
    """Tell whether the digits pass the check that every payment card's number passes."""
    total = 0
    for index, digit in enumerate(reversed([int(char) for char in text if char.isdigit()])):
        doubled = digit * (1 + index % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


_HIDERS: dict[str, Callable[[str], str]] = {
    IBAN: lambda text: _IBAN.sub(SIGN, text),
    CARD: _hide_card,
    PERSONAL_NUMBER: _hide_personal,
    PHONE: lambda text: _PHONE.sub(SIGN, text),
}

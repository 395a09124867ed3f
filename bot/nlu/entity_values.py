"""What a found span stands for: "2,5 ლარი" is 2.5, "5 მაისს" is 05.05, "ოთხ სულზე" is 4.

A span whose value makes no sense (a household of 500, the 42nd of May) is no entity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.nlu.entity_patterns import LARI, TETRI, THOUSAND

#: More people than live in one flat; more lari than any bill, more square metres than any yard.
_MOST_PERSONS, _MOST_LARI, _MOST_AREA = 30, 100_000_000, 10_000_000
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_HUNDRED = 100
_LARI, _TETRI, _THOUSAND = map(re.compile, (LARI, TETRI, THOUSAND))

Value = float | int | str


def amount(words: Sequence[str], numbers: Sequence[float | None]) -> Value | None:
    """Give lari: tetri are hundredths, "two hundred" multiplies, "1 200" is one number."""
    total, waiting = 0.0, 0.0
    for word, number in zip(words, numbers, strict=True):
        if _THOUSAND.fullmatch(word) and waiting:
            waiting *= 1000
        elif number == _HUNDRED and 1 < waiting % 1000 < 10 and not word.isdigit():
            waiting += (waiting % 1000) * (_HUNDRED - 1)
        elif number is not None:
            waiting = waiting * 1000 + number if re.fullmatch(r"\d{3}", word) else waiting + number
        elif _TETRI.fullmatch(word):
            total, waiting = total + waiting / 100, 0.0
        elif _LARI.fullmatch(word):
            total, waiting = total + waiting, 0.0
    return _plain(total + waiting, _MOST_LARI)


def area(words: Sequence[str], numbers: Sequence[float | None]) -> Value | None:
    """Give square metres."""
    return _plain(next(filter(None, numbers), 0.0), _MOST_AREA)


def persons(words: Sequence[str], numbers: Sequence[float | None]) -> Value | None:
    """Give how many people."""
    number = next(filter(None, numbers), 0.0)
    return int(number) if number == int(number) and 1 <= number <= _MOST_PERSONS else None


def date(day: int, month: int, year: int | None = None) -> str | None:
    """Give an ISO 8601 date, or "12.05" for the twelfth of May when no year is said."""
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return None
    return f"{year}-{month:02}-{day:02}" if year else f"{day:02}.{month:02}"


def _plain(number: float, most: float) -> Value | None:
    """Give whole numbers as such; None for what is no sensible number."""
    if not 0 < number <= most:
        return None
    return int(number) if number == int(number) else round(number, 2)


_PHONE = re.compile(
    r"(?<![\d\w])(?:\+?995|0)?[ -]?\(?([57]\d{2}|3\d{2})\)?(?:[ -]?\d{2}){3}(?![\d\w])"
)
#: As it is dictated: "593 104 207", "5 7 7 40 51 62".
_DICTATED = re.compile(
    r"(?<![\d\w])(?:\+?995|0)?[ -]?(?:5\d\d|5[ -]\d[ -]\d)"
    r"(?:[ -]\d{3}[ -]?\d{3}|(?:[ -]?\d\d){3})(?![\d\w])"
)
_LANDLINE = re.compile(r"(?<!\d)0?341[ -]?(?:\d[ -]?){6}(?!\d)")
#: The letters of a code, also in the look-alikes of other alphabets.
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХІ", "ABEKMHOPCTYXI")
_DASH = "[ \u2010-\u2015-]?"
_LETTER = "[A-ZА-ЯІ]"
_CODE = re.compile(
    rf"(?<!\w)({_LETTER}){_DASH}(\d{{2}}){_DASH}(\d{{4}}){_DASH}({_LETTER})(?!\w)", re.IGNORECASE
)
_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d{1,2})-(\d{1,2})(?!\d)")
_EUROPEAN = re.compile(r"(?<![\d.])(\d{1,2})[./](\d{1,2})[./](20\d\d|\d\d)(?![\d])")
_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
_AREA = re.compile(
    r"(?<!\d)(\d+(?:[.,]\d+)?) ?"
    r"(?:m2|m²|м2|м²|მ2|მ²|кв\.? ?м|კვ\.? ?მ|kv\.? ?m|sq\.? ?m|ք\.? ?մ|քմ)(?![^\W\d_]{2})",
    re.IGNORECASE,
)


def shapes(text: str) -> list[tuple[int, int, str, Any]]:
    """Find what is told by its shape alone: start, end, entity and value."""
    found: list[tuple[int, int, str, Any]] = []
    for match in _CODE.finditer(text):
        code = "-".join(match.groups()).upper().translate(_LOOK_ALIKES)
        found.append((*match.span(), "submission_code", code))
    for expression in (_PHONE, _DICTATED, _LANDLINE):
        for match in expression.finditer(text):
            digits = re.sub(r"\D", "", match.group())
            found.append((*match.span(), "phone", digits[-9:]))
    for match in _ISO.finditer(text):
        year, month, day = map(int, match.groups())
        found.append((*match.span(), "date", date(day, month, year)))
    for match in _EUROPEAN.finditer(text):
        day, month, year = map(int, match.groups())
        found.append((*match.span(), "date", date(day, month, year if year > 99 else 2000 + year)))
    for match in _AREA.finditer(text):
        digits = match.group(1)
        # "1,200" is twelve hundred, "1,2" one and a fifth.
        thousands = _THOUSANDS.fullmatch(digits)
        number = float(digits.replace(",", "" if thousands else "."))
        found.append((*match.span(), "area", _plain(number, _MOST_AREA)))
    return [part for part in found if part[3] is not None]

"""Months and days as residents write them: ``მაისი``, ``05.2027``, ``2027-05-10``, ``may 2027``."""

from __future__ import annotations

import re
from datetime import date

from bot.core.forms.reading import NotUsable
from bot.core.forms.words import folded

_MONTHS = (
    "იანვ jan янв yan հունվ", "თებერვ feb фев fev փետր", "მარტ mar мар mart մարտ",
    "აპრილ apr апр aprel ապր", "მაის may май may մայիս", "ივნის jun июн iyun հունիս",
    "ივლის jul июл iyul հուլիս", "აგვისტ aug авг avq օգոստ", "სექტემბ sep сент sent սեպտ",
    "ოქტომბ oct окт okt հոկտ", "ნოემბ nov ноя noy նոյ", "დეკემბ dec дек dek դեկ",
)  # fmt: skip
_STEMS = {folded(stem): n for n, stems in enumerate(_MONTHS, start=1) for stem in stems.split()}
_ISO = re.compile(r"(20\d\d)[-./](\d{1,2})(?:[-./](\d{1,2}))?")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[-./])?(\d{1,2})[-./](20\d\d)")
_BETWEEN = re.compile(r"\s[-–—]\s|[–—]|(?<=\D)-(?=\D)|\bto\b|\bдо\b|\bpo\b")
_YEAR = re.compile(r"20\d\d")


def month(text: str, today: date) -> str:
    """Read a month; one without a year is the next one of that name. Gives ``2027-05``.

    Raises:
        NotUsable: when there is none, or it is past.
    """
    found = _numbers(text) or _named(text, today)
    if found is None or not 1 <= found[1] <= 12:
        raise NotUsable("form_month_unclear")
    if found < (today.year, today.month):
        raise NotUsable("form_month_past")
    return f"{found[0]:04d}-{found[1]:02d}"


def period(text: str, today: date) -> str:
    """Read when something begins and ends, from one answer. Gives ``2027-05 – 2027-09``.

    Raises:
        NotUsable: when there is no month, the beginning is past, or the end comes before it.
    """
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) == 1 and len(named := _all_named(text)) == 2:
        parts = list(named)
    years = _YEAR.findall(text)
    found = []
    for part in parts[:2]:
        if years and not _YEAR.search(part):
            part = f"{part} {years[0]}"
        try:
            found.append(month(part, today))
        except NotUsable:
            if found:
                break
            raise
    if len(found) == 2 and found[1] < found[0]:
        raise NotUsable("form_month_before_start", start=found[0])
    return " – ".join(dict.fromkeys(found))


def _all_named(text: str) -> tuple[str, ...]:
    """Give the words of a text that name a month, as they stand there."""
    return tuple(word for word in text.split() if _month_of(word) is not None)


def _numbers(text: str) -> tuple[int, int] | None:
    if match := _ISO.search(text):
        return int(match.group(1)), int(match.group(2))
    if match := _DAY_FIRST.search(text):
        return int(match.group(3)), int(match.group(2))
    return None


def _named(text: str, today: date) -> tuple[int, int] | None:
    year = _YEAR.search(text)
    numbers = [number for word in text.split() if (number := _month_of(word))]
    if not numbers:
        return None
    if year:
        return int(year.group()), numbers[0]
    return today.year + (numbers[0] < today.month), numbers[0]


def _month_of(word: str) -> int | None:
    """Give the month that a word begins like; the longest beginning counts."""
    plain = folded(word)
    stems = [stem for stem in _STEMS if plain.startswith(stem)]
    return _STEMS[max(stems, key=len)] if stems else None

"""Where something is: a pin inside the town, or its street in the resident's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.forms.reading import NotUsable, tidy
from bot.core.forms.words import folded
from bot.core.submissions.model import Place

Point = tuple[float, float]

#: Georgia, generously: where a town has no outline of its own.
_COUNTRY = ((41.0, 39.9), (43.7, 46.8))
_LONGEST = 200
_MICRODISTRICT = re.compile(
    r"\b(?:me\s?)?(\d{1,2})(?:e)?\s?(?:i |S?i )?\s?(?:mikro?|mkr|mr|microd)"
)
_ORDINAL = re.compile(r"\bme (\d{1,2})\b")
_NUMERALS = """
პირველ მეორე მესამე მეოთხე მეხუთე მეექვსე მეშვიდე მერვე მეცხრე მეათე მეთერთმეტე მეთორმეტე
მეცამეტე მეთოთხმეტე მეთხუთმეტე მეთექვსმეტე მეჩვიდმეტე მეთვრამეტე მეცხრამეტე მეოცე
"""
_NUMERAL_STEMS = {folded(stem): number for number, stem in enumerate(_NUMERALS.split(), start=1)}


def pin(attachment: Mapping[str, Any], outline: Sequence[Point] | None) -> Place:
    """Read a place that was sent as a point on the map.

    Raises:
        NotUsable: when it lies outside the town, or is no point.
    """
    try:
        point = float(attachment["lat"]), float(attachment["lon"])
    except (KeyError, TypeError, ValueError):
        raise NotUsable("form_place_unclear") from None
    if not (inside(point, outline) if outline else _in_country(point)):
        raise NotUsable("form_place_outside")
    return Place(lat=round(point[0], 6), lon=round(point[1], 6))


def words(text: str) -> Place:
    """Read a place in words: a street and number, a microdistrict, "near the stadium".

    Raises:
        NotUsable: when it says nothing.
    """
    text = " ".join(tidy(text).split())
    if len(text) < 3 or not any(character.isalpha() for character in text):
        raise NotUsable("form_place_unclear")
    if len(text) > _LONGEST:
        raise NotUsable("form_place_long", limit=str(_LONGEST))
    return Place(text=text, district=district_in(text))


def district_in(text: str) -> str:
    """Give the number of the microdistrict a text names ("მეჩვიდმეტეში", "მე-17"), or nothing."""
    plain = folded(text)
    match = _MICRODISTRICT.search(plain) or _ORDINAL.search(plain)
    if match:
        return match.group(1)
    for word in plain.split():
        # The longest first: "მეათე" is no part of another, "მეორე" none of "მეორმოცე".
        for stem, number in _NUMERAL_STEMS.items():
            if number >= 10 and word.startswith(stem):
                return str(number)
    for stem, number in _NUMERAL_STEMS.items():
        if f"{stem} mikro" in plain or f"{stem} mkr" in plain:
            return str(number)
    return ""


def inside(point: Point, outline: Sequence[Point]) -> bool:
    """Tell whether a point lies inside an outline (ray casting)."""
    lat, lon = point
    found = False
    for (lat1, lon1), (lat2, lon2) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (lon1 > lon) != (lon2 > lon):
            crossing = lat1 + (lon - lon1) * (lat2 - lat1) / (lon2 - lon1)
            if lat < crossing:
                found = not found
    return found


def _in_country(point: Point) -> bool:
    (south, west), (north, east) = _COUNTRY
    return south <= point[0] <= north and west <= point[1] <= east

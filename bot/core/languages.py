"""The languages the bot answers in, and where it turns when a text lacks one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

#: Each language by its own name, in the order in which they are offered.
NAMES: Mapping[str, str] = {
    "ka": "ქართული",
    "en": "English",
    "ru": "Русский",
    "az": "Azərbaycanca",
    "hy": "Հայերեն",
}
LANGUAGES = tuple(NAMES)
DEFAULT = "ka"
#: The languages every text and every entry must have.
REQUIRED = ("ka", "en")


def fallback(language: str) -> tuple[str, ...]:
    """Give the languages to try in turn for a resident who is answered in ``language``.

    Those who asked in Russian, Azerbaijani or Armenian read English rather than Georgian when
    their own is missing: they chose not to write Georgian. A language the bot does not know
    counts as Georgian.
    """
    if language in ("ka", "en"):
        return ("ka", "en") if language == "ka" else ("en", "ka")
    if language in NAMES:
        return (language, "en", "ka")
    return fallback(DEFAULT)


def pick(values: Mapping[str, T], language: str) -> T | None:
    """Give the value in ``language`` or else in the next one of its fallbacks; None without any."""
    for code in fallback(language):
        if code in values:
            return values[code]
    return None

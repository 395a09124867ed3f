"""The languages the bot answers in, and where it turns when a text lacks one of them."""

from __future__ import annotations

import re
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
#: Letters by which a language is known at once, and those that several share.
_LETTERS = {
    "ka": re.compile("[ა-ჿ]"),
    "ru": re.compile("[а-яё]", re.IGNORECASE),
    "hy": re.compile("[ա-և]", re.IGNORECASE),
    # Without regard to case the letter without a dot would be an I.
    "az": re.compile("[əƏğĞıİşŞöÖüÜçÇ]"),
}
_LATIN = re.compile("[a-z]", re.IGNORECASE)
#: The languages every text and every entry must have.
REQUIRED = ("ka", "en")


def by_letters(text: str) -> tuple[str, ...]:
    """Give the languages in which somebody is to be spoken to of whom no more is known than this.

    Latin letters may be Georgian or English; only Azerbaijani has its own among them.
    """
    for code, letters in _LETTERS.items():
        if letters.search(text):
            return (code,)
    return ("ka", "en") if _LATIN.search(text) else (DEFAULT,)


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

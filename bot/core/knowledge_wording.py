"""Whether a text is written in the letters of its language."""

from __future__ import annotations

import re

_GEORGIAN = re.compile(r"[\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f]+")
# What is written in Latin letters in every language: addresses, names in braces.
_NEUTRAL = re.compile(
    r"https?://\S+|\S+@\S+|\{[a-z0-9_]+\}|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.ASCII
)
_SCRIPTS = {
    "ka": re.compile(r"[\u10a0-\u10ff]"),
    "en": re.compile(r"[A-Za-z]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "az": re.compile(r"[A-Za-zÇçƏəĞğİıÖöŞşÜü]"),
    "hy": re.compile(r"[\u0531-\u058f]"),
}
_LETTER = re.compile(r"[^\W\d_]")
_PHRASE = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,]+[A-Za-z][A-Za-z'’-]*){2,}")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")


#: Up to this many letters say nothing about the language of a text.
_FEW = 12


def foreign_letters(text: str, language: str) -> str:
    """Give the Georgian words inside a text of another language, or an empty string."""
    if language == "ka":
        return ""
    return " ".join(_GEORGIAN.findall(text))


def other_script(text: str, language: str) -> bool:
    """Tell whether fewer than a third of the letters of a text are of its language's alphabet.

    A title that is a name or an abbreviation (PDF, SMS) has few letters: it is let be.
    """
    letters = _LETTER.findall(_NEUTRAL.sub(" ", text))
    own = sum(1 for letter in letters if _SCRIPTS[language].match(letter))
    return len(letters) > _FEW and 3 * own < len(letters)


def foreign_words(text: str, language: str) -> str:
    """Give the first foreign phrase inside a Georgian text, or an empty string.

    A phrase is three or more words in Latin letters in a row of which one starts small:
    addresses, names (Smart City Lab), units (m²) and Roman numerals are no phrases.
    """
    if language != "ka":
        return ""
    for match in _PHRASE.finditer(_NEUTRAL.sub(" | ", text)):
        if any(word[0].islower() for word in _WORD.findall(match.group())):
            return match.group()
    return ""

"""One spelling for what people type: the text every later step of understanding reads.

Order matters: Unicode first (NFC, Mtavruli capitals, invisible characters), then letters
(case, apostrophes, repeated letters), then white space. The result is at most MAX_LENGTH
characters, lower case, and safe to encode as UTF-8.
"""

from __future__ import annotations

import re
import unicodedata

#: Longer messages keep their start and their end: the question stands at one of the two.
MAX_LENGTH = 600
_HEAD = 350

# Mtavruli (Unicode 11) and Asomtavruli capitals to Mkhedruli, the letters people write with.
_CAPITALS = {code: code - 0x1C90 + 0x10D0 for code in range(0x1C90, 0x1CC0)}
_CAPITALS.update({code: code - 0x10A0 + 0x10D0 for code in range(0x10A0, 0x10C6)})
_APOSTROPHES = dict.fromkeys(map(ord, "ʼ’‘`´ʻ′"), "'")
_COMBINING = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
_REPEATED = re.compile(r"(\w)\1{2,}", re.UNICODE)
_SPACE = re.compile(r"\s+")
# Marks that carry no letters: controls, formats (zero-width, direction), surrogates, private use.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SYMBOLS = frozenset({"So", "Sk"})


def normalise(text: str) -> str:
    """Give the normalised form of what a resident typed.

    Args:
        text: anything, also empty, very long, or with lone surrogates.

    Returns:
        Lower-case text of at most MAX_LENGTH characters; empty when nothing readable is left.
    """
    if len(text) > 4 * MAX_LENGTH:
        text = text[: 2 * MAX_LENGTH] + " " + text[-2 * MAX_LENGTH :]
    text = unicodedata.normalize("NFKC", text).translate(_CAPITALS).translate(_APOSTROPHES)
    text = _readable(text).lower()
    # Stacked marks ("Zalgo") go; the composed letters of our languages were joined by NFKC.
    text = _COMBINING.sub("", text)
    text = _REPEATED.sub(r"\1\1", text)
    text = _SPACE.sub(" ", text).strip()
    if len(text) > MAX_LENGTH:
        text = f"{text[:_HEAD]} {text[-(MAX_LENGTH - _HEAD - 1) :]}"
    return text


def storable(text: str) -> str:
    """Remove what no database takes and nobody reads: control characters, lone surrogates.

    Line ends and tabs stay.
    """
    if text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    )


def _readable(text: str) -> str:
    """Put a space in place of what is no letter, digit or punctuation."""
    if text.isascii() and text.isprintable():
        return text
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category in _INVISIBLE:
            # Zero-width characters stand inside words, controls between them.
            kept.append("" if category == "Cf" else " ")
        else:
            kept.append(" " if category in _SYMBOLS else character)
    return "".join(kept)

"""Sums and counts as residents write them: ``2 500``, ``2500₾``, ``2,5 ათასი``, ``ორი ათასი``."""

from __future__ import annotations

import re
import unicodedata

from bot.core.forms.reading import NotUsable
from bot.core.normalise import normalise
from bot.core.skeleton import skeleton

#: Larger sums are a slip of the finger.
LARGEST = 100_000_000

_DIGITS = re.compile(r"\d+(?:[\s.,'’]\d+)*")
_NEGATIVE = re.compile(r"(?<!\w)[-–−]\s?\d")
_GROUPED = re.compile(r"(\d{1,3}(?:[.,'’]\d{3})+)(?:[.,]\d{2})?\Z")
_DECIMAL = re.compile(r"(\d+)[.,](\d{1,2})\Z")

_UNITS = {
    1: "ერთი one odin raz", 2: "ორი two dva dve", 3: "სამი three tri", 4: "ოთხი four chetire",
    5: "ხუთი five piat", 6: "ექვსი six shest", 7: "შვიდი seven sem", 8: "რვა eight vosem",
    9: "ცხრა nine deviat", 10: "ათი ten desiat", 11: "თერთმეტი eleven", 12: "თორმეტი twelve",
    13: "ცამეტი thirteen", 14: "თოთხმეტი fourteen", 15: "თხუთმეტი fifteen piatnadcat",
    16: "თექვსმეტი sixteen", 17: "ჩვიდმეტი seventeen", 18: "თვრამეტი eighteen",
    19: "ცხრამეტი nineteen", 20: "ოცი twenty dvadcat", 30: "thirty tridcat",
    40: "ორმოცი forty sorok", 50: "fifty piatdesiat", 60: "სამოცი sixty", 70: "seventy",
    80: "ოთხმოცი eighty", 90: "ninety", 100: "ასი hundred sto", 200: "ორასი dvesti",
    300: "სამასი trista", 400: "ოთხასი", 500: "ხუთასი piatsot", 600: "ექვსასი",
    700: "შვიდასი", 800: "რვაასი", 900: "ცხრაასი",
}  # fmt: skip
_SCALES = {
    1_000: "ათასი thousand k тысяча тысяч тысячи тыс min հազար",
    1_000_000: "მილიონი million миллион миллиона milyon միլիոն",
}
_SCORES = {20: "ოცდა", 40: "ორმოცდა", 60: "სამოცდა", 80: "ოთხმოცდა"}


def _stem(word: str) -> str:
    folded = skeleton(normalise(word))
    return folded[:-1] if len(folded) > 2 and folded.endswith("i") else folded


_NUMBERS = {_stem(word): value for value, names in _UNITS.items() for word in names.split()}
_MULTIPLIERS = {_stem(word): value for value, names in _SCALES.items() for word in names.split()}
_PREFIXES = {skeleton(name): value for value, name in _SCORES.items()}
_HALF = skeleton("ნახევარ")


def number(text: str) -> int:
    """Read one whole positive number.

    Raises:
        NotUsable: when there is none, or more than one.
    """
    value, found = _read(text)
    if not found or value != int(value) or not 0 < value <= LARGEST:
        raise NotUsable("form_number_unclear")
    return int(value)


def sum_in_lari(text: str) -> int:
    """Read one sum of money, rounded to whole lari.

    Raises:
        NotUsable: when there is none, or more than one.
    """
    value, found = _read(text)
    if not found or not 0 < round(value) <= LARGEST:
        raise NotUsable("form_sum_unclear")
    return round(value)


def shown(amount: int) -> str:
    """Give a number with its thousands apart: 12 500."""
    return f"{amount:,}".replace(",", " ")


def _read(text: str) -> tuple[float, bool]:
    """Give the value of the only number in a text, and whether there is exactly one."""
    total = current = 0.0
    found = False
    if _NEGATIVE.search(text):
        return 0.0, False
    for token in _tokens(text):
        value = _value(token)
        scale = _MULTIPLIERS.get(_stem(token)) if value is None else None
        if value is not None:
            if value == 100 and 0 < current < 10:
                # "five hundred"
                current, found = current * 100, True
                continue
            # A second number that is no part of the first: "2000 - 3000".
            if current and not (current % 100 == 0 and value < 100):
                return 0.0, False
            current += value
            found = True
        elif scale is not None:
            total += (current or 1) * scale
            current, found = 0.0, True
    return total + current, found


def _tokens(text: str) -> list[str]:
    """Split into numbers and words; digits that stand together are one number."""
    # Not normalised as a whole: that shortens repeated characters, and so "10 000".
    text = unicodedata.normalize("NFKC", text).replace("₾", " ")
    tokens: list[str] = []
    position = 0
    for match in _DIGITS.finditer(text):
        tokens.extend(text[position : match.start()].split())
        tokens.append(match.group())
        position = match.end()
    tokens.extend(text[position:].split())
    return [token for token in tokens if any(character.isalnum() for character in token)]


def _value(token: str) -> float | None:
    if token[0].isdigit():
        return _digits(token)
    stem = _stem(token)
    if stem in _NUMBERS:
        return float(_NUMBERS[stem])
    for prefix, score in _PREFIXES.items():
        if stem.startswith(prefix) and (rest := _NUMBERS.get(stem.removeprefix(prefix))):
            return float(score + rest) if rest < 20 else None
    if stem.startswith(_HALF):
        return 0.5
    if stem.endswith(_HALF) and (whole := _NUMBERS.get(stem.removesuffix(_HALF))):
        return whole + 0.5
    return None


def _digits(token: str) -> float:
    joined = re.sub(r"\s", "", token)
    grouped = _GROUPED.match(joined)
    if grouped:
        return float(re.sub(r"\D", "", grouped.group(1)))
    decimal = _DECIMAL.match(joined)
    if decimal:
        return float(f"{decimal.group(1)}.{decimal.group(2)}")
    return float(re.sub(r"\D", "", joined) or 0)

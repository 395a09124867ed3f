"""Towns, microdistricts and streets in a message, in every language and case, with typos.

The names are the lookup tables of ``data/nlu/lookups/places.yml``. Rustavi's microdistricts
have numbers: "მე-19 მიკრორაიონი", "მეცხრამეტეში", "17-ში", "19 мкр".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.nlu.numbers import georgian_ordinals, ordinals

#: The highest number of a microdistrict.
_DISTRICTS = 21
#: How alike a word with a typo must be to a name, of 100, and how long it must be at least.
_ALIKE, _LONG = 84, 6
#: What may follow a name: cases and postpositions of our languages.
_ENDING = re.compile(
    "(?:i|s|is|Si|ze|it|ad|isi|idan|dan|isken|sken|isTvis|stvis|istvis|"
    # A person of the town, but in the genitive, "რუსთაველის", the poet.
    "s?el(?!is)[a-zSC]*|"
    "amde|mde|Sia|Sii|so|sac|isac|Sic|Sio|e|u|a|o|ei|oi|om|da|den|nin|in|ie|ke|ka|li|lik|"
    "um|ov|ic|ink|ik)?"
)
_STREET_WORD = re.compile(
    "kuC[a-zSC]*|gamz[a-zSC]*|street|str|st|avenue|ave?|ulic[a-zSC]*|ul|prospekt[a-zSC]*|pr|"
    "kuces[a-zSC]*|"
    "kuCe[a-zSC]*|pogoc[a-zSC]*|pogota[a-zSC]*"
)
_HOUSE = re.compile("(?:№|N)?\\d{1,3}[ა-ჰa-z]?")
#: Of whom a street is: "კოსტავას 20" is an address.
_GENITIVE = re.compile("[iae]?s")
_ON = re.compile("on|na|at")
_DISTRICT_WORD = re.compile("mikr[a-zSC]*|mkr[a-zSC]*|micro[a-zSC]*|mr|mrn")
_ORDINALS = georgian_ordinals(_DISTRICTS)
_ORDINAL = re.compile(
    f"({'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(e|i|es|is|eSi|Si|eze|edan|eidan|idan)"
)
#: Cases that by themselves say "in the …th": a microdistrict, unless a noun follows.
_INSIDE = frozenset({"eSi", "edan", "eidan"})
#: The same in digits: "მე-17-ში", "17-ში".
_NUMBER_INSIDE = re.compile(
    "(?:მე|me)-?\\d{1,2}-?(?:ში|shi|ი?დან|i?dan)|\\d{1,2}-?(?:ში|shi)", re.IGNORECASE
)
_OTHER_NOUN = re.compile(
    "sartul|klas|jgup|kategori|adgil|sadarbazo|korpus|bina|saat|tve|clas|kurs|skol|bag|dge|punkt|mukl"
)
#: In the other languages only before the word for a microdistrict.
_FOREIGN = ordinals()
_FOREIGN_ORDINAL = re.compile(f"({'|'.join(sorted(_FOREIGN, key=len, reverse=True))})[a-z]{{0,3}}")
#: "on yeddinci" is the seventeenth, "двадцать первый" the twenty-first.
_TENS = {"on": 10, **dict.fromkeys(map(skeleton, ("iyirmi", "двадцать", "twenty")), 20)}
_AZERBAIJANI = re.compile("[a-z]*[iu]nc[iu]")
_DIGITS = re.compile(r"(?:me-?|მე-?|№\s*|n)?(\d{1,2})(?:-?[^\W\d]{1,4})?", re.IGNORECASE)


class Place(NamedTuple):
    """A place found: words ``start`` to ``end`` (not included) of those looked at."""

    entity: str
    value: str
    start: int
    end: int


class Places:
    """Finds the places that the lookup tables name."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take name -> table, as they stand in the lookup tables."""
        self._names: dict[str, str] = {}
        for name, table in names.items():
            self._names.setdefault(skeleton(normalise(name)), table)
        # Without the ending of the nominative: "rustav", "kostav".
        self._stems = {
            name[:-1] if name[-1] in "iae" else name: table for name, table in self._names.items()
        }

    def find(self, words: Sequence[str], folded: Sequence[str]) -> Iterator[Place]:
        """Yield the places among words; ``folded`` are their skeletons."""
        for place, word in enumerate(folded):
            for table, ending in self._named(word):
                entity, _, value = table.partition("_")
                start, end = place, place + 1
                if entity == "street":
                    bare = word in self._names or bool(_GENITIVE.fullmatch(ending))
                    certain = ending not in ("ze", "") and ending.endswith("ze")
                    end = _street(words, folded, place, certain, bare) or 0
                    start = _with_house_before(words, place, end) if end else place
                if end:
                    yield Place(entity, value, start, end)
                    break
            district = _district(words, folded, place)
            if district:
                yield district

    def _named(self, word: str) -> Iterator[tuple[str, str]]:
        """Yield the tables of names with any ending, the longest name first, and the ending.

        Without any, that of the name most alike.
        """
        found = False
        for length in range(len(word), 3, -1):
            table = self._stems.get(word[:length])
            ending = word[length:]
            if table and (_ENDING.fullmatch(ending) or _ENDING.fullmatch(ending.lstrip("iae"))):
                found = True
                yield table, ending
        if not found and len(word) >= _LONG:
            best = process.extractOne(word, self._names.keys(), scorer=fuzz.ratio)
            if best and best[1] >= _ALIKE:
                yield self._names[best[0]], ""


def _street(
    words: Sequence[str], folded: Sequence[str], place: int, certain: bool, bare: bool
) -> int | None:
    """Give where the name of a street ends that begins at ``place``, None when it is none.

    ``certain``: its case says "on"; ``bare``: it stands without an ending, or in the genitive.
    """
    end = place + 1
    after = folded[end] if end < len(folded) else ""
    before = folded[place - 1] if place else ""
    certain = certain or bool(_ON.fullmatch(before) or _STREET_WORD.fullmatch(before))
    if _STREET_WORD.fullmatch(after):
        certain, end = True, end + 1
    counted = end + 1 < len(folded) and _OTHER_NOUN.match(folded[end + 1])
    if end < len(words) and (certain or bare) and _HOUSE.fullmatch(words[end]) and not counted:
        certain, end = True, end + 1
    return end if certain else None


def _with_house_before(words: Sequence[str], place: int, end: int) -> int:
    """Give where a street begins whose number may stand before it: "20 Kostava street"."""
    followed = end > place + 1 and not _HOUSE.fullmatch(words[end - 1])
    return place - 1 if place and followed and _HOUSE.fullmatch(words[place - 1]) else place


def _district(words: Sequence[str], folded: Sequence[str], place: int) -> Place | None:
    """Give the microdistrict whose number stands at ``place``."""
    following = place + 1
    ending = words[following] if following < len(words) else ""
    if ending.startswith("-") or ending in ("ში", "shi"):
        # The ending of "21-ე", "17ში".
        following += 1
    after = folded[following] if following < len(folded) else ""
    named = bool(_DISTRICT_WORD.fullmatch(after))
    end = following + 1 if named else place + 1
    ordinal = _ORDINAL.fullmatch(folded[place])
    if ordinal:
        number = _ORDINALS[ordinal[1]]
        alone = ordinal[2] in _INSIDE and number > 2 and not _OTHER_NOUN.match(after)
        found = named or alone
    elif named and _FOREIGN_ORDINAL.fullmatch(folded[place]):
        return _foreign(folded, place, end)
    else:
        digits = _DIGITS.fullmatch(words[place])
        number = int(digits[1]) if digits else 0
        inside = _NUMBER_INSIDE.fullmatch("".join(words[place:following])) is not None
        alone = inside and number > 2 and not _OTHER_NOUN.match(after)
        found = digits is not None and (named or alone)
        if not found and digits and place and _DISTRICT_WORD.fullmatch(folded[place - 1]):
            return _numbered(number, place - 1, place + 1)
    return _numbered(number, place, end) if found else None


def _foreign(folded: Sequence[str], place: int, end: int) -> Place | None:
    """Give the microdistrict of an ordinal in words: "семнадцатом", "on yeddinci"."""
    word = folded[place]
    ordinal = _FOREIGN_ORDINAL.fullmatch(word)
    number = _FOREIGN[ordinal[1]] if ordinal else 0
    before = folded[place - 1] if place else ""
    tens = _TENS.get(before, 0)
    # "on" is ten in Azerbaijani only.
    if tens and number < 10 and (before != "on" or _AZERBAIJANI.fullmatch(word)):
        return _numbered(tens + number, place - 1, end)
    return _numbered(number, place, end)


def _numbered(number: int, start: int, end: int) -> Place | None:
    if not 1 <= number <= _DISTRICTS:
        return None
    return Place("district", f"{number}", start, end)

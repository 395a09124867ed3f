"""One Latin skeleton for all scripts, so that a word typed in any of them looks alike.

Georgian is typed in Mkhedruli and in many habits of Latin letters ("წყალი" as tsqali, wyali,
tskali); Russian, Armenian and Azerbaijani in their own letters and without them. Each letter
falls into a class of the Latin letters people use for it: k stands for კ ქ ყ q k, t for თ ტ.
"""

from __future__ import annotations

import re

_GEORGIAN = dict(
    zip(
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        "abgdevztiklmnopjrstupkgkSCczcChjh",
        strict=True,
    )
)
_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфхъыьэ",
        ["a", "b", "v", "g", "d", "e", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s",
         "t", "u", "p", "h", "", "i", "", "e"],
        strict=True,
    )
)  # fmt: skip
_CYRILLIC.update(
    {"ё": "io", "ж": "j", "ц": "c", "ч": "C", "ш": "S", "щ": "S", "ю": "iu", "я": "ia"}
)
_ARMENIAN = dict(
    zip(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
        ["a", "b", "g", "d", "e", "z", "e", "i", "t", "j", "i", "l", "h", "c", "k", "h", "z",
         "g", "C", "m", "i", "n", "S", "o", "C", "p", "j", "r", "s", "v", "t", "r", "c", "v",
         "p", "k", "o", "p"],
        strict=True,
    )
)  # fmt: skip
_ARMENIAN["և"] = "ev"
_LATIN = {
    "ə": "e", "ı": "i", "ö": "o", "ü": "u", "ğ": "g", "ş": "S", "ç": "C",
    "f": "p", "q": "k", "y": "k", "x": "h", "w": "c",
}  # fmt: skip
#: The Armenian marks of question, stress and exclamation stand inside a word: "որտե՞ղ".
ARMENIAN_MARKS = "՞՛՜"
_LETTERS = str.maketrans(
    {**_GEORGIAN, **_CYRILLIC, **_ARMENIAN, **_LATIN, **dict.fromkeys(ARMENIAN_MARKS, "")}
)
_DIGRAPHS = re.compile(r"sh|ch|tch|ts|tz|dz|zh|gh|kh|ph|th")
_DIGRAPH_CLASS = {
    "sh": "S", "ch": "C", "tch": "C", "ts": "c", "tz": "c", "dz": "z", "zh": "j",
    "gh": "g", "kh": "h", "ph": "p", "th": "t",
}  # fmt: skip
_NOT_A_WORD = re.compile(r"[^a-zSC0-9]+")


def skeleton(normalised: str) -> str:
    """Fold a normalised text into words of Latin letter classes, joined by single spaces.

    Digits stay; everything that is no letter or digit separates words. Letters of scripts
    not known here fall away.
    """
    text = _DIGRAPHS.sub(lambda match: _DIGRAPH_CLASS[match.group()], normalised)
    text = text.translate(_LETTERS)
    return _NOT_A_WORD.sub(" ", text).strip()

"""A title suggested from the resident's own words, so that nobody has to think of one."""

from __future__ import annotations

import re

from bot.core.forms.reading import TITLE_LONGEST, NotUsable, title
from bot.core.forms.words import folded
from bot.core.masking import SIGN

#: A suggestion stays short: it is read on a telephone.
_LONGEST = 60

_SENTENCE_END = re.compile(r"(?<=[.!?…։])\s+|\n+")
_LEAD_IN_WORDS = """
გამარჯობა სალამი გთხოვთ მინდა მსურს აბა კარგი იქნებოდა იქნებ რომ რო შემოგთავაზოთ იდეა იდეა:
hello hi please i want would like to suggest propose my idea is that идея хочу предложить
здравствуйте пожалуйста чтобы
"""
_LEAD_INS = frozenset(folded(word) for word in _LEAD_IN_WORDS.split())
#: Said before the idea itself: "I have an idea: …".
_ANNOUNCED = re.compile(
    r"\A\s*(?:იდეა\s+მაქვს|idea\s+maqvs|i\s+have\s+an\s+idea|у\s+меня\s+(?:есть\s+)?идея|"
    r"ideyam\s+var|գաղափար\s+ունեմ)\s*[:,.–—-]*\s*(?=\S)",
    re.IGNORECASE,
)
_UNSAFE = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")


def suggested(body: str) -> str:
    """Give a title for a description: its first sentence without "hello, I want …"."""
    text = _ANNOUNCED.sub("", _UNSAFE.sub("", body.replace(SIGN, "")), count=1)
    sentences = [part for part in _SENTENCE_END.split(text) if len(part.split()) > 1] or [text]
    words = sentences[0].split()
    start = 0
    while len(words) - start > 2 and folded(words[start]) in _LEAD_INS:
        start += 1
    chosen = _cut(words[start:]).strip(" ,;:–—-.!")
    for candidate in (chosen, _cut(text.split())):
        try:
            return title(_capital(candidate))
        except NotUsable:
            continue
    return ""


def _cut(words: list[str]) -> str:
    kept = ""
    for word in words:
        longer = f"{kept} {word}".strip()
        if len(longer) > _LONGEST:
            break
        kept = longer
    return kept or " ".join(words)[:TITLE_LONGEST]


def _capital(text: str) -> str:
    """Begin with a capital letter; Georgian has none in use."""
    first = text[:1]
    return text if "ა" <= first <= "ჿ" else first.upper() + text[1:]

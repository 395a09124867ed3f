"""Georgian for spaCy, which has none: how the language is cut into words and numbers known.

The other languages that residents write pass through the same tokenizer: what it does to Latin,
Cyrillic and Armenian letters is what spaCy does to any language it does not know.
"""

from __future__ import annotations

from typing import Any

from spacy.attrs import LIKE_NUM, ORTH
from spacy.lang.char_classes import LIST_ELLIPSES, LIST_ICONS, LIST_PUNCT, LIST_QUOTES
from spacy.lang.tokenizer_exceptions import BASE_EXCEPTIONS
from spacy.language import BaseDefaults, Language
from spacy.util import registry, update_exc

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.nlu.numbers import number_in, number_of

_LETTERS = "ა-ჰᲐ-Ჿ"
#: Words with a full stop in them that is no end of a sentence.
_ABBREVIATIONS = """
    ქ. ბ. გვ. მაგ. ა.შ. ე.ი. ე.წ. შ.პ.ს. ა.ა.ი.პ. წ. ს. სთ. წთ. კვ.მ. კვ.მ კვ. მკრ. მიკრ. გამზ.
    ქუჩ. თბ. ტელ. მობ. სოფ. რ-ნი მ/რ მ/რ-ნი შ/პ
"""
#: Frequent words that say nothing about a subject.
_STOP_WORDS = """
    და რომ რო თუ არ არა ვერ ნუ კი მაგრამ მარა ან ანუ ხო ხომ აბა კიდევ კიდე უკვე მხოლოდ მარტო
    ისე ასე ეს ეგ ის ამ მაგ იმ მე შენ თქვენ ჩვენ მათ მას მის ჩემი თქვენი ჩვენი რა ვინ სად როდის
    როგორ რატომ რამე ვინმე სადმე არის იყო იქნება ვარ ხარ აქვს მაქვს გვაქვს უნდა მინდა შეიძლება
    თქო მეთქი ც
"""
#: Postpositions and case endings that people set off with a hyphen: "19-ში", "ID-ის", "2026-დან".
_HYPHENED = "ისთვის იანზე ლარიანი სთან იდან იანი ამდე თვის დან თან მდე ში ზე ის ით ად მა ე მ ი ს"
_HYPHEN = "[-\u2010-\u2013]"


def like_num(text: str) -> bool:
    """Tell whether a word stands for a number, in digits or in Georgian words."""
    return number_of(text) is not None or number_in(skeleton(normalise(text)), "ka") is not None


_SIGNS = (*LIST_PUNCT, *LIST_ELLIPSES, *LIST_QUOTES, *LIST_ICONS)
_PREFIXES = ("№", "#", "~", *_SIGNS)
_SUFFIXES = (
    *_SIGNS,
    "₾",
    # "19-ში" is the number and its ending; so is "50ლარი".
    rf"(?<=[0-9A-Za-z]){_HYPHEN}(?:{_HYPHENED.replace(' ', '|')})",
    rf"(?<=[0-9])[{_LETTERS}]+",
    r"(?<=[0-9])(?!(?:th|st|nd|rd)$)(?:[A-Za-z]+|[а-яё]+|[ա-ֆ]+)",
    r"(?<=[\w)\]»”])\.",
)
_INFIXES = (
    *LIST_ELLIPSES,
    *LIST_ICONS,
    rf"(?<=[{_LETTERS}A-Za-z])[,!?:;/](?=[{_LETTERS}A-Za-z])",
    rf"(?<=[{_LETTERS}]{{2}})\.(?=[{_LETTERS}]{{2}})",
    # "ул.Пушкина"
    r"(?<=[А-яё]{2})\.(?=[А-яЁё]{2})",
)
_LEXICAL = {LIKE_NUM: like_num}


class GeorgianDefaults(BaseDefaults):
    """What spaCy needs to know of a language."""

    tokenizer_exceptions = update_exc(
        BASE_EXCEPTIONS, {word: [{ORTH: word}] for word in _ABBREVIATIONS.split()}
    )
    prefixes: Any = _PREFIXES
    suffixes: Any = _SUFFIXES
    infixes: Any = _INFIXES
    stop_words: Any = frozenset(_STOP_WORDS.split())
    lex_attr_getters: Any = _LEXICAL


@registry.languages("ka")
class Georgian(Language):  # type: ignore[no-untyped-call]
    """``spacy.blank("ka")``."""

    lang = "ka"
    Defaults: Any = GeorgianDefaults

"""What sums, areas, dates, months and households look like, as patterns for spaCy's EntityRuler.

A token's NORM is its skeleton, so one pattern serves Georgian in both alphabets; the words of
the other languages stand beside it. ``_.number`` marks numbers in digits and in words.
"""

from __future__ import annotations

from typing import Any

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton

Pattern = dict[str, Any]

_NUMBER: Pattern = {"_": {"is_number": True}}
#: Not "с нас 20 лари".
_IN_WORDS: Pattern = {**_NUMBER, "IS_DIGIT": False}
_AND: Pattern = {"LOWER": {"IN": ["და", "da", "and", "и"]}, "OP": "?"}
_GEORGIAN_CASES = "(i|ia|s|is|ze|ad|it|Si|amde|mde|idan|isTvis|istvis|iani|ianis|ianze|ian)?"

LARI = rf"^(lar{_GEORGIAN_CASES}|lar(ov|ei|ie|om|ik|id|idi)|gel|₾)$"
TETRI = rf"^(tetr{_GEORGIAN_CASES}|tetr(ov|ei|ie|ik))$"
THOUSAND = r"^(atas(i|s|is)?|tisiaC[a-zSC]*|tis|tousand|min|hazar|k|at)$"
_SQUARE = r"^(kv|kvm|kvadrat[a-zSC]*|kvmetr[a-zSC]*|skm|sk|skuare|m2|kvm2|karakusi|kar|km)$"
_METRE = r"^(m|m2|metr[a-zSC]*|meter[a-zSC]*|metrov|peet)$"

_PERSON = (
    rf"^((sul|kac|cevr|adamian|mosahle|pir){_GEORGIAN_CASES}|mosahleze|mosahleebze|kacisTvis"
    r"|person[a-zSC]*|people|members?|ocupant[a-zSC]*|souls?"
    r"|Celovek[a-zSC]*|Cel|liudei|duS[a-zSC]*|Clen[a-zSC]*|proziv[a-zSC]*|jilc[a-zSC]*"
    r"|neper[a-zSC]*|adam(lik|ik|a|dan|in|dir)?"
    r"|hogi[a-zSC]*|hogov|hogoc|hoganoc|anz[a-zSC]*|mard[a-zSC]*)$"
)
_WE_ARE = r"^(vart|vchovrobt|vchovrobT|vikavit|varT|gvkavs)$"
_HOUSEHOLD = r"^(household|pamili|pamilk|semi[a-zSC]*|oilas[a-zSC]*|aile[a-zSC]*|entanik[a-zSC]*)$"
_OF = r"^(op|iz|is|na|dlia)$"


def _norm(expression: str) -> Pattern:
    return {"NORM": {"REGEX": expression}}


#: The months in each language: the stem, and what may follow it.
_MONTHS = (
    ("იანვრ იანვარ", "january", "январ", "yanvar", "հունվար"),
    ("თებერვ თებერვლ თებერვალ", "february", "феврал", "fevral", "փետրվար"),
    ("მარტ martshi", "march", "март", "mart", "մարտ"),
    ("აპრილ", "april", "апрел", "aprel", "ապրիլ"),
    ("მაის", "", "май мая мае", "mayda mayın maydan mayı", "մայիս"),
    ("ივნის", "june", "июн", "iyun", "հունիս"),
    ("ივლის", "july", "июл", "iyul", "հուլիս"),
    (
        "აგვისტ აგვისტო აგვისტოს აგვისტოში აგვისტომდე აგვისტოდან",
        "august",
        "август",
        "avqust",
        "օգոստոս",
    ),
    ("სექტემბრ სექტემბერ", "september", "сентябр", "sentyabr", "սեպտեմբեր"),
    ("ოქტომბრ ოქტომბერ", "october", "октябр", "oktyabr", "հոկտեմբեր"),
    ("ნოემბრ ნოემბერ", "november", "ноябр", "noyabr", "նոյեմբեր"),
    ("დეკემბრ დეკემბერ", "december", "декабр", "dekabr", "դեկտեմբեր"),
)
_CASES = (
    "(i|s|is|Si|Sic|ze|amde|mde|idan|isTvis|istvis|isa|isas|it)?",
    "",
    "(ia|e|i|ie|em|iu|ь|a|io|iam)?",
    "(da|in|in|ina|dan|a|i|daki)?",
    "(i|in|ic|ov|ii|iin|iic|ian)?",
)


#: "12", "3rd", "20-ին", "5-го".
_DAY = r"^\d{1,2}(st|nd|rd|th|-[^\W\d]{1,3})?$"
#: "2026", "2026-da".
_YEAR: Pattern = {"TEXT": {"REGEX": r"^20\d\d(-[^\W\d]{1,3})?$"}}
_COMMA: Pattern = {"TEXT": ",", "OP": "?"}
#: "2026 წლის 14 მარტს", "2026-ci il", "2026 թվականի".
_OF_YEAR: Pattern = {"NORM": {"REGEX": r"^(cl(is|s)|goda?|il(in)?|tvakan(i|in)|tv)$"}, "OP": "?"}


def month_expression(number: int) -> str:
    """Give the expression for the NORM of a month, 1 for January."""
    parts = []
    for stems, cases in zip(_MONTHS[number - 1], _CASES, strict=True):
        parts += [skeleton(normalise(stem)) + cases for stem in stems.split()]
    return f"^({'|'.join(parts)})$"


def _months() -> list[Pattern]:
    patterns = []
    for number in range(1, 13):
        month = _norm(month_expression(number))
        day = {"TEXT": {"REGEX": _DAY}}
        endings = {"NORM": {"REGEX": "^(s|is|st|nd|rd|th|e|i)$"}, "OP": "?"}
        for pattern in (
            [day, endings, month, _YEAR],
            [day, endings, month],
            [month, day],
            [month, day, _COMMA, _YEAR],
            [_YEAR, _OF_YEAR, day, endings, month],
            [_YEAR, _OF_YEAR, month, day],
        ):
            patterns.append({"label": "date", "pattern": pattern, "id": str(number)})
        patterns.append({"label": "month", "pattern": [month], "id": str(number)})
    # "may" is the month only with a day or a preposition beside it; else it is the verb.
    may, day = {"LOWER": "may"}, {"TEXT": {"REGEX": _DAY}}
    before = {"LOWER": {"IN": ["in", "of", "by", "until", "till", "since", "from", "this", "next"]}}
    patterns.append({"label": "month", "pattern": [before, may], "id": "5"})
    for pattern in ([day, may], [may, day], [day, may, _YEAR], [may, day, _COMMA, _YEAR]):
        patterns.append({"label": "date", "pattern": pattern, "id": "5"})
    return patterns


def patterns() -> list[Pattern]:
    """Give all patterns; the longest that fits counts."""
    lari, tetri, thousand = _norm(LARI), _norm(TETRI), _norm(THOUSAND)
    person, square, metre = _norm(_PERSON), _norm(_SQUARE), _norm(_METRE)
    dot = {"TEXT": {"IN": [".", "/", "-"]}, "OP": "?"}
    found = [
        ("amount", [_NUMBER, lari]),
        ("amount", [_NUMBER, thousand, lari]),
        ("amount", [_NUMBER, {**_NUMBER, "OP": "{1,3}"}, lari]),
        ("amount", [_NUMBER, tetri]),
        ("amount", [_NUMBER, lari, _AND, _NUMBER, tetri]),
        ("amount", [{"LOWER": {"IN": ["₾", "gel"]}}, _NUMBER]),
        ("area", [_NUMBER, square]),
        ("area", [_NUMBER, square, dot, metre]),
        ("area", [_NUMBER, metre, square]),
        ("persons", [_NUMBER, person]),
        ("persons", [_NUMBER, {"NORM": {"IN": ["sul", "neper", "hogi"]}}, person]),
        ("persons", [_NUMBER, _norm(_WE_ARE)]),
        ("persons", [{"_": {"household": True}}]),
        ("persons", [_norm(_HOUSEHOLD), _norm(_OF), _NUMBER]),
        ("persons", [{"LOWER": "we"}, {"LOWER": {"IN": ["are", "'re"]}}, _NUMBER]),
        ("persons", [_NUMBER, {"LOWER": "of"}, {"LOWER": "us"}]),
        ("persons", [{"LOWER": "нас"}, _IN_WORDS]),
        ("persons", [{"LOWER": "нас"}, {"LOWER": {"IN": ["в", "дома"]}}, {"OP": "?"}, _IN_WORDS]),
        ("persons", [{"LOWER": "на"}, {"_": {"together": True}}]),
        ("persons", [{"_": {"together": True}}]),
    ]  # fmt: skip
    return [{"label": label, "pattern": pattern} for label, pattern in found] + _months()

"""Numbers written in words, as skeletons: "ოთხ", "otx", "four", "четверых", "dörd", "չորս".

A word means a number only in its own language ("or" is a number in Georgian), so each language
has a table of its own. Georgian counts by twenties and its words carry case endings; its table
is made from the stems.
"""

from __future__ import annotations

import re

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton

_KA_UNITS = (
    "ერთი ორი სამი ოთხი ხუთი ექვსი შვიდი რვა ცხრა ათი თერთმეტი თორმეტი ცამეტი თოთხმეტი "
    "თხუთმეტი თექვსმეტი ჩვიდმეტი თვრამეტი ცხრამეტი"
)
_KA_TWENTIES = {20: "ოცი", 40: "ორმოცი", 60: "სამოცი", 80: "ოთხმოცი"}
_KA_HUNDREDS = "ასი ორასი სამასი ოთხასი ხუთასი ექვსასი შვიდასი რვაასი ცხრაასი ათასი"
#: What follows a Georgian number's stem: case, "of us", "each".
_KA_ENDINGS = ("", "ი", "მა", "ს", "ის", "ზე", "ად", "ნი", "ივე", "ჯერ", "ამდე", "იანი", "იანზე")
_OTHERS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty",
    "az": "bir iki üç dörd beş altı yeddi səkkiz doqquz on",
    "hy": "մեկ երկու երեք չորս հինգ վեց յոթ ութ ինը տասը",
}
_MORE = {
    "en": {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "thousand": 1000},
    "ru": {
        "один одна одного одну одному": 1,
        "два две двух двое двоих вдвоем вдвоём двоем": 2,
        "три трех трёх трое троих втроем втроём": 3,
        "четыре четырех четырёх четверо четверых вчетвером": 4,
        "пять пяти пятеро пятерых впятером": 5,
        "шесть шести шестеро шестерых вшестером": 6,
        "семь семи семеро семерых": 7,
        "восемь восьми восьмеро": 8,
        "девять девяти": 9,
        "десять десяти": 10,
        "двадцать двадцати": 20,
        "тридцать тридцати": 30,
        "сорок сорока": 40,
        "пятьдесят пятидесяти": 50,
        "сто ста": 100,
        "двести": 200,
        "триста": 300,
        "пятьсот": 500,
        "тысяча тысячу тысячи тысяч": 1000,
    },
    "az": {
        "uch uc": 3,
        "dord": 4,
        "besh bes": 5,
        "alti": 6,
        "sekkiz": 8,
        "iyirmi": 20,
        "otuz": 30,
        "qırx": 40,
        "əlli": 50,
        "yüz": 100,
        "min": 1000,
    },
    "hy": {
        "երկուսի": 2,
        "երեքի": 3,
        "չորսի": 4,
        "հինգի": 5,
        "տաս": 10,
        "քսան": 20,
        "երեսուն": 30,
        "քառասուն": 40,
        "հիսուն": 50,
        "հարյուր": 100,
        "հազար": 1000,
    },
}
_DIGITS = re.compile(r"\d+(?:[ \u00a0.,]\d{3})*(?:[.,]\d{1,2})?")


def _georgian_stems() -> dict[str, int]:
    """Give the stem of each Georgian number up to a hundred, and of the hundreds."""
    stems = {_stem(word): number for number, word in enumerate(_KA_UNITS.split(), start=1)}
    for twenty, word in _KA_TWENTIES.items():
        stems[_stem(word)] = twenty
        for number, unit in enumerate(_KA_UNITS.split(), start=1):
            stems[f"{_stem(word)}და{_stem(unit)}"] = twenty + number
    for hundreds, word in enumerate(_KA_HUNDREDS.split(), start=1):
        stems[_stem(word)] = 100 * hundreds
    return stems


def _stem(word: str) -> str:
    return word.removesuffix("ი")


GEORGIAN_STEMS = _georgian_stems()


def _tables() -> dict[str, dict[str, int]]:
    tables: dict[str, dict[str, int]] = {
        "ka": {
            skeleton(stem + ending): number
            for stem, number in GEORGIAN_STEMS.items()
            for ending in _KA_ENDINGS
        }
    }
    for language, words in _OTHERS.items():
        table = tables.setdefault(language, {})
        for number, word in enumerate(words.split(), start=1):
            table[skeleton(normalise(word))] = number
    for language, more in _MORE.items():
        table = tables.setdefault(language, {})
        for words, number in more.items():
            table.update({skeleton(normalise(word)): number for word in words.split()})
    return tables


_TABLES = _tables()


def number_in(word: str, language: str) -> int | None:
    """Give the number a skeleton word stands for in a language, None when it is none."""
    return _TABLES.get(language, {}).get(word)


def number_of(typed: str) -> float | None:
    """Give the number that digits stand for: "1 200", "1,200", "2,5"; None when they are none."""
    typed = typed.strip()
    if not _DIGITS.fullmatch(typed):
        return None
    whole, mark, part = typed.rpartition(max(".", ",", key=typed.rfind))
    if mark and len(part) < 3:
        return float(f"{re.sub('[^0-9]', '', whole)}.{part}")
    return float(re.sub("[^0-9]", "", typed))


#: The first nineteen ordinals and the twentieth, without what their case adds.
_ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    "ru": "перв втор треть четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат "
    "четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат двадцат",
    "az": "birinci ikinci üçüncü dördüncü beşinci altıncı yeddinci səkkizinci doqquzuncu onuncu",
    "hy": "առաջին երկրորդ երրորդ չորրորդ հինգերորդ վեցերորդ յոթերորդ ութերորդ իններորդ տասներորդ "
    "տասնմեկերորդ տասներկուերորդ տասներեքերորդ տասնչորսերորդ տասնհինգերորդ տասնվեցերորդ "
    "տասնյոթերորդ տասնութերորդ տասնիններորդ քսաներորդ",
}


def ordinals() -> dict[str, int]:
    """Give the skeleton of the ordinals to twenty of the languages beside Georgian."""
    return {
        skeleton(normalise(word)): number
        for words in _ORDINALS.values()
        for number, word in enumerate(words.split(), start=1)
    }


def georgian_ordinals(most: int) -> dict[str, int]:
    """Give the skeleton of the stem of each Georgian ordinal: "მეცხრამეტე" without its end."""
    ordinals = {"pirvel": 1}
    for stem, number in GEORGIAN_STEMS.items():
        if 2 <= number <= most:
            head, _, unit = stem.rpartition("და")
            ordinals[
                skeleton(f"{head}და" if head else "") + skeleton(f"მე{unit.removesuffix('ა')}")
            ] = number
    return ordinals

"""Reading a resident's answer to a calculator's question out of a message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from bot.core.calculators.fields import Choice, Day, Number, Value
from bot.core.normalise import normalise
from bot.core.skeleton import skeleton

#: The longest message that may be an answer: longer ones are questions or stories.
MOST_WORDS = 6

#: Thousands apart: "10,000" and "10.000" as some write them, "10 000" as others do.
_GROUPED = r"[1-9]\d{0,2}(?:[.,]\d{3})+(?![\d.,])"
_NUMBER = re.compile(rf"[-−–]?(?:{_GROUPED}|\d+(?:[ \u00a0]\d{{3}})*(?:[.,]\d+)?)")
#: A sign belongs to a number, unless another one stands before it: "3-5".
_IN_A_MESSAGE = re.compile(rf"(?<![\w.,]){_NUMBER.pattern}")
_DATE = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}))?(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
#: A day of any year, as ISO 8601 writes it and the understanding gives it.
_YEARLESS = re.compile(r"(?<![\d-])--(\d{2})-(\d{2})(?!\d)")
#: The words for one to ten as they are typed in the languages of the bot.
_NUMERALS: Mapping[int, str] = {
    1: "ერთი ერთ one один одна bir մեկ",
    2: "ორი ორ two два две двое iki երկու",
    3: "სამი სამ three три трое üç երեք",
    4: "ოთხი ოთხ four четыре четверо dörd չորս",
    5: "ხუთი ხუთ five пять пятеро beş հինգ",
    6: "ექვსი ექვს six шесть altı վեց",
    7: "შვიდი შვიდ seven семь yeddi յոթ",
    8: "რვა eight восемь səkkiz ութ",
    9: "ცხრა nine девять doqquz ինը",
    10: "ათი ათ ten десять on տասը",
}
_DAYS: Mapping[int, str] = {
    0: "დღეს today сегодня bugün այսօր",
    -1: "გუშინ yesterday вчера dünən երեկ",
}
#: What is counted after a number: how such words begin, and those that stand alone.
_UNITS: Mapping[str, str] = {
    "persons": "სულ კაც ადამიან წევრ მოსახლ person people member чел люд душ nəfər adam մարդ հոգի",
    "area": "კვადრატ კვმეტრ квадрат kvadrat square քառակուսի",
}
_WHOLE_UNITS: Mapping[str, str] = {"area": "კვ კვმ m2 sq sqm кв м2 քմ"}
_MANY: Mapping[int, str] = {
    1_000: "ათას thousand тысяч min հազար",
    1_000_000: "მილიონ million миллион milyon միլիոն",
}
#: What a home and its worth are called, and how words of an income begin.
_HOME = (
    "ბინა ბინის ბინას ბინაზე ბინაში სახლი სახლის სახლს სახლზე აგარაკი აგარაკის აგარაკზე "
    "ფასი ღირებულება ღირებულების flat flats apartment house home price worth value "
    "квартира квартиру квартиры квартире дом дома доме дому цена цену стоимость "
    "mənzil mənzilin ev evin qiymət qiyməti բնակարան բնակարանի բնակարանը տուն տան տունը գին գինը"
)
_MONTH = "თვე თვის თვიურ ყოველთვ month месяц ежемесяч месяч aylıq ayda ամս"
_YEAR = "წელი წელს წლის წლიურ year annual год ildə illik տար"
#: How words begin that ask to work something out.
_RECKON = "გამოთვალ გამოთვლ გამომითვ დათვალ დამითვ გამოანგარიშ calculat посчит рассчит hesabla հաշվ"
_INCOME = "შემოსავ ხელფას income salar earn доход зарплат зарабат gəlir maaş եկամ աշխատավարձ"


def _folded(words: Mapping[int, str]) -> dict[str, int]:
    return {
        skeleton(normalise(word)): number for number, text in words.items() for word in text.split()
    }


_NUMBER_OF = _folded(_NUMERALS)
_DAY_OF = _folded(_DAYS)


def read_answer(field: Number | Day, text: str, today: date) -> Value | None:
    """Give what a message answers to a field; None when it does not look like an answer.

    A value that the field refuses is given all the same: the resident is told why.
    """
    words = text.split()
    if not words or len(words) > MOST_WORDS:
        return None
    if isinstance(field, Day):
        return read_day(text, today)
    return read_number(text)


def read_number(text: str) -> Decimal | None:
    """Give the first number of a text, in digits or as a word from one to ten."""
    found = _NUMBER.search(text)
    if found is None:
        folded = skeleton(normalise(text)).split()
        return next((Decimal(_NUMBER_OF[word]) for word in folded if word in _NUMBER_OF), None)
    apart = "[ \u00a0.,]" if re.fullmatch(f"[-−–]?{_GROUPED}", found.group()) else "[ \u00a0]"
    digits = re.sub(apart, "", found.group()).replace(",", ".")
    try:
        number = Decimal(digits.replace("−", "-").replace("–", "-"))
    except InvalidOperation:
        return None
    after = _words(text[found.end() :])
    return number * _many(after[0]) if after else number


def stated(field: Number, text: str) -> Decimal | None:
    """Give the number that a whole message states in a field's unit, sensible or not.

    "0 სულზე", "-5 people" and "a million persons" are none of the understanding's entities.
    """
    for found in (*_IN_A_MESSAGE.finditer(text), None):
        # A number in words alone ("a million persons") may stand anywhere.
        said = _words(text[found.end() :] if found else text)
        for start in range(min(1, len(said)) if found else len(said)):
            times = _many(said[start])
            counted = said[start + 1 if times > 1 else start :]
            if (found or times > 1) and counted and _is_unit(field, counted[0]):
                number = read_number(found.group()) if found else Decimal(1)
                return number * times if number is not None else None
    return None


def speaks_of_a_home(text: str) -> bool:
    """Tell whether a message names a home or its worth, and no income."""
    said = _words(text)
    if any(word.startswith(_stems(_INCOME)) for word in said):
        return False
    return not set(_stems(_HOME)).isdisjoint(said)


def speaks_of_a_month(text: str) -> bool:
    """Tell whether a message names what comes in a month, and no year."""
    said = _words(text)
    monthly = any(word.startswith(_stems(_MONTH)) for word in said)
    return monthly and not any(word.startswith(_stems(_YEAR)) for word in said)


def named_option(choice: Choice, text: str) -> str | None:
    """Give the option of a choice that a whole question names; None when it names none."""
    said = _words(text)
    if choice.unless and any(word.startswith(_stems(choice.unless)) for word in said):
        return None
    options = (name for name, named in choice.named.items() if {*_stems(named)} & {*said})
    return next(options, None)


def asks_to_reckon(text: str) -> bool:
    """Tell whether a message asks to work something out, in so many words."""
    return any(word.startswith(_stems(_RECKON)) for word in _words(text))


def _is_unit(field: Number, word: str) -> bool:
    begins = word.startswith(_stems(_UNITS.get(field.entity, "")))
    return begins or word in _stems(_WHOLE_UNITS.get(field.entity, ""))


def _many(word: str) -> int:
    return next((times for times, many in _MANY.items() if word.startswith(_stems(many))), 1)


def _words(text: str) -> list[str]:
    return skeleton(normalise(text)).split()


@lru_cache(maxsize=16)
def _stems(words: str) -> tuple[str, ...]:
    return tuple(_words(words))


def read_day(text: str, today: date) -> date | None:
    """Give the day a text names: 21.11.2026, 21.11 of this year, 2026-11-21, today, yesterday."""
    for word in skeleton(normalise(text)).split():
        if word in _DAY_OF:
            return today + timedelta(days=_DAY_OF[word])
    iso, usual, yearless = _ISO.search(text), _DATE.search(text), _YEARLESS.search(text)
    if yearless is not None:
        year, month, day = today.year, int(yearless.group(1)), int(yearless.group(2))
    elif iso is not None:
        year, month, day = (int(part) for part in iso.groups())
    elif usual is not None:
        day, month = int(usual.group(1)), int(usual.group(2))
        year = int(usual.group(3) or today.year)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None

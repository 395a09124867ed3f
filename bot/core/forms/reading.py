"""Reading a resident's answer to one question of a form: what is said becomes a value.

A reader gives the value or raises :class:`NotUsable`, which names the text that tells the
resident in one sentence what to do.
"""

from __future__ import annotations

import re
import unicodedata

from bot.core.normalise import storable

#: The shortest and the longest description, in characters, and the fewest words.
BODY_SHORTEST, BODY_LONGEST, BODY_WORDS = 15, 1500, 3
#: The same where the place is known: two words say what is there.
PLACED_SHORTEST, PLACED_WORDS = 7, 2
TITLE_SHORTEST, TITLE_LONGEST = 4, 80
NAME_SHORTEST, NAME_LONGEST = 2, 60

_SPACES = re.compile(r"[ \t]+")
_LINES = re.compile(r"\n{3,}")
_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:ge|com|org|net|ru)\b", re.IGNORECASE)
_MAIL = re.compile(r"\S@\S")
_DIGITS = re.compile(r"(?:\d[\s\-().]*){9,}")
_PHONE = re.compile(r"5\d{8}\Z")


#: Answers that were understood and are outside of what is allowed.
_UNDERSTOOD = (
    "_above",
    "_below",
    "_low",
    "_past",
    "_before_start",
    "_outside",
    "_long",
    "_contact",
)


class NotUsable(ValueError):
    """An answer that cannot be taken; ``text_id`` and ``values`` say what the resident can do.

    ``understood`` tells that it was an answer all the same, so that nothing else was meant.
    """

    def __init__(self, text_id: str, **values: str) -> None:
        super().__init__(text_id)
        self.text_id = text_id
        self.values = values
        self.understood = text_id.endswith(_UNDERSTOOD)


def tidy(text: str) -> str:
    """Give a text as it is kept: NFC, without control characters and surplus white space."""
    text = storable(unicodedata.normalize("NFC", text))
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.splitlines())
    return _LINES.sub("\n\n", text).strip()


def words(text: str) -> list[str]:
    """List the words of a text: runs with at least one letter."""
    return [word for word in text.split() if any(character.isalpha() for character in word)]


def body(text: str, placed: bool = False) -> str:
    """Read a description; ``placed`` when the place is known, so that less is enough.

    Raises:
        NotUsable: when it is too short, too long, or no words.
    """
    text = tidy(text)
    found = words(text)
    if not found:
        raise NotUsable("form_body_no_words")
    shortest, fewest = (PLACED_SHORTEST, PLACED_WORDS) if placed else (BODY_SHORTEST, BODY_WORDS)
    if len(text) < shortest or len(found) < fewest:
        raise NotUsable("form_body_short")
    if len(text) > BODY_LONGEST:
        raise NotUsable("form_body_long", limit=str(BODY_LONGEST), length=str(len(text)))
    return text


def title(text: str) -> str:
    """Read a title.

    Raises:
        NotUsable: when its length is wrong or it holds a telephone number, address or link.
    """
    text = " ".join(tidy(text).split())
    if not TITLE_SHORTEST <= len(text) <= TITLE_LONGEST or not words(text):
        raise NotUsable("form_title_length", limit=str(TITLE_LONGEST))
    if _LINK.search(text) or _MAIL.search(text) or _DIGITS.search(text):
        raise NotUsable("form_title_contact")
    return text


def name(text: str) -> str:
    """Read how a resident wishes to be called: any letters, one word or more.

    Raises:
        NotUsable: when its length is wrong or it is no name at all.
    """
    text = " ".join(tidy(text).split())
    if not NAME_SHORTEST <= len(text) <= NAME_LONGEST or not words(text) or _MAIL.search(text):
        raise NotUsable("form_name_unclear")
    if sum(character.isdigit() for character in text) > 2:
        raise NotUsable("form_name_unclear")
    return text


def phone(text: str) -> str:
    """Read a Georgian mobile number: nine digits that begin with 5, however it is written.

    Raises:
        NotUsable: when it is none.
    """
    digits = "".join(character for character in text if character.isdecimal())
    digits = "".join(str(unicodedata.decimal(character)) for character in digits)
    for prefix in ("00995", "995", "0"):
        if digits.startswith(prefix):
            digits = digits.removeprefix(prefix)
            break
    if not _PHONE.match(digits):
        raise NotUsable("form_phone_unclear")
    return digits

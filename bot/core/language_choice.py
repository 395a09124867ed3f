"""In which language a message is answered."""

from __future__ import annotations

from bot.core.languages import DEFAULT, NAMES


def answer_language(
    detected: str | None, sure: bool, chosen: str | None, previous: str | None, hint: str | None
) -> str:
    """Settle the language of an answer.

    Args:
        detected: the language the message is written in, None when it has no letters.
        sure: whether the detection is more than a guess ("ok" is a guess).
        chosen: the language the resident chose by hand; it holds until they choose another.
        previous: the language of the answer before.
        hint: the language of the channel: the page's, or the telephone's.
    """
    if chosen in NAMES:
        return str(chosen)
    if sure and detected in NAMES:
        return str(detected)
    for code in (previous, hint, detected):
        if code in NAMES:
            return str(code)
    return DEFAULT

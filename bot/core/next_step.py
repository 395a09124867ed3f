"""The one thing to do next, taken out of an entry's steps for somebody who tells a story."""

from __future__ import annotations

import re
from datetime import date

from bot.core.knowledge import Entry

#: A message this long without a question about an attribute tells what happened.
STORY_WORDS = 12
#: How the steps begin when they tell what to do: under a heading they tell how something went.
_FIRST = re.compile(r"\s*1[.)]\s+(.+)")
#: What a list has, and what a text of the past has.
_ITEM = re.compile(r"^\s*(?:\d[.)]|•)\s", re.MULTILINE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
#: "გამზ. 20" and "ქ. №5" end no sentence.
_SENTENCE = re.compile(r".+?[.!?…։](?=\s+[^\s\d№]|\s*$)", re.DOTALL)


def is_story(text: str) -> bool:
    """Tell whether a message is long enough to tell what happened."""
    return len(text.split()) >= STORY_WORDS


def next_step(entry: Entry, language: str, day: date) -> str | None:
    """Give the first step of an entry in one sentence.

    None when its steps are not told in the language, or are no steps to take: a list of something
    else, or how it was some years ago.
    """
    text = entry.attributes.get("steps", {}).get(language)
    if text is None:
        return None
    filled = entry.render(text, language, day).text
    first = _FIRST.match(filled)
    if first is None and (_ITEM.search(filled) or _YEAR.search(filled)):
        return None
    step = first.group(1) if first else filled
    sentence = _SENTENCE.match(step)
    return (sentence.group() if sentence else step).strip()

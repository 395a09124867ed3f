"""The one thing to do next, taken out of an entry's steps for somebody who tells a story."""

from __future__ import annotations

import re
from datetime import date

from bot.core.knowledge import Entry

#: A message this long without a question about an attribute tells what happened.
STORY_WORDS = 12
#: Where a step is looked for: what to do, or else whom to turn to.
_ATTRIBUTES = ("steps", "contact")
_ITEM = re.compile(r"^\s*(?:1[.)]|•)\s+(.+)$", re.MULTILINE)
_SENTENCE = re.compile(r".+?[.!?…։](?=\s|$)", re.DOTALL)


def is_story(text: str) -> bool:
    """Tell whether a message is long enough to tell what happened."""
    return len(text.split()) >= STORY_WORDS


def next_step(entry: Entry, language: str, day: date) -> str | None:
    """Give the first step of an entry in one sentence; None when it has none in the language."""
    for name in _ATTRIBUTES:
        text = entry.attributes.get(name, {}).get(language)
        if text is None:
            continue
        filled = entry.render(text, language, day).text
        item = _ITEM.search(filled)
        step = item.group(1) if item else filled
        sentence = _SENTENCE.match(step)
        return (sentence.group() if sentence else step).strip()
    return None

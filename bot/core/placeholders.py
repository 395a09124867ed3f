"""Names in braces inside texts: ``{rate}`` stands for a value that is kept in one place."""

from __future__ import annotations

import re
from collections.abc import Callable

_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BLANK_LINES = re.compile(r"\n{3,}")
_SENTENCE_END = re.compile(r"(?<=[.!?…։])\s+")


def names(text: str) -> tuple[str, ...]:
    """List the placeholder names of a text, each once, in order."""
    return tuple(dict.fromkeys(_NAME.findall(text)))


def without(text: str) -> str:
    """Give the text with every placeholder taken out."""
    return _NAME.sub("", text)


def has_stray_brace(text: str) -> bool:
    """Tell whether a brace stands in the text that belongs to no placeholder."""
    rest = without(text)
    return "{" in rest or "}" in rest


def fill(text: str, value_of: Callable[[str], str | None]) -> str:
    """Put values in place of the names in braces.

    Args:
        text: the text with placeholders.
        value_of: gives the value of a name, or None when there is none.

    Returns:
        The text; a line that holds a name without a value is left out, and of a text of one
        line the sentence that holds it, so that what remains reads well.
    """
    wanted = names(text)
    if not wanted:
        return text
    values = {name: value_of(name) for name in wanted}
    if None in values.values():
        text = _drop(text, {name for name, value in values.items() if value is None})
    return _NAME.sub(lambda match: str(values[match.group(1)]), text)


def _drop(text: str, missing: set[str]) -> str:
    one_line = "\n" not in text.strip()
    parts = _SENTENCE_END.split(text.strip()) if one_line else text.splitlines()
    kept = [part for part in parts if missing.isdisjoint(names(part))]
    if one_line:
        return " ".join(kept)
    return _BLANK_LINES.sub("\n\n", "\n".join(kept)).strip()

"""JSONL in and out: one JSON object a line, answered in order."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from bot.core.errors import Finding, InputError

#: Other programs may take these for the end of a line too.
_LINE_ENDS = str.maketrans({"\x85": r"\u0085", "\u2028": r"\u2028", "\u2029": r"\u2029"})


def read(source: str = "<stdin>") -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the object of each line of standard input; empty lines are passed over.

    Raises:
        InputError: at the first line that is no JSON object; what came before is answered.
    """
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw.decode("utf-8", errors="replace"))
        except (ValueError, RecursionError):
            raise _wrong(source, number, "this is no JSON") from None
        if not isinstance(line, dict):
            raise _wrong(source, number, "this is no JSON object")
        yield number, line


def wanted(line: dict[str, Any], number: int, key: str, source: str = "<stdin>") -> str:
    """Give the text under ``key``.

    Raises:
        InputError: when there is none.
    """
    value = line.get(key)
    if not isinstance(value, str):
        raise _wrong(source, number, f'the key "{key}" with a text is missing')
    return value


def write(line: dict[str, Any]) -> None:
    """Write one line to standard output at once; lone surrogates are escaped."""
    text = json.dumps(line, ensure_ascii=False).translate(_LINE_ENDS)
    sys.stdout.buffer.write(text.encode("utf-8", errors="backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _wrong(source: str, number: int, message: str) -> InputError:
    finding = Finding(source, number, f'{message}; write one object a line, like {{"text": "…"}}.')
    return InputError("The input could not be read to its end.", [finding])

"""What went wrong in a YAML file, in words for a person who is no programmer."""

from __future__ import annotations

import re

import yaml

_VALUE = re.compile(r"[\s-]*[^\s:{\[\"']+:\s+(.)")


def explain(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """Tell the line, from 1, to look at and what to do there.

    Args:
        error: what libyaml said.
        text: the file's text, for the line it happened in.
    """
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    number = min(mark.line, len(lines) - 1) if mark and lines else 0
    line = lines[number] if lines else ""
    opened = error.context_mark
    problem, context = error.problem or "the structure is broken", error.context or ""
    if opened and "quoted scalar" in context and "unexpected end" in problem:
        return opened.line + 1, "a quote opens here and never closes"
    if opened and "could not find expected ':'" in problem:
        return opened.line + 1, "a line `key: value` is wanted here, with a space after the colon"
    if opened and "flow" in context:
        start = min(opened.line, len(lines) - 1)
        return start + 1, "a bracket opens here and never closes; close it or put quotes around"
    return number + 1, _sentence(problem, context, line, mark.column if mark else 0)


def _sentence(problem: str, context: str, line: str, column: int) -> str:
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "a tab stands at the start of the line; use spaces"
    if "mapping values are not allowed" in problem:
        return (
            "a colon does not fit here: a text with a colon stands in quotes, "
            "and after a key's colon stands a space"
        )
    if "alias" in context or "undefined alias" in problem:
        return "a text may not start with *; put it in quotes"
    if "cannot start any token" in problem:
        return f"a text may not start with {line[column : column + 1]}; put it in quotes"
    value = _VALUE.match(line)
    start = value.group(1) if value else ""
    if start and start in "{[":
        return f"a text that starts with {start} must be in quotes"
    if start and start in "\"'":
        return "the text goes on after its closing quote; use other quotes around the whole text"
    if "did not find expected" in problem:
        return "the indentation does not fit; compare with the lines around"
    return f"not valid YAML: {problem}; compare with the lines around"

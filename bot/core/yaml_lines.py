"""YAML that people edit: read fast, with the line of every key and every mistake named.

libyaml composes a tree of nodes with line marks; the values are made here from the nodes with
the plain rules of YAML 1.2 (``no`` is a word, ``0341`` a text, ``10:30`` a text), and dates.
Anchors and aliases are refused: a file that a clerk edits says everything where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.core import yaml_mistakes
from bot.core.errors import Finding, relative

Key = str | int

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "false": False, "False": False}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_STRING_TAG = "tag:yaml.org,2002:str"
MAX_DEPTH = 50
_BRACKET = re.compile(r"[\[\]{}]")
_LONG_INDENT = re.compile(rf"[-?: ]{{{4 * MAX_DEPTH},}}")


@dataclass(frozen=True)
class Document:
    """One file: its ``data``, and the mistakes in its YAML (``data`` is None when unreadable)."""

    path: str
    data: Any
    findings: tuple[Finding, ...]
    root: yaml.Node | None = None

    @property
    def unreadable(self) -> bool:
        """Tell whether the file could not be read at all: what it says is not known."""
        return self.root is None and bool(self.findings)

    def line(self, *keys: Key) -> int:
        """Give the line, from 1, of the key the path ``keys`` leads to.

        When the path ends early (a key is missing), the line of its last existing key.
        """
        node, line = self.root, 1
        for key in keys:
            found = _child(node, key)
            if found is None:
                break
            mark, node = found
            line = mark.start_mark.line + 1
        return line

    def finding(self, message: str, *keys: Key) -> Finding:
        """Make a finding at the line of the key path."""
        return Finding(self.path, self.line(*keys), message)


def _child(node: yaml.Node | None, key: Key) -> tuple[yaml.Node, yaml.Node] | None:
    """Give the node that marks where ``key`` stands and the node of its value."""
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if key_node.value == str(key):
                return key_node, value_node
    elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key]
    return None


class _Loader(yaml.CSafeLoader):
    """The C loader without resolvers: what a plain scalar means is decided here."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """Give the tag of a node without one: only scalars' tags are looked at later."""
        return _STRING_TAG


def load(path: Path, root: Path) -> Document:
    """Read one YAML file.

    Args:
        path: the file.
        root: findings name the file relative to this folder.

    Returns:
        The document; a file that cannot be read or parsed has data None and says why in its
        findings.
    """
    name = relative(path, root)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return _unreadable(name, 1, f"the file is not UTF-8 (byte {error.start}); save it as UTF-8")
    except OSError as error:
        return _unreadable(name, 1, f"the file cannot be read ({error.strerror})")
    return parse(text, name)


def parse(text: str, name: str) -> Document:
    """Read YAML from ``text``; ``name`` is the path its findings carry. See :func:`load`."""
    if _too_deep(text):
        return _unreadable(name, 1, f"the YAML is nested more than {MAX_DEPTH} levels deep")
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return _unreadable(name, *yaml_mistakes.explain(error, text))
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        return _unreadable(name, _line_of(error, text), f"not valid YAML: {error}")
    builder = _Builder(name)
    data = builder.build(root)
    return Document(name, data, tuple(builder.findings), root)


def _unreadable(name: str, line: int, message: str) -> Document:
    return Document(name, None, (Finding(name, line, message),))


def _too_deep(text: str) -> bool:
    """Tell whether brackets or indentation nest deeper than a person would write.

    libyaml's composer recurses in C: without this check such a file would kill the process.
    """
    depth = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        if depth > MAX_DEPTH:
            return True
    return _LONG_INDENT.search(text) is not None


def _line_of(error: Exception, text: str) -> int:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 1


class _Builder:
    """Makes Python values from nodes and collects what is wrong with them."""

    def __init__(self, name: str) -> None:
        self.findings: list[Finding] = []
        self._name = name
        self._seen: set[int] = set()

    def build(self, node: yaml.Node | None) -> Any:
        if node is None:
            return None
        if id(node) in self._seen:
            self._report(node, "anchors and aliases (& and *) are not used here; write it out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item) for item in node.value]
        return self._scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _report(self, node: yaml.Node, message: str) -> None:
        self.findings.append(Finding(self._name, node.start_mark.line + 1, message))

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, Any]]:
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._report(key_node, "a key must be a plain word")
                continue
            key = str(key_node.value)
            if key in first:
                self._report(
                    key_node, f"{key} stands here twice (first in line {first[key]}); keep one"
                )
                continue
            first[key] = key_node.start_mark.line + 1
            yield key, self.build(value_node)

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text = node.value
        if node.tag != _STRING_TAG:
            self._report(node, f"the tag {node.tag} is not used here; write the plain value")
            return None
        # Only a plain scalar can be anything but text: quotes and blocks say that it is text.
        return text if node.style else self._plain(node, text)

    def _plain(self, node: yaml.Node, text: str) -> Any:
        if text in _NULL:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if _INTEGER.match(text):
            return int(text)
        if _FLOAT.match(text):
            return float(text)
        if _DATE.match(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                self._report(node, f"{text} is no date of the calendar")
                return None
        return text

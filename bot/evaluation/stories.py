"""Reading the conversations that a model must go through: Rasa's test stories, with their lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import Finding, InputError, MissingError, relative
from bot.core.yaml_mistakes import explain

#: The keys of a step that this reader knows; others are Rasa's for training alone.
USER, INTENT, ENTITIES, ACTION, SLOTS, LOOP = (
    "user",
    "intent",
    "entities",
    "action",
    "slot_was_set",
    "active_loop",
)
_ANY = "any value"


@dataclass(frozen=True)
class Expected:
    """What must happen after a message, in this order; ``line`` is where it is written."""

    kind: str
    name: str
    value: Any
    line: int

    def __str__(self) -> str:
        if self.kind == SLOTS:
            return f"slot {self.name}" + ("" if self.value == _ANY else f" = {self.value}")
        return f"{self.kind} {self.name}"

    @property
    def any_value(self) -> bool:
        """Whether a slot may have any value."""
        return self.value == _ANY


@dataclass(frozen=True)
class Exchange:
    """What the resident says, or which button they press, and what must happen then."""

    text: str | None
    intent: str
    entities: Mapping[str, str]
    line: int
    expected: tuple[Expected, ...] = field(default=())


@dataclass(frozen=True)
class Story:
    """A conversation, and where it is written."""

    name: str
    path: str
    line: int
    exchanges: tuple[Exchange, ...]


def read_stories(place: Path, root: Path) -> list[Story]:
    """Read a file, or all files of a folder.

    Raises:
        MissingError: when there is none.
        InputError: with all findings.
    """
    files = sorted(place.rglob("*.yml")) if place.is_dir() else [place]
    if not files or not all(file.is_file() for file in files):
        raise MissingError(f"There are no test stories at {relative(place, root)}.")
    stories: list[Story] = []
    findings: list[Finding] = []
    for file in files:
        name = relative(file, root)
        try:
            text = file.read_text(encoding="utf-8")
            document = yaml.compose(text, yaml.CSafeLoader)
        except UnicodeDecodeError:
            findings.append(Finding(name, 1, "this is no UTF-8 text; save the file as UTF-8."))
            continue
        except yaml.MarkedYAMLError as error:
            line, problem = explain(error, text)
            findings.append(Finding(name, line, f"{problem}."))
            continue
        stories += _stories(document, name, findings)
    if findings:
        raise InputError("The test stories have mistakes; mend them first.", findings)
    return stories


def _stories(document: Any, path: str, findings: list[Finding]) -> Iterator[Story]:
    for node in _items(_child(document, "stories")):
        name, line = str(_value(_child(node, "story"))), _line(node)
        exchanges: list[Exchange] = []
        for step in _items(_child(node, "steps")):
            if _child(step, USER) is not None or _child(step, INTENT) is not None:
                exchanges.append(_exchange(step))
                continue
            expected = tuple(_expected(step))
            if expected and not exchanges:
                message = "nobody said anything yet; begin with user: or intent:."
                findings.append(Finding(path, _line(step), message))
            elif expected:
                last = exchanges.pop()
                exchanges.append(
                    Exchange(
                        last.text,
                        last.intent,
                        last.entities,
                        last.line,
                        (*last.expected, *expected),
                    )
                )
        if not exchanges:
            findings.append(Finding(path, line, f"the story {name} has no steps; write some."))
        yield Story(name, path, line, tuple(exchanges))


def _exchange(step: Any) -> Exchange:
    said = _child(step, USER)
    entities: dict[str, str] = {}
    for entity in _items(_child(step, ENTITIES)):
        pairs = entity.value if isinstance(entity, yaml.MappingNode) else ()
        entities.update({str(_value(key)): str(_value(value)) for key, value in pairs})
    intent = str(_value(_child(step, INTENT)) or "")
    text = str(_value(said)).strip() if said is not None else None
    return Exchange(text, intent, entities, _line(step))


def _expected(step: Any) -> Iterator[Expected]:
    line = _line(step)
    if (action := _child(step, ACTION)) is not None:
        yield Expected(ACTION, str(_value(action)), None, line)
    if (loop := _child(step, LOOP)) is not None:
        yield Expected(LOOP, str(_value(loop)), None, line)
    for slot in _items(_child(step, SLOTS)):
        if isinstance(slot, yaml.MappingNode):
            for name, value in slot.value:
                yield Expected(SLOTS, str(_value(name)), _value(value), line)
        else:
            yield Expected(SLOTS, str(_value(slot)), _ANY, line)


def _child(node: Any, key: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return value
    return None


def _items(node: Any) -> list[Any]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _value(node: Any) -> Any:
    """Give what a node means in YAML: a text, a number, yes or no, nothing, a list."""
    if node is None:
        return None
    return yaml.SafeLoader("").construct_object(node, deep=True)


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1

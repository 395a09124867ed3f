"""Checking the training messages that staff edit under ``data/nlu``.

One small function a rule; all findings are reported together, with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.core.catalogue import Catalogue
from bot.core.errors import Finding, relative
from bot.core.normalise import normalise
from bot.core.yaml_mistakes import explain
from bot.core.yaml_shapes import suggestion

LONGEST = 600
LANGUAGES = ("ka", "ka-Latn", "en", "ru", "az", "hy")
#: Intents of the dialogue that have messages and are no id of the catalogue.
OWN_INTENTS = ("follow_up",)
#: What a block of Rasa's training data may hold.
KEYS = ("intent", "metadata", "examples", "lookup", "synonym", "regex")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Example:
    """One training message and where it stands."""

    text: str
    intent: str
    language: str
    path: str
    line: int


@dataclass(frozen=True)
class Counts:
    """How much training data there is."""

    intents: int
    examples: int


def check_training_data(root: Path, catalogue: Catalogue) -> tuple[Counts, list[Finding]]:
    """Read and check all files under ``data/nlu``.

    Args:
        root: the project.
        catalogue: the ids that may be taught.

    Returns:
        The amounts, and every finding in the order of the files.
    """
    examples, findings = read_examples(root, catalogue)
    findings += _unknown(examples, catalogue)
    findings += [finding for example in examples for finding in _wrong(example)]
    findings += _taught_twice(examples)
    intents = {example.intent for example in examples}
    return Counts(len(intents), len(examples)), findings


def read_examples(root: Path, catalogue: Catalogue) -> tuple[list[Example], list[Finding]]:
    """Give the training messages in the order of the files, and what could not be read."""
    findings: list[Finding] = []
    examples: list[Example] = []
    for path in sorted((root / "data" / "nlu").rglob("*.yml")):
        name = relative(path, root)
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            findings.append(Finding(name, 1, "this is no UTF-8 text; save the file as UTF-8."))
            continue
        try:
            document = yaml.compose(text, yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            line, problem = explain(error, text)
            findings.append(Finding(name, line, f"{problem}."))
            continue
        except yaml.YAMLError:
            findings.append(Finding(name, _control(text), "a control character; delete it."))
            continue
        found = list(_examples(document, name, findings))
        examples += found
        findings += _own_file(found, path, catalogue)
    return examples, findings


def _control(text: str) -> int:
    """Give the line of the first control character, which YAML does not allow."""
    found = _CONTROL.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _examples(document: yaml.Node | None, name: str, findings: list[Finding]) -> Iterator[Example]:
    """Yield the messages of a file; blocks that are no intent (lookup tables) are passed over."""
    for block in _items(_child(document, "nlu")):
        findings += [Finding(name, line, message) for line, message in _odd_keys(block)]
        intent = _child(block, "intent")
        if not isinstance(intent, yaml.ScalarNode):
            continue
        language = _child(_child(block, "metadata"), "language")
        code = language.value if isinstance(language, yaml.ScalarNode) else ""
        if code not in LANGUAGES:
            findings.append(Finding(name, _line(block), _no_language(intent.value, code)))
        lines = _child(block, "examples")
        if isinstance(lines, yaml.SequenceNode):
            message = "a bar is missing after `examples:`; write `examples: |`."
            findings.append(Finding(name, _line(lines) - 1, message))
            continue
        if not isinstance(lines, yaml.ScalarNode) or not lines.value.strip():
            findings.append(
                Finding(name, _line(block), f"{intent.value} has no examples here; add some.")
            )
            continue
        for offset, line in enumerate(lines.value.splitlines(), start=1):
            number = _line(lines) + offset
            if not line.startswith("- "):
                # Of a message that is only a dash, YAML takes the space away at the end.
                if line.strip() == "-":
                    yield Example("", intent.value, code, name, number)
                elif line.strip():
                    message = "a message must begin with a dash and a space."
                    findings.append(Finding(name, number, message))
                continue
            yield Example(line[2:].strip(), intent.value, code, name, number)


def _no_language(intent: str, code: str) -> str:
    known = ", ".join(LANGUAGES)
    if code:
        return f"{code} is no language; write one of {known}."
    return f"{intent} lacks its language here; add metadata: {{language: …}} ({known})."


def _odd_keys(block: yaml.Node) -> Iterator[tuple[int, str]]:
    """Tell keys that Rasa does not know, which it would pass over in silence, and repeated ones."""
    if not isinstance(block, yaml.MappingNode):
        yield _line(block), "this is no block; begin it with `- intent: <id>`."
        return
    seen: set[str] = set()
    for key, _ in block.value:
        name = str(key.value)
        if name in seen:
            yield _line(key), f"{name} stands here a second time; delete one of the two."
        elif name not in KEYS:
            yield _line(key), f"unknown key {name}{suggestion(name, KEYS)}."
        seen.add(name)


def _own_file(examples: list[Example], path: Path, catalogue: Catalogue) -> list[Finding]:
    """Each id has a file of its own: data/nlu/<topic>/<service>.yml."""
    wanted = f"{path.parent.name}.{path.stem}"
    strangers = [e for e in examples if e.intent in catalogue and e.intent != wanted]
    return [
        Finding(e.path, e.line, f"{e.intent} stands in the file of {wanted}; move it to its own.")
        for e in strangers[:1]
    ]


def _unknown(examples: list[Example], catalogue: Catalogue) -> Iterator[Finding]:
    """Tell each id that is none, once a file, at its first message."""
    told: set[tuple[str, str]] = set()
    known = (*catalogue.services, *catalogue.acts, *OWN_INTENTS)
    for example in examples:
        place = example.path, example.intent
        if example.intent in catalogue or example.intent in OWN_INTENTS or place in told:
            continue
        told.add(place)
        hint = suggestion(example.intent, known) or "; correct it."
        message = f"{example.intent} is no id of knowledge/catalogue.yml{hint}"
        yield Finding(example.path, example.line, message)


def _wrong(example: Example) -> Iterator[Finding]:
    if not normalise(example.text):
        what = "has no readable word" if example.text else "is empty"
        message = f"this message {what}; write it or delete it."
        yield Finding(example.path, example.line, message)
    elif len(example.text) > LONGEST:
        message = f"this message is longer than {LONGEST} characters; shorten it."
        yield Finding(example.path, example.line, message)


def _taught_twice(examples: list[Example]) -> Iterator[Finding]:
    """The same message under two ids teaches both wrong; twice under one is idle."""
    first: dict[str, Example] = {}
    for example in examples:
        key = normalise(example.text)
        earlier = first.setdefault(key, example)
        if earlier is not example and key:
            where = f"{earlier.path}:{earlier.line}"
            what = "here too" if earlier.intent == example.intent else f"for {earlier.intent}"
            message = f"“{example.text}” stands in {where} {what}; delete one of the two."
            yield Finding(example.path, example.line, message)


def _child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                child: yaml.Node = value
                return child
    return None


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _line(node: yaml.Node) -> int:
    """Give the 1-based line a node begins on (for a block text: the line of its key)."""
    return int(node.start_mark.line) + 1

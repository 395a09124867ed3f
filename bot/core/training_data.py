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

LONGEST = 600
LANGUAGES = ("ka", "ka-Latn", "en", "ru", "az", "hy")
#: Intents of the dialogue that have messages and are no id of the catalogue.
OWN_INTENTS = ("follow_up",)
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
    findings += [finding for example in examples for finding in _wrong(example, catalogue)]
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
        intent = _child(block, "intent")
        if not isinstance(intent, yaml.ScalarNode):
            continue
        language = _child(_child(block, "metadata"), "language")
        code = language.value if isinstance(language, yaml.ScalarNode) else ""
        if code not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            message = (
                f"{intent.value} lacks its language here; add metadata: {{language: …}} ({known})."
            )
            findings.append(Finding(name, _line(block), message))
        lines = _child(block, "examples")
        if not isinstance(lines, yaml.ScalarNode) or not lines.value.strip():
            findings.append(
                Finding(name, _line(block), f"{intent.value} has no examples here; add some.")
            )
            continue
        for offset, line in enumerate(lines.value.splitlines(), start=1):
            number = _line(lines) + offset
            if not line.startswith("- "):
                if line.strip():
                    message = "a message must begin with a dash and a space."
                    findings.append(Finding(name, number, message))
                continue
            yield Example(line[2:].strip(), intent.value, code, name, number)


def _own_file(examples: list[Example], path: Path, catalogue: Catalogue) -> list[Finding]:
    """Each id has a file of its own: data/nlu/<topic>/<service>.yml."""
    wanted = f"{path.parent.name}.{path.stem}"
    strangers = [e for e in examples if e.intent in catalogue and e.intent != wanted]
    return [
        Finding(e.path, e.line, f"{e.intent} stands in the file of {wanted}; move it to its own.")
        for e in strangers[:1]
    ]


def _wrong(example: Example, catalogue: Catalogue) -> Iterator[Finding]:
    if example.intent not in catalogue and example.intent not in OWN_INTENTS:
        message = f"{example.intent} is no id of knowledge/catalogue.yml; correct it."
        yield Finding(example.path, example.line, message)
    if not example.text:
        yield Finding(example.path, example.line, "this message is empty; write it or delete it.")
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

"""Teaching a message: it is added to the YAML file of its id, as a clerk would do it by hand.

The files are the truth and may be edited by hand at the same time. Comments, order and spacing
stay; a file that changed since it was shown is never overwritten.
"""

from __future__ import annotations

import io
import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.core import examination
from bot.core.catalogue import Catalogue
from bot.core.errors import Finding, InputError, relative
from bot.core.files import content_hash, locked, write_whole
from bot.core.normalise import normalise, storable
from bot.core.training_data import LANGUAGES, LONGEST, OWN_INTENTS, Example, read_examples

_MARKUP = re.compile(r"\](?=[(\[{])")


class Conflict(InputError):
    """The file was changed by somebody else since it was looked at; nothing was written."""


@dataclass(frozen=True)
class Taught:
    """Where a message stands now, and the hash of the file after it was added."""

    path: str
    line: int
    hash: str


def file_of(label: str) -> Path:
    """Give the file of an id, relative to the project."""
    topic, _, service = label.partition(".")
    return Path("data", "nlu", topic, f"{service}.yml") if service else _own_file(label)


def _own_file(intent: str) -> Path:
    return Path("data", "nlu", "dialogue", f"{intent}.yml")


def seen(root: Path, label: str) -> str:
    """Give the hash of an id's file as it is now, to be handed to :func:`teach`."""
    return content_hash(root / file_of(label))


def teach(
    root: Path,
    catalogue: Catalogue,
    label: str,
    language: str,
    text: str,
    seen_hash: str | None = None,
) -> Taught:
    """Add a message to the file of an id.

    Args:
        root: the project.
        catalogue: the ids that may be taught.
        label: an id of the catalogue.
        language: how the message is written: ka, ka-Latn, en, ru, az or hy.
        text: the message.
        seen_hash: of the file as the person saw it; None when they did not look at it.

    Raises:
        Conflict: when the file is another one than the person saw.
        InputError: when the message or the file cannot be used; says why.
    """
    # Rasa would read `[word](name)` as an entity and not as what the resident wrote.
    message = _MARKUP.sub("] ", " ".join(storable(text).split()))
    _check(catalogue, label, language, message)
    path = root / file_of(label)
    with locked(root / "var", "teaching.lock"):
        now = content_hash(path)
        if seen_hash is not None and seen_hash != now:
            name = relative(path, root)
            raise Conflict(f"{name} was changed meanwhile; look at it again, then teach.")
        examples = _sound_examples(root, catalogue, path)
        _not_taught_yet(examples, message, label)
        content = _with(path, label, language, message)
        _write_if_sound(root, catalogue, path, content)
    # What is taught can examine nobody any more.
    examination.remove(root, message)
    line = next(e.line for e in reversed(_of(root, catalogue, path)) if e.text == message)
    return Taught(relative(path, root), line, content_hash(path))


def _check(catalogue: Catalogue, label: str, language: str, message: str) -> None:
    if label not in catalogue and label not in OWN_INTENTS:
        raise InputError(f"{label} is no id of knowledge/catalogue.yml.")
    if language not in LANGUAGES:
        raise InputError(f"{language} is no way of writing; one of {', '.join(LANGUAGES)}.")
    if not normalise(message):
        raise InputError("The message has no readable word.")
    if len(message) > LONGEST:
        raise InputError(f"The message is longer than {LONGEST} characters; shorten it.")


def _sound_examples(root: Path, catalogue: Catalogue, path: Path) -> list[Example]:
    """Give all messages; a file that has mistakes is mended by hand before anything is added."""
    examples, findings = read_examples(root, catalogue)
    own = [finding for finding in findings if finding.path == relative(path, root)]
    if own:
        raise InputError(f"{relative(path, root)} has mistakes; mend them first.", own)
    return examples


def _not_taught_yet(examples: list[Example], message: str, label: str) -> None:
    key = normalise(message)
    for example in examples:
        if normalise(example.text) == key:
            finding = Finding(example.path, example.line, f"it stands here for {example.intent}.")
            what = "already" if example.intent == label else f"already, for {example.intent}"
            raise InputError(f"This message is taught {what}.", [finding])


def _with(path: Path, label: str, language: str, message: str) -> str:
    """Give the file's text with the message at the end of its language's block."""
    yaml = YAML()
    yaml.width = 1_000_000
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=2, offset=0)
    try:
        document = yaml.load(path.read_text(encoding="utf-8")) if path.exists() else None
    except (YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} cannot be read; mend it first.") from error
    if document is None:
        document = yaml.load('version: "3.1"\nnlu: []\n')
    blocks = document["nlu"]
    block = _block(blocks, label, language)
    if block is None:
        block = yaml.load(f"intent: {label}\nmetadata: {{language: {language}}}\n")
        block["examples"] = LiteralScalarString(f"- {message}\n")
        blocks.append(block)
    else:
        before = str(block["examples"]).rstrip("\n")
        block["examples"] = LiteralScalarString(f"{before}\n- {message}\n")
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _block(blocks: Any, label: str, language: str) -> MutableMapping[str, Any] | None:
    found: MutableMapping[str, Any] | None = None
    for block in blocks:
        if block.get("intent") == label and block.get("metadata", {}).get("language") == language:
            found = block
    return found


def _write_if_sound(root: Path, catalogue: Catalogue, path: Path, content: str) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else None
    write_whole(path, content)
    _, findings = read_examples(root, catalogue)
    own = [finding for finding in findings if finding.path == relative(path, root)]
    if own:
        if before is None:
            path.unlink()
        else:
            write_whole(path, before)
        raise InputError("The message cannot be written into this file.", own)


def _of(root: Path, catalogue: Catalogue, path: Path) -> list[Example]:
    name = relative(path, root)
    return [e for e in read_examples(root, catalogue)[0] if e.path == name]

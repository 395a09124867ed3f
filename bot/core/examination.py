"""The messages the understanding is examined with: JSONL files of texts with their right ids.

``{"text": "…", "lang": "ka", "label": "local_fees.cleaning_fee"}`` a line. Staff's own stand in
``data/examination.jsonl``: messages of residents that a person gave the right id.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.core.catalogue import Catalogue
from bot.core.errors import Finding, InputError, MissingError, relative
from bot.core.files import locked, write_whole
from bot.core.normalise import normalise
from bot.core.training_data import LANGUAGES, LONGEST, Example
from bot.core.yaml_shapes import suggestion

#: Staff's own examination, under the project's root.
FILE = Path("data", "examination.jsonl")
_EXAMPLE = '{"text": "…", "lang": "ka", "label": "local_fees.cleaning_fee"}'


@dataclass(frozen=True)
class Question:
    """A message and what is right for it: the language as written (``ka-Latn`` too), the id."""

    text: str
    language: str
    label: str


def load(path: Path, catalogue: Catalogue, root: Path) -> list[Question]:
    """Read an examination.

    Raises:
        MissingError: when there is no such file.
        InputError: with a finding for each line that is wrong, all at once.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        name = relative(path, root)
        raise MissingError(f"There is no file {name}; give the path of a JSONL file.") from error
    questions: list[Question] = []
    findings: list[Finding] = []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if not line.strip():
            continue
        read = _question(line, catalogue)
        if isinstance(read, Question):
            questions.append(read)
        else:
            findings.append(Finding(relative(path, root), number, read))
    if findings:
        number = len(findings)
        lines = "1 line" if number == 1 else f"{number} lines"
        raise InputError(f"{lines} of {relative(path, root)} to mend.", findings)
    return questions


def _question(line: bytes, catalogue: Catalogue) -> Question | str:
    """Read a line; a sentence that says what is wrong when it cannot be used."""
    try:
        data = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "this is no UTF-8 text; save the file as UTF-8."
    except (ValueError, RecursionError):
        return f"this is no JSON; write one object a line, like {_EXAMPLE}."
    if not isinstance(data, dict):
        return f"this is no JSON object; write {_EXAMPLE}."
    for key in ("text", "lang", "label"):
        if not isinstance(data.get(key), str):
            return f'the key "{key}" with a text is missing; write {_EXAMPLE}.'
    if data["lang"] not in LANGUAGES:
        return f"the language {data['lang']} is none of {', '.join(LANGUAGES)}; correct it."
    if data["label"] not in catalogue:
        known = (*catalogue.services, *catalogue.acts)
        hint = suggestion(data["label"], known)
        return f"{data['label']} is no id of knowledge/catalogue.yml{hint or '; correct it.'}"
    return Question(data["text"], data["lang"], data["label"])


def add(root: Path, question: Question) -> bool:
    """Add a message to staff's own examination; False when it stands there already.

    Raises:
        InputError: when it is empty, too long, or stands there under another id.
    """
    key = normalise(question.text)
    if not key or len(question.text) > LONGEST:
        raise InputError(f"A message has 1 to {LONGEST} characters.")
    path = root / FILE
    with locked(path.parent, ".examination.lock"):
        lines = _lines(path)
        for other in lines:
            if normalise(other.text) == key:
                if other.label == question.label:
                    return False
                raise InputError(f"This message is a test of {other.label} already.")
        write_whole(path, _content([*lines, question]))
    return True


def remove(root: Path, text: str) -> Question | None:
    """Take a message out of staff's own examination, as when it is taught; give it."""
    key, path = normalise(text), root / FILE
    if not path.exists():
        return None
    with locked(path.parent, ".examination.lock"):
        lines = _lines(path)
        found = next((line for line in lines if normalise(line.text) == key), None)
        if found is not None:
            write_whole(path, _content(line for line in lines if line is not found))
    return found


def check(root: Path, catalogue: Catalogue, taught: Iterable[Example]) -> list[Finding]:
    """List what is wrong with staff's own examination: its lines, and messages taught as well."""
    path = root / FILE
    if not path.exists():
        return []
    try:
        asked = {normalise(question.text) for question in load(path, catalogue, root)}
    except InputError as error:
        return list(error.findings)
    message = f"this message is a test in {FILE.as_posix()} too; delete one of the two."
    return [
        Finding(example.path, example.line, message)
        for example in taught
        if normalise(example.text) in asked
    ]


def _lines(path: Path) -> list[Question]:
    """Read staff's own file, which this module writes; a line that it did not write stops it."""
    if not path.exists():
        return []
    questions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            questions.append(Question(data["text"], data["lang"], data["label"]))
        except (ValueError, KeyError, TypeError) as error:
            finding = Finding(str(path), number, f"this cannot be read; write {_EXAMPLE}.")
            raise InputError("The examination has mistakes; mend them first.", [finding]) from error
    return questions


def _content(questions: Iterable[Question]) -> str:
    return "".join(
        json.dumps({"text": q.text, "lang": q.language, "label": q.label}, ensure_ascii=False)
        + "\n"
        for q in questions
    )

"""Reading and checking ``knowledge/texts/<language>.yml``.

A text is a string, or a map with ``text`` and ``buttons`` (each a ``title`` and a ``payload``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core import payloads, placeholders, yaml_lines
from bot.core.catalogue import Catalogue
from bot.core.errors import Finding, InputError, relative
from bot.core.knowledge import ATTRIBUTES, TOWN_NAMES, Municipality
from bot.core.languages import LANGUAGES, REQUIRED
from bot.core.replies import Button
from bot.core.submissions import reasons
from bot.core.submissions.model import STAGES, Kind
from bot.core.texts import ATTRIBUTES as ATTRIBUTES_KEY
from bot.core.texts import (
    MAPS,
    PAGE,
    REASONS,
    SUBMISSION_KINDS,
    TOPICS,
    LanguageTexts,
    Text,
    Texts,
)
from bot.core.texts import STAGES as STAGES_KEY
from bot.core.yaml_lines import Document
from bot.core.yaml_shapes import Path as KeyPath
from bot.core.yaml_shapes import Reader, suggestion

FOLDER = "texts"
#: The longest button title Messenger shows whole.
TITLE_LENGTH = 20
#: Texts that are themselves used as button titles, besides those that end in ``_button``.
BUTTON_TEXTS = frozenset({"none_of_these_title", "language_offer"})


@dataclass(frozen=True)
class TextsFile:
    """One language's file as it was read."""

    language: str
    document: Document
    texts: LanguageTexts


def load_texts(
    root: Path, catalogue: Catalogue, municipalities: Mapping[str, Municipality]
) -> Texts:
    """Read the texts of the knowledge folder ``root``.

    Raises:
        InputError: when something is wrong, with all findings.
    """
    files, findings = read_texts(root)
    findings = [*findings, *check_texts(files, catalogue)]
    if findings:
        raise InputError("The texts have mistakes.", findings)
    return Texts({file.language: file.texts for file in files}, municipalities)


def read_texts(root: Path) -> tuple[list[TextsFile], list[Finding]]:
    """Read the texts files, with what is wrong in their shape."""
    files: list[TextsFile] = []
    findings: list[Finding] = []
    for language in LANGUAGES:
        path = root / FOLDER / f"{language}.yml"
        if not path.exists():
            if language in REQUIRED:
                message = "the file is missing; the bot needs its texts in Georgian and English"
                findings.append(Finding(relative(path, root.parent), 1, message))
            continue
        reader = Reader(yaml_lines.load(path, root.parent))
        files.append(TextsFile(language, reader.document, _read_language(reader)))
        findings.extend(reader.findings)
    for path in sorted((root / FOLDER).glob("*.y*ml")):
        if path.name not in {f"{language}.yml" for language in LANGUAGES}:
            message = f"no language of the bot; known are {', '.join(LANGUAGES)} (file ka.yml)"
            findings.append(Finding(relative(path, root.parent), 1, message))
    return files, findings


def _read_language(reader: Reader) -> LanguageTexts:
    if reader.document.unreadable:
        return LanguageTexts()
    texts: dict[str, Text] = {}
    maps: dict[str, dict[str, str]] = {}
    for key, value in reader.mapping(reader.document.data, ()).items():
        if key in MAPS:
            maps[key] = {
                name: reader.text(text, (key, name))
                for name, text in reader.mapping(value, (key,)).items()
            }
        else:
            texts[key] = _read_text(reader, value, (key,))
    return LanguageTexts(texts, maps)


def _read_text(reader: Reader, value: Any, path: KeyPath) -> Text:
    if not isinstance(value, dict):
        return Text(reader.text(value, path))
    data = reader.mapping(value, path, ("text", "buttons"))
    text = reader.text(data.get("text"), (*path, "text"))
    path = (*path, "buttons")
    items = reader.items(data["buttons"], path) if "buttons" in data else ()
    return Text(text, tuple(_read_button(reader, item, (*path, i)) for i, item in enumerate(items)))


def _read_button(reader: Reader, value: Any, path: KeyPath) -> Button:
    data = reader.mapping(value, path, ("title", "payload"))
    return Button(
        reader.text(data.get("title"), (*path, "title")),
        reader.text(data.get("payload"), (*path, "payload")),
    )


def check_texts(files: list[TextsFile], catalogue: Catalogue) -> list[Finding]:
    """Check what the texts say: all languages against Georgian, titles, payloads, names."""
    findings: list[Finding] = []
    readable = [file for file in files if not file.document.unreadable]
    reference = next((file for file in readable if file.language == REQUIRED[0]), None)
    for file in readable:
        findings.extend(_check_titles(file))
        findings.extend(_check_payloads(file, catalogue))
        findings.extend(_check_braces(file))
        findings.extend(_check_maps(file, catalogue))
        if reference is not None and file is not reference:
            findings.extend(_check_against(file, reference))
    return findings


def _check_titles(file: TextsFile) -> Iterator[Finding]:
    for id, text in file.texts.texts.items():
        for index, button in enumerate(text.buttons):
            if len(button.title) > TITLE_LENGTH:
                path = (id, "buttons", index, "title")
                yield file.document.finding(_too_long(button.title), *path)
        if (id in BUTTON_TEXTS or id.endswith("_button")) and len(text.text) > TITLE_LENGTH:
            yield file.document.finding(_too_long(text.text), id)
    for name in (ATTRIBUTES_KEY, TOPICS):
        for key, title in file.texts.maps.get(name, {}).items():
            if len(title) > TITLE_LENGTH:
                yield file.document.finding(_too_long(title), name, key)


def _too_long(title: str) -> str:
    return (
        f"the button title “{title}” has {len(title)} characters; "
        f"at most {TITLE_LENGTH} fit on a button"
    )


def _check_payloads(file: TextsFile, catalogue: Catalogue) -> Iterator[Finding]:
    for id, text in file.texts.texts.items():
        for index, button in enumerate(text.buttons):
            problem = _payload_problem(button.payload, catalogue)
            if problem:
                yield file.document.finding(problem, id, "buttons", index, "payload")


def _payload_problem(text: str, catalogue: Catalogue) -> str | None:
    payload = payloads.parse(text)
    if payload is None:
        return f"{text} is no payload; write one like act:help or service:local_fees.payment"
    first = payload.arguments[0] if payload.arguments else ""
    known: tuple[str, ...] = {
        "service": catalogue.services,
        "attribute": catalogue.services,
        "topic": tuple(catalogue.topics),
        "act": tuple(act.partition(".")[2] for act in catalogue.acts),
        "language": LANGUAGES,
    }.get(payload.verb, (first,))
    if first not in known:
        return f"{first} in the payload {text} is unknown{suggestion(first, known)}"
    return None


def _check_braces(file: TextsFile) -> Iterator[Finding]:
    for id, text in file.texts.texts.items():
        if placeholders.has_stray_brace(text.text):
            message = "a brace stands alone; a name in braces is in small letters, like {hotline}"
            yield file.document.finding(message, id)


def _check_maps(file: TextsFile, catalogue: Catalogue) -> Iterator[Finding]:
    known = {
        ATTRIBUTES_KEY: ATTRIBUTES,
        TOPICS: tuple(catalogue.topics),
        SUBMISSION_KINDS: tuple(kind.value for kind in Kind),
        STAGES_KEY: tuple(STAGES),
        REASONS: reasons.ALL,
    }
    for name, keys in known.items():
        given = file.texts.maps.get(name, {})
        for key in given:
            if key not in keys:
                yield file.document.finding(f"unknown key {key}{suggestion(key, keys)}", name, key)
    if file.language in REQUIRED:
        yield from _missing_words(file, known)
        titles = file.texts.maps.get(ATTRIBUTES_KEY, {})
        for attribute in ATTRIBUTES:
            if attribute not in titles:
                message = f"the attribute {attribute} has no button title; add it"
                yield file.document.finding(message, ATTRIBUTES_KEY)


def _missing_words(file: TextsFile, known: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    for name in (SUBMISSION_KINDS, STAGES_KEY, REASONS):
        # A folder without taking part needs no words for it.
        given = file.texts.maps.get(name, {})
        for key in known[name] if given else ():
            if key not in given:
                yield file.document.finding(f"{name}.{key} is missing; add it", name)


def _check_against(file: TextsFile, reference: TextsFile) -> Iterator[Finding]:
    """Compare with Georgian: English must have every text, any other has no other ones."""
    required = file.language in REQUIRED
    own, georgian = file.texts.texts, reference.texts.texts
    for id in georgian:
        if id not in own and required:
            yield file.document.finding(f"the text {id} is missing; {reference.language} has it")
    for id, text in own.items():
        if id not in georgian:
            yield file.document.finding(
                f"the text {id} is not in {reference.document.path}; add it there or delete it", id
            )
            continue
        yield from _check_text_against(file, id, text, georgian[id])
    own_page = file.texts.maps.get(PAGE, {})
    for key in reference.texts.maps.get(PAGE, {}) if required else ():
        if key not in own_page:
            yield file.document.finding(f"page.{key} is missing; {reference.language} has it", PAGE)


def _check_text_against(file: TextsFile, id: str, text: Text, georgian: Text) -> Iterator[Finding]:
    given, wanted = set(placeholders.names(text.text)), set(placeholders.names(georgian.text))
    if file.language not in REQUIRED:
        # Towns are named in Georgian and English only: other languages may go without a name.
        wanted, given = wanted - TOWN_NAMES, given - TOWN_NAMES
    if given != wanted:
        different = ", ".join(f"{{{name}}}" for name in sorted(given ^ wanted))
        message = f"{different} stands in only one of {file.language} and ka; use it in both"
        yield file.document.finding(message, id)
    if [button.payload for button in text.buttons] != [b.payload for b in georgian.buttons]:
        message = "the buttons' payloads differ from the Georgian ones; use the same in that order"
        yield file.document.finding(message, id, "buttons")

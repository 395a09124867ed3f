"""Reading and checking ``knowledge/<municipality>/programmes.yml``; its head explains the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.core import yaml_lines
from bot.core.catalogue import Catalogue
from bot.core.errors import Finding, InputError
from bot.core.knowledge_files import PROGRAMMES_FILE
from bot.core.knowledge_shapes import read_sources
from bot.core.languages import REQUIRED
from bot.core.programmes import (
    CO_FUNDING,
    KINDS,
    TYPES,
    WISHES,
    Criterion,
    Option,
    Programme,
    Programmes,
    Question,
    Rule,
)
from bot.core.yaml_shapes import Path as KeyPath
from bot.core.yaml_shapes import Reader, suggestion

#: The longest title that fits on a button.
TITLE_LENGTH = 20

_FIELDS = (
    "kind", "service", "title", "about", "opens", "closes", "standing", "questions", "place",
    "photo", "most", "own_share", "rules", "criteria", "sources",
)  # fmt: skip
_QUESTION = ("id", "ask", "type", "required", "least", "most", "options")
_RULE = ("id", "text", "source", "question", "one_of", "at_least", "at_most")


def load_programmes(root: Path, catalogue: Catalogue) -> dict[str, Programmes]:
    """Read the programmes of all towns of the knowledge folder ``root``, by town.

    Raises:
        InputError: when something is wrong, with all findings.
    """
    towns, findings = read_programmes(root, catalogue)
    if findings:
        raise InputError("The programmes have mistakes.", findings)
    return towns


def read_programmes(
    root: Path, catalogue: Catalogue
) -> tuple[dict[str, Programmes], list[Finding]]:
    """Read the programmes of all towns, with everything that is wrong."""
    towns: dict[str, Programmes] = {}
    findings: list[Finding] = []
    for path in sorted(root.glob(f"*/{PROGRAMMES_FILE}")):
        reader = Reader(yaml_lines.load(path, root.parent))
        town = path.parent.name
        programmes: dict[str, Programme] = {}
        if not reader.document.unreadable:
            for id, value in reader.mapping(reader.document.data, ()).items():
                programmes[id] = _read(reader, town, id, value)
                for message, *keys in _problems(programmes[id], catalogue):
                    reader.report(message, id, *keys)
        towns[town] = programmes
        findings.extend(reader.findings)
    return towns, findings


def _read(reader: Reader, town: str, id: str, value: Any) -> Programme:
    path: KeyPath = (id,)
    data = reader.mapping(value, path, _FIELDS)

    def day(name: str) -> Any:
        return reader.day(data[name], (*path, name)) if data.get(name) is not None else None

    return Programme(
        id=id,
        municipality=town,
        kind=_one_of(reader, data.get("kind"), KINDS, (*path, "kind")),
        service=reader.text(data.get("service"), (*path, "service")),
        title=reader.texts(data.get("title"), (*path, "title")),
        about=reader.texts(data.get("about"), (*path, "about")),
        opens=day("opens"),
        closes=day("closes"),
        standing=_flag(reader, data.get("standing", False), (*path, "standing")),
        questions=tuple(
            _question(reader, item, (*path, "questions", index))
            for index, item in enumerate(_items(reader, data, path, "questions"))
        ),
        place=_one_of(reader, data.get("place", "none"), WISHES, (*path, "place")),
        photo=_one_of(reader, data.get("photo", "none"), WISHES, (*path, "photo")),
        most=_number(reader, data, path, "most"),
        own_share=_number(reader, data, path, "own_share"),
        rules=tuple(
            _rule(reader, item, (*path, "rules", index))
            for index, item in enumerate(_items(reader, data, path, "rules"))
        ),
        criteria=tuple(
            _criterion(reader, item, (*path, "criteria", index))
            for index, item in enumerate(_items(reader, data, path, "criteria"))
        ),
        sources=read_sources(reader, data, path),
    )


def _question(reader: Reader, value: Any, path: KeyPath) -> Question:
    data = reader.mapping(value, path, _QUESTION)
    options = []
    for index, item in enumerate(_items(reader, data, path, "options")):
        where = (*path, "options", index)
        fields = reader.mapping(item, where, ("id", "title"))
        title = reader.texts(fields.get("title"), (*where, "title"))
        options.append(Option(reader.text(fields.get("id"), (*where, "id")), title))
    return Question(
        id=reader.text(data.get("id"), (*path, "id")),
        ask=reader.texts(data.get("ask"), (*path, "ask")),
        type=_one_of(reader, data.get("type", "text"), TYPES, (*path, "type")),
        required=_flag(reader, data.get("required", True), (*path, "required")),
        least=_number(reader, data, path, "least"),
        most=_number(reader, data, path, "most"),
        options=tuple(options),
    )


def _rule(reader: Reader, value: Any, path: KeyPath) -> Rule:
    data = reader.mapping(value, path, _RULE)
    answers = _items(reader, data, path, "one_of")
    return Rule(
        id=reader.text(data.get("id"), (*path, "id")),
        text=reader.texts(data.get("text"), (*path, "text")),
        source=reader.text(data.get("source"), (*path, "source")),
        question=reader.text(data["question"], (*path, "question")) if "question" in data else "",
        one_of=tuple(reader.text(item, (*path, "one_of", i)) for i, item in enumerate(answers)),
        at_least=_number(reader, data, path, "at_least"),
        at_most=_number(reader, data, path, "at_most"),
    )


def _criterion(reader: Reader, value: Any, path: KeyPath) -> Criterion:
    data = reader.mapping(value, path, ("id", "title", "most"))
    most = _number(reader, data, path, "most")
    if most is None or most <= 0:
        reader.report("the criterion lacks its highest score; give most: 10", *path)
    title = reader.texts(data.get("title"), (*path, "title"))
    return Criterion(reader.text(data.get("id"), (*path, "id")), title, most or 0)


def _items(reader: Reader, data: Mapping[str, Any], path: KeyPath, name: str) -> list[Any]:
    return list(reader.items(data[name], (*path, name))) if name in data else []


def _one_of(reader: Reader, value: Any, known: tuple[str, ...], path: KeyPath) -> str:
    text = reader.text(value, path)
    if text and text not in known:
        reader.report(f"unknown {path[-1]} {text}{suggestion(text, known)}", *path)
    return text


def _flag(reader: Reader, value: Any, path: KeyPath) -> bool:
    if isinstance(value, bool):
        return value
    reader.report(f"{path[-1]} must be true or false", *path)
    return False


def _number(reader: Reader, data: Mapping[str, Any], path: KeyPath, name: str) -> float | None:
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    reader.report(f"{name} must be a number", *path, name)
    return None


def _problems(programme: Programme, catalogue: Catalogue) -> Iterator[tuple[Any, ...]]:
    """Give what the programme says wrong: a message and the keys inside the programme."""
    yield from _wrong_dates(programme)
    if programme.service and programme.service not in catalogue.services:
        hint = suggestion(programme.service, catalogue.services)
        yield f"there is no service {programme.service}{hint}", "service"
    for language in REQUIRED:
        for name, texts in (("title", programme.title), ("about", programme.about)):
            if language not in texts:
                yield f"the {name} lacks {language}", name
    for language, title in programme.title.items():
        if len(title) > TITLE_LENGTH:
            message = f"the title has {len(title)} characters; at most {TITLE_LENGTH} fit"
            yield f"{message} on a button", "title", language
    yield from _wrong_questions(programme)
    yield from _wrong_rules(programme)
    if programme.kind == CO_FUNDING and programme.opens and not programme.criteria:
        yield "an open co-funding programme needs criteria, or nobody can score it", "kind"


def _wrong_dates(programme: Programme) -> Iterator[tuple[Any, ...]]:
    if programme.standing and (programme.opens or programme.closes):
        yield "a standing programme has no dates; delete standing or the dates", "standing"
    if programme.standing and programme.kind == CO_FUNDING:
        yield "money is given in rounds: give opens and closes instead of standing", "standing"
    if programme.closes and not programme.opens:
        yield "closes without opens; give the first day too", "closes"
    if programme.opens and programme.closes and programme.closes < programme.opens:
        yield "closes lies before opens", "closes"
    if (programme.opens or programme.closes) and not programme.sources:
        yield "the dates have no source; name it under sources", "opens"


def _wrong_questions(programme: Programme) -> Iterator[tuple[Any, ...]]:
    seen: set[str] = set()
    for index, question in enumerate(programme.questions):
        where = ("questions", index)
        if question.id in seen:
            yield f"the question {question.id} stands here twice", *where, "id"
        seen.add(question.id)
        if bool(question.options) != (question.type == "choice"):
            yield "options belong to the type choice, and choice needs options", *where
        yield from (
            (f"the question lacks {language}", *where, "ask")
            for language in REQUIRED
            if language not in question.ask
        )
        for number, option in enumerate(question.options):
            for title in option.title.values():
                if len(title) > TITLE_LENGTH:
                    message = f"“{title}” is longer than {TITLE_LENGTH} characters"
                    yield message, *where, "options", number, "title"


def _wrong_rules(programme: Programme) -> Iterator[tuple[Any, ...]]:
    for index, rule in enumerate(programme.rules):
        where = ("rules", index)
        if rule.source not in programme.sources:
            yield f"the rule's source {rule.source} is not among the sources", *where, "source"
        question = programme.question(rule.question) if rule.question else None
        if rule.question and question is None:
            yield f"there is no question {rule.question}", *where, "question"
        if question is not None and question.options:
            known = {option.id for option in question.options}
            for number, answer in enumerate(rule.one_of):
                if answer not in known:
                    yield f"{answer} is no answer of {rule.question}", *where, "one_of", number
        for language in REQUIRED:
            if language not in rule.text:
                yield f"the rule lacks {language}", *where, "text"

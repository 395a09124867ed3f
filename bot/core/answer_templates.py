"""Answers that staff often give, ``knowledge/answer_templates.yml``: a start, never sent unread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core import yaml_lines
from bot.core.errors import Finding, InputError
from bot.core.languages import REQUIRED, pick
from bot.core.submissions import reasons
from bot.core.submissions.model import Kind
from bot.core.submissions.transitions import ARROWS
from bot.core.yaml_shapes import Reader, suggestion

FILE = "answer_templates.yml"
_FIELDS = ("event", "reason", "kinds", "title", "text")
_EVENTS = tuple(dict.fromkeys(arrow.event for arrow in ARROWS if arrow.who == "staff"))


@dataclass(frozen=True)
class AnswerTemplate:
    """One answer: for which event, with which reason, for which kinds (all when empty)."""

    id: str
    event: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    reason: str = ""
    kinds: tuple[str, ...] = ()

    def words(self, language: str) -> str:
        """Give the text in the resident's language or the next best one."""
        return pick(self.text, language) or ""


#: All templates by id, in the order of the file.
AnswerTemplates = Mapping[str, AnswerTemplate]


def for_event(templates: AnswerTemplates, event: str, kind: Kind) -> list[AnswerTemplate]:
    """Give the templates that fit an event of a kind."""
    return [
        template
        for template in templates.values()
        if template.event == event and (not template.kinds or kind.value in template.kinds)
    ]


def load_templates(root: Path) -> dict[str, AnswerTemplate]:
    """Read the templates of the knowledge folder ``root``.

    Raises:
        InputError: when something is wrong, with all findings.
    """
    templates, findings = read_templates(root)
    if findings:
        raise InputError("The answer templates have mistakes.", findings)
    return templates


def read_templates(root: Path) -> tuple[dict[str, AnswerTemplate], list[Finding]]:
    """Read the templates, with everything that is wrong; none when there is no such file."""
    path = root / FILE
    if not path.exists():
        return {}, []
    reader = Reader(yaml_lines.load(path, root.parent))
    templates: dict[str, AnswerTemplate] = {}
    if not reader.document.unreadable:
        for id, value in reader.mapping(reader.document.data, ()).items():
            templates[id] = _read(reader, id, value)
    return templates, reader.findings


def _read(reader: Reader, id: str, value: Any) -> AnswerTemplate:
    data = reader.mapping(value, (id,), _FIELDS)
    event = _known(reader, data.get("event"), _EVENTS, (id, "event"))
    reason = ""
    if "reason" in data:
        reason = _known(reader, data["reason"], reasons.of_event(event), (id, "reason"))
    kinds = tuple(
        _known(reader, item, tuple(kind.value for kind in Kind), (id, "kinds", index))
        for index, item in enumerate(reader.items(data["kinds"], (id, "kinds")))
    ) if "kinds" in data else ()  # fmt: skip
    title = reader.texts(data.get("title"), (id, "title"))
    text = reader.texts(data.get("text"), (id, "text"))
    for name, texts in (("title", title), ("text", text)):
        for language in REQUIRED:
            if language not in texts:
                reader.report(f"the {name} lacks {language}", id, name)
    return AnswerTemplate(id, event, title, text, reason, kinds)


def _known(reader: Reader, value: Any, known: tuple[str, ...], path: tuple[Any, ...]) -> str:
    text = reader.text(value, path)
    if text and text not in known:
        reader.report(f"unknown word {text}{suggestion(text, known)}", *path)
    return text

"""Conversations written in YAML (`scenarios/*.yml`) and held with the engine.

A step is what the resident does and what must come back::

    - says: {ka: ორმოა გზაზე, en: there is a pothole}     # or one text for all languages
      told: [form_notice]                                # ids of texts, one for each bubble
    - presses: form_agree_button                         # a button's text id, or its payload
      told: [form_ask_category]
    - sends: {type: location, lat: 41.55, lon: 45.0}
      holds: კოსტავა                                      # words that stand in some bubble

A scenario runs once in each of its ``languages`` (``ka`` alone by default); ``ka-Latn`` is
answered in Georgian. ``leaves`` counts the submissions of the resident at the end, ``stored``
names fields of the last one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.actions import library
from bot.core import placeholders
from bot.core.replies import Button, Reply
from tests.engine.resident import Resident

#: Menus, commands and old bubbles.
ALWAYS_THERE = (
    *("start:", "act:", "attachment:", "language:"),
    *("old:", "programme:", "service:", "topic:"),
)
FOLDER = Path(__file__).with_name("scenarios")


@dataclass(frozen=True)
class Scenario:
    """One conversation in one language."""

    name: str
    language: str
    steps: list[dict[str, Any]]
    leaves: int | None = None
    stored: dict[str, Any] = field(default_factory=dict)
    form: str = ""

    @property
    def answered_in(self) -> str:
        return self.language.partition("-")[0]


def scenarios(folder: Path = FOLDER) -> Iterator[Scenario]:
    """Read all conversations of a folder, each once for every language it is written in."""
    for path in sorted(folder.glob("*.yml")):
        for data in yaml.safe_load(path.read_text(encoding="utf-8")):
            for language in data.get("languages", ["ka"]):
                yield Scenario(
                    data["name"],
                    language,
                    data["steps"],
                    data.get("leaves"),
                    data.get("stored") or {},
                    data.get("form", ""),
                )


class Script:
    """Holds one conversation and compares."""

    def __init__(self, scenario: Scenario, resident: Resident) -> None:
        self.scenario = scenario
        self.resident = resident
        self.buttons: list[Button] = []
        self.turns = 0

    async def run(self) -> None:
        for number, step in enumerate(self.scenario.steps, 1):
            result = await self._do(step)
            self.turns += 1
            self.buttons = [b for reply in result.replies for b in reply.buttons] or self.buttons
            where = f"{self.scenario.name} [{self.scenario.language}], step {number}"
            self._compare(where, step, result.replies)

    async def _do(self, step: dict[str, Any]) -> Any:
        if "says" in step:
            said = step["says"]
            text = said[self.scenario.language] if isinstance(said, dict) else said
            return await self.resident.says(text)
        if "sends" in step:
            return await self.resident.sends(step["sends"])
        return await self.resident.presses(self._payload(step["presses"]))

    def _payload(self, wanted: str) -> str:
        """Find the button that was offered, by its text id or payload."""
        titles = {wanted}
        if library.keeper().current().texts.has(wanted):
            titles = {library.say(wanted, self.scenario.answered_in).text}
        if wanted.startswith("first:"):
            return next(b.payload for b in self.buttons if b.payload.startswith(wanted[6:]))
        for button in reversed(self.buttons):
            if button.title in titles or button.payload == wanted:
                return button.payload
        if wanted.startswith(ALWAYS_THERE):
            return wanted.removeprefix("old:")
        raise AssertionError(f"no button {wanted} among {self.buttons}")

    def _compare(self, where: str, step: dict[str, Any], replies: tuple[Reply, ...]) -> None:
        texts = "\n---\n".join(reply.text for reply in replies)
        language = step.get("language", self.scenario.answered_in)
        if "told" in step:
            told = [step["told"]] if isinstance(step["told"], str) else step["told"]
            assert len(replies) == len(told), f"{where}: {len(replies)} bubbles:\n{texts}"
            for id, reply in zip(told, replies, strict=True):
                assert says(id, language, reply.text), f"{where}: not {id}:\n{reply.text}"
        for words in _list(step.get("holds")):
            given = words[self.scenario.language] if isinstance(words, dict) else words
            assert given in texts, f"{where}: {given!r} is missing:\n{texts}"
        for words in _list(step.get("lacks")):
            assert words not in texts, f"{where}: {words!r} stands in:\n{texts}"
        for payload in _list(step.get("offers")):
            offered = [button.payload for reply in replies for button in reply.buttons]
            assert payload in offered, f"{where}: {payload} is not offered: {offered}"
        for payload in _list(step.get("withholds")):
            offered = [button.payload for reply in replies for button in reply.buttons]
            assert payload not in offered, f"{where}: {payload} is offered"
        if "service" in step:
            services = [reply.service for reply in replies]
            assert step["service"] in services, f"{where}: {services}"


def says(text_id: str, language: str, text: str) -> bool:
    """Tell whether a bubble says a text: each of its lines that is not left out, in order.

    ``service`` stands for any card of the knowledge.
    """
    if text_id == "service":
        return True
    known = library.keeper().current().texts._find(text_id, language)[0].text.strip()
    lines = [line for line in known.splitlines() if line.strip()]
    if not lines:
        return False
    pattern = "".join(_line(line) for line in lines)
    return re.match(rf"\s*{pattern}", text, re.DOTALL) is not None


def _line(line: str) -> str:
    if not placeholders.names(line):
        return rf"{re.escape(line)}\s*"
    parts = re.split(r"\{[a-z0-9_]+\}", line)
    whole = ".*?".join(re.escape(part) for part in parts)
    return rf"(?:{whole}\s*)?" if line.strip() else ""


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

"""The preview in the console beside what the platforms are really sent for the same answer."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import settings
from bot.core import knowledge_edit
from bot.core.knowledge_edit import Change
from bot.core.replies import Reply
from bot.core.staff import Role
from bot.settings import Settings
from console import answer_preview
from tests.console.people import Desk
from tests.console.platforms import Platforms, platforms
from tests.fakes.graph import Sent

ROOT = Path(__file__).parents[2]
FEE = "local_fees.cleaning_fee"
FIGURES = "{rate} {max_persons} {family_max} {hotline}. "
SENTENCE = "დასუფთავების მოსაკრებელს ყველა ოჯახი იხდის, ვინც ქალაქში ცხოვრობს. "
#: Bubbles as (text, titles of the buttons in their order).
Bubbles = list[tuple[str, list[str]]]


@pytest.fixture
def given(given: settings.Settings) -> settings.Settings:
    """The same with a knowledge of its own."""
    given.knowledge.unlink()
    shutil.copytree(ROOT / "knowledge", given.knowledge)
    return given


@pytest.fixture
def keeper() -> None:
    """Read that knowledge, not the shipped one."""


@pytest.fixture
def town(given: Settings, tmp_path: Path) -> Iterator[Platforms]:
    """Both platforms, on a database of their own."""
    own = replace(given, database_url=f"sqlite:///{tmp_path / 'connectors.sqlite'}")
    with platforms(own) as found:
        yield found


def previewed(page: str) -> dict[str, Bubbles]:
    """Read the bubbles of each channel from the console's page."""
    found: dict[str, Bubbles] = {}
    for channel, inside in re.findall(
        r'<ul class="talk" data-channel="(\w+)">(.*?)</ul>', page, re.S
    ):
        bubbles = re.findall(r'<li class="bot".*?</li>', inside, re.S)
        found[channel] = [
            (
                html.unescape(re.findall(r'<div class="pre">(.*?)</div>', bubble, re.S)[0]),
                [
                    html.unescape(title)
                    for title in re.findall(r'<span class="key[^"]*">(.*?)<', bubble)
                ],
            )
            for bubble in bubbles
        ]
    return found


def on_messenger(sent: list[Sent]) -> Bubbles:
    return [(one.text, [button["title"] for button in one.buttons]) for one in sent]


def on_telegram(sent: list[dict[str, Any]]) -> Bubbles:
    return [
        (
            message["text"],
            [
                button["text"]
                for row in message.get("reply_markup", {}).get("inline_keyboard", ())
                for button in row
            ],
        )
        for message in sent
    ]


@pytest.mark.parametrize(
    ("answer", "attribute", "when"),
    [
        pytest.param(FIGURES + "მოკლე პასუხი.", "", "later", id="short"),
        pytest.param(FIGURES + "მოკლე პასუხი.", "", "first", id="the first of the day"),
        pytest.param(FIGURES + SENTENCE * 12, "", "later", id="quick replies"),
        pytest.param(FIGURES + SENTENCE * 40, "", "later", id="two bubbles"),
        pytest.param(FIGURES + SENTENCE * 100, "", "later", id="split on Telegram too"),
        pytest.param(FIGURES + "მოკლე პასუხი.", "price", "first", id="price"),
    ],
)
def test_the_preview_is_what_the_platforms_get(
    desk: Desk,
    town: Platforms,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    attribute: str,
    when: str,
) -> None:
    fields = {"answer.ka": answer, "answer.en": FIGURES}
    asked = {"preview_language": "ka", "preview_attribute": attribute, "preview_when": when}
    form = {f"text.{name}": text for name, text in fields.items()}
    checked = desk.person(Role.EDITOR).post(f"/knowledge/rustavi/{FEE}/check", **form, **asked)
    shown = previewed(checked.text)

    reply = answered(town.world.settings, fields, attribute, first=when == "first")
    monkeypatch.setattr(
        town.engine, "answer", lambda _body: {"language": "ka", "replies": [reply.to_json()]}
    )
    chat = town.world.chat()
    town.telegram.say(chat, "რა ღირს დასუფთავება?")
    town.meta.say("200", "რა ღირს დასუფთავება?")
    resident = town.world.resident()
    resident.say("რა ღირს დასუფთავება?")
    count = len(shown["telegram"])
    assert on_telegram(town.telegram.replies(chat, count)) == shown["telegram"]
    count = len(shown["messenger"])
    assert on_messenger(town.on_messenger(count)) == shown["messenger"]
    (item,) = resident.replies(1)
    titles = [button["title"] for button in item["buttons"]]
    assert [(item["text"], titles)] == shown["web"]


def answered(given: Settings, fields: dict[str, str], attribute: str, *, first: bool) -> Reply:
    """Give the answer with a change that nobody saved."""
    trial = knowledge_edit.attempt(given.knowledge, "rustavi", FEE, Change(fields))
    assert trial.loaded is not None
    reply = answer_preview.answer(trial.loaded, FEE, "rustavi", "ka", attribute, first=first)
    assert reply is not None
    return reply

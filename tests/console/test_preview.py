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
from tests.connectors.messenger_world import QUICK, messenger_settings
from tests.connectors.telegram_world import TelegramWorld, telegram_world
from tests.console.people import Desk
from tests.fakes.engine import ServerThread
from tests.fakes.graph import FakeGraph, Sent
from tests.fakes.meta import Meta

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


class Town(TelegramWorld):
    graph: FakeGraph
    meta: Meta


@pytest.fixture
def town(given: Settings, tmp_path: Path) -> Iterator[Town]:
    """Connectors with both platforms, on a database of their own."""
    own = replace(given, database_url=f"sqlite:///{tmp_path / 'connectors.sqlite'}")
    graph = FakeGraph()
    with ServerThread(graph.app()) as platform, telegram_world(own) as world:
        world.settings = replace(world.settings, messenger=messenger_settings(platform.url))
        server = world.start(QUICK)
        world.__class__ = Town
        assert isinstance(world, Town)
        world.graph, world.meta = graph, Meta(f"{server.url}/webhooks/messenger")
        yield world


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
    ("answer", "attribute"),
    [
        pytest.param(FIGURES + "მოკლე პასუხი.", "", id="short"),
        pytest.param(FIGURES + SENTENCE * 12, "", id="quick replies"),
        pytest.param(FIGURES + SENTENCE * 40, "", id="two bubbles"),
        pytest.param(FIGURES + SENTENCE * 100, "", id="split on Telegram too"),
        pytest.param(FIGURES + "მოკლე პასუხი.", "price", id="price"),
    ],
)
def test_the_preview_is_what_the_platforms_get(
    desk: Desk, town: Town, monkeypatch: pytest.MonkeyPatch, answer: str, attribute: str
) -> None:
    fields = {"answer.ka": answer, "answer.en": FIGURES}
    asked = {"preview_language": "ka", "preview_attribute": attribute}
    form = {f"text.{name}": text for name, text in fields.items()}
    checked = desk.person(Role.EDITOR).post(f"/knowledge/rustavi/{FEE}/check", **form, **asked)
    shown = previewed(checked.text)

    reply = answered(town.settings, fields, attribute)
    monkeypatch.setattr(
        town.engine, "answer", lambda _body: {"language": "ka", "replies": [reply.to_json()]}
    )
    chat = town.chat()
    town.telegram.say(chat, "რა ღირს დასუფთავება?")
    town.meta.say("200", "რა ღირს დასუფთავება?")
    resident = town.resident()
    resident.say("რა ღირს დასუფთავება?")
    count = len(shown["telegram"])
    assert on_telegram(town.telegram.replies(chat, count)) == shown["telegram"]
    # Messenger is told first who is speaking.
    count = len(shown["messenger"]) + 1
    town.telegram.wait(lambda: len(town.graph.sent) >= count)
    assert on_messenger(town.graph.sent[1:]) == shown["messenger"]
    (item,) = resident.replies(1)
    titles = [button["title"] for button in item["buttons"]]
    assert [(item["text"], titles)] == shown["web"]


def answered(given: Settings, fields: dict[str, str], attribute: str) -> Reply:
    """Give the answer with a change that nobody saved."""
    trial = knowledge_edit.attempt(given.knowledge, "rustavi", FEE, Change(fields))
    assert trial.loaded is not None
    reply = answer_preview.answer(trial.loaded, FEE, "rustavi", "ka", attribute)
    assert reply is not None
    return reply

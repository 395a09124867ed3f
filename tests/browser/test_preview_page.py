"""What the console previews for the web page is what the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.core.rendering.preview import preview
from bot.core.replies import Button, Link, Reply, Source
from tests.browser.steps import FEE_QUESTION, opened, write
from tests.connectors.conftest import own_settings
from tests.connectors.world import World
from tests.fakes.engine import FakeEngine, ServerThread

pytestmark = pytest.mark.slow

ANSWER = Reply(
    "თვეში 3 ლარია ერთ სულზე.\n\nცხელი ხაზი: 1300",
    tuple(Button(f"ძალიან გრძელი სათაური ღილაკისთვის {n}", f"topic:t{n}") for n in range(5)),
    sources=(Source("დადგენილება", "https://matsne.gov.ge/1", "2023-12-29"),),
    links=(
        Link("ოფიციალური გვერდი", "https://rustavi.gov.ge/"),
        Link("შიდა", "http://10.0.0.1/"),
    ),
    checked_on="2026-11-21",
)


class OneAnswer(FakeEngine):
    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"language": "ka", "replies": [ANSWER.to_json()]}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    engine = OneAnswer()
    settings = own_settings(tmp_path, f"sqlite:///{tmp_path / 'cbot.sqlite'}")
    with ServerThread(engine.app()) as server:
        world = World(engine, server, replace(settings, engine_urls=(server.url,)))
        yield world
        world.stop()


def test_bubbles_buttons_links_and_small_print_are_as_previewed(
    context: BrowserContext, world: World
) -> None:
    page = opened(context.new_page(), world.start().url)
    write(page, FEE_QUESTION)
    answer = page.locator(".message.bot").last
    expect(answer.locator(".choice")).to_have_count(5)
    (bubble,) = preview(ANSWER, "წყარო")[0].bubbles
    assert answer.locator(".text").inner_text() == bubble.text
    titles = [choice.title for row in bubble.rows for choice in row]
    assert answer.locator(".choice").all_inner_texts() == titles
    links = [link.title for link in bubble.links]
    assert answer.locator(".links li").all_inner_texts() == links == ["ოფიციალური გვერდი"]
    # The tests' own texts have no words for the day of the check.
    small = answer.locator(".proof").inner_text()
    assert [f"წყარო: {title}, {date}" for title, date in bubble.sources] == small.splitlines()
    page.close()

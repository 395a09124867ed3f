"""A candidate beside the live model in a browser: two real models, one of which knows more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.core.staff import Role
from bot.store import migrate
from bot.store.database import open_database
from console.app import create_app
from console.site import Site
from tests.browser import console_world as world
from tests.browser.test_console import DESKTOP, page_of, picture, signed_in, troubles
from tests.browser.test_console_look import PHONE, findings
from tests.conftest import MISSED
from tests.console.people import Desk
from tests.fakes.engine import ServerThread

__all__ = ["troubles"]

pytestmark = pytest.mark.slow

LIVE, CANDIDATE = "20260101-000000", "20260102-000000"
#: Two models load beside each other on a busy machine, milliseconds.
PATIENCE = 180_000


@pytest.fixture
def desk(tmp_path: Path, small_model: Path, taught_model: Path) -> Iterator[Desk]:
    """A console with two real models, the older of which is live."""
    (tmp_path / "knowledge").symlink_to(world.ROOT / "knowledge")
    (tmp_path / "var").mkdir()
    (tmp_path / "models").mkdir()
    for name, model in ((LIVE, small_model), (CANDIDATE, taught_model)):
        shutil.copy(model, tmp_path / "models" / f"{name}.tar.gz")
    live = json.dumps({"model": LIVE, "earlier": []})
    (tmp_path / "models" / "live.json").write_text(live)
    given = world.settings_of(tmp_path)
    migrate.upgrade(given.database_url)
    site = Site(given, open_database(given.database_url))
    with ServerThread(create_app(site)) as server:
        yield Desk(site, server.url)


@pytest.fixture
def page(browser: Browser, desk: Desk, troubles: list[str]) -> Iterator[Page]:
    page = signed_in(page_of(browser, desk, troubles, DESKTOP), desk, Role.TRAINER)
    page.context.set_default_timeout(PATIENCE)
    page.goto(f"/training/models/{CANDIDATE}")
    yield page
    page.context.close()
    assert troubles == []


def ask(page: Page, words: str) -> tuple[Locator, Locator]:
    """Ask both models; gives the candidate's column and the live one's."""
    page.get_by_label("მოქალაქის შეტყობინება").fill(words)
    page.get_by_role("button", name="კითხვა").click()
    expect(page.locator("#try [role=status]")).to_be_visible(timeout=PATIENCE)
    columns = page.locator("#try [data-model]")
    expect(columns).to_have_count(2)
    expect(columns.first).to_have_attribute("data-model", CANDIDATE)
    expect(columns.last).to_have_attribute("data-model", LIVE)
    return columns.first, columns.last


def test_what_the_candidate_learned_stands_marked_beside_the_live_answer(page: Page) -> None:
    candidate, live = ask(page, MISSED)
    expect(page.locator("#try [role=status]")).to_contain_text("პასუხები განსხვავდება")
    expect(candidate.get_by_role("heading")).to_contain_text("კანდიდატი")
    expect(live.get_by_role("heading")).to_contain_text("პასუხობს მოქალაქეებს")
    expect(candidate).to_contain_text("დასუფთავების მოსაკრებელი")
    expect(candidate.locator("mark").first).to_contain_text("ერთ სულზე")
    expect(live).not_to_contain_text("ერთ სულზე")
    assert live.locator("mark").count() > 0
    # The columns stand beside each other, and below each other on a telephone.
    left, right = candidate.bounding_box(), live.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    assert abs(left["y"] - right["y"]) < 2
    page.locator("#try").scroll_into_view_if_needed()
    picture(page, "trial")
    assert findings(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    candidate, live = ask(page, "რა ღირს დასუფთავება?")
    expect(page.locator("#try [role=status]")).to_have_text("ორივე ერთნაირად პასუხობს")
    expect(page.locator("#try mark")).to_have_count(0)
    assert candidate.locator("li").all_inner_texts() == live.locator("li").all_inner_texts()

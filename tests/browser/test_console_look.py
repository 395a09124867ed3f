"""How the console looks: nothing sticks out on a telephone, and who cannot see finds the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bot.core.staff import Role
from bot.store import waiting
from tests.browser import console_world as world
from tests.browser.test_console import (
    DESKTOP,
    desk,
    filled,
    page_of,
    picture,
    signed_in,
    troubles,
)
from tests.console.people import Desk

__all__ = ["desk", "filled", "troubles"]

pytestmark = pytest.mark.slow

AXE = Path(__file__).with_name("axe.min.js")
PHONE: ViewportSize = {"width": 390, "height": 844}
#: Findings of these weights are never let through.
SERIOUS = ("serious", "critical")


def paths(desk: Desk) -> dict[str, str]:
    (one,) = desk.site.database.call(waiting.open_ones)
    return {
        "today": "/",
        "submissions": "/submissions?stage=all",
        "submission": world.first(desk.site),
        "map": "/submissions/map",
        "waiting": "/waiting",
        "conversation": f"/waiting/{one.id}",
        "misses": "/misses",
        "rounds": "/ratings",
        **world.rounds(desk.site),
        "training": "/training",
        "model": "/training/models/20261127-101500",
        "knowledge": "/knowledge",
        "entry": f"/knowledge/rustavi/{world.FEE}",
        "numbers": "/numbers",
        "people": "/people",
        "journal": "/journal",
        "emergency": "/emergency",
        "account": "/account",
        "status": "/status",
    }


def findings(page: Page) -> list[tuple[str, str]]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (one["id"], one["nodes"][0]["html"][:160])
        for one in result["violations"]
        if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "telephone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_sticks_out(
    browser: Browser, desk: Desk, troubles: list[str], width: ViewportSize, scheme: str
) -> None:
    page = signed_in(page_of(browser, desk, troubles, width), desk)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = {}
    for name, path in paths(desk).items():
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        problems = findings(page) + ([("wider than the screen", f"{wide}")] if wide > 0 else [])
        last = page.locator("nav[aria-label] a").last.bounding_box() if name != "status" else None
        if last is not None and last["x"] + last["width"] > width["width"]:
            problems.append(("the menu is cut", f"{last}"))
        if problems:
            found[name] = problems
        if width is PHONE and scheme == "light" and name in ("today", "submission"):
            picture(page, f"phone-{name}")
    page.context.close()
    assert found == {}
    assert troubles == []


def test_pages_before_the_door_are_well_too(
    browser: Browser, desk: Desk, troubles: list[str]
) -> None:
    page = page_of(browser, desk, troubles, PHONE)
    page.goto("/sign-in")
    assert findings(page) == []
    picture(page, "phone-sign-in")
    page.get_by_role("link", name="In English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/sign-in")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.context.close()


def test_keyboard_reaches_the_main_text_first(
    browser: Browser, desk: Desk, troubles: list[str]
) -> None:
    page = signed_in(page_of(browser, desk, troubles, DESKTOP), desk, Role.CLERK)
    page.goto("/submissions")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.context.close()

"""What a resident does on the chat page, and what the tests look at."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, expect

AXE = Path(__file__).with_name("axe.min.js")
FEE_QUESTION = "რა ღირს დასუფთავება?"


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator("#composer-text")).to_be_visible()
    return page


def watched(page: Page, troubles: list[str]) -> Page:
    """Note every broken script and hurt policy of a page; what the browser merely remarks is none.

    (A field that takes the focus by itself is remarked on when somebody was quicker.)
    """

    def heard(message: ConsoleMessage) -> None:
        missing = "Failed to load resource" in message.text
        if message.type in ("error", "warning") and not missing:
            troubles.append(message.text)

    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", heard)
    return page


def write(page: Page, text: str) -> None:
    page.fill("#composer-text", text)
    page.press("#composer-text", "Enter")


def own(page: Page) -> list[str]:
    """What the resident wrote, as the page shows it."""
    return page.locator(".message.own .text").all_inner_texts()


def unsent(page: Page) -> int:
    """How many messages the browser keeps because the server has not confirmed them."""
    count = page.evaluate("JSON.parse(localStorage.getItem('cbot.waiting') ?? '[]').length")
    return int(count)


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so. (Playwright's own way is barred by the security policy.)"""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def axe_findings(page: Page) -> list[tuple[str, str]]:
    """What hinders who cannot see or use a mouse: the rule, and where."""
    # Evaluated by the debugger, which the page's security policy does not bind.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in result["violations"]]

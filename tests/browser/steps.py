"""What a resident does on the chat page, and what the tests look at."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

FEE_QUESTION = "რა ღირს დასუფთავება?"


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator("#composer-text")).to_be_visible()
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


def until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something is so. (Playwright's own way is barred by the security policy.)"""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)

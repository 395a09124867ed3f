"""A real browser (Debian's Chromium) on the chat page of a fake chat server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.steps import opened, watched
from tests.fakes.web_server import FakeChat, serving

# On a machine that is slow or busy; a test that succeeds never waits so long.
expect.set_options(timeout=60_000)

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs Debian's chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture
def fake() -> FakeChat:
    return FakeChat()


@pytest.fixture
def url(fake: FakeChat) -> Iterator[str]:
    with serving(fake) as url:
        yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="ka-GE", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, url: str) -> Iterator[Page]:
    """The page, opened; fails the test when a script broke or the security policy was hurt."""
    troubles: list[str] = []
    page = watched(context.new_page(), troubles)
    opened(page, url)
    yield page
    assert troubles == []

"""The chat page in a browser: how it looks, the keyboard, and what helps who cannot see."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import FEE_QUESTION, axe_findings, own, until, write
from tests.fakes.web_server import STATIC, FakeChat

pytestmark = pytest.mark.slow


def test_everything_works_by_keyboard(fake: FakeChat, page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    field = page.locator("#composer-text")
    expect(field).to_be_focused()
    page.keyboard.type("პირველი")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type(FEE_QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".message.bot")).to_have_count(1)
    expect(field).to_be_focused()
    assert fake.posts[0]["text"] == f"პირველი\n{FEE_QUESTION}"
    page.locator(".choice").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".message.bot")).to_have_count(2)


def test_menu_opens_by_keyboard_and_escape_closes_it(page: Page) -> None:
    page.focus("#composer-text")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#menu-button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    expect(page.locator("#menu-button")).to_be_focused()


def test_language_list_is_walked_by_arrows_and_closed_by_escape(page: Page) -> None:
    page.focus("#language-button")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#language-list [lang=en]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#language-list")).to_be_hidden()
    expect(page.locator("#language-button")).to_be_focused()


def test_html_is_shown_literally(page: Page) -> None:
    hostile = '<script>alert(1)</script> html <b onclick="x">მუქი</b>'
    write(page, hostile)
    bot = page.locator(".message.bot")
    expect(bot.locator(".text")).to_contain_text("<img src=x onerror=")
    expect(bot.locator(".text")).to_contain_text("<b>მუქი</b> &amp;")
    expect(page.get_by_role("button", name="<i>ღილაკი</i>")).to_be_visible()
    assert own(page) == [hostile]
    assert page.locator(".bubble img, .bubble b, .bubble script, .choice i").count() == 0
    assert page.title() == "C-Bot · რუსთავი"


def test_addresses_become_links_and_nothing_else_does(page: Page) -> None:
    write(page, "ინფორმაცია")
    text = page.locator(".message.bot .text a")
    expect(text).to_have_count(4)
    addresses = [link.get_attribute("href") for link in text.all()]
    assert addresses == [
        "mailto:info@rustavi.gov.ge",
        "https://my.gov.ge/ka-ge/services",
        "tel:+995341255231",
        "tel:+995322000000",
    ]
    write(page, "html")
    expect(page.locator(".message.bot")).to_have_count(2)
    assert page.locator("[href^='javascript']").count() == 0
    assert page.locator(".message.bot a").last.get_attribute("href") == "https://rustavi.gov.ge"


def test_several_sources_are_folded_up(page: Page) -> None:
    write(page, "ინფორმაცია")
    expect(page.locator("details li").first).to_be_hidden()
    page.click("summary")
    expect(page.locator("details li")).to_have_count(3)
    expect(page.locator("details li").last).to_contain_text("დადგენილება №25")
    expect(page.locator("details li").last).to_contain_text(", 2015")


def test_too_long_message_is_counted_and_not_sent(fake: FakeChat, page: Page) -> None:
    page.fill("#composer-text", "ა" * 3599)
    expect(page.locator("#counter")).to_be_hidden()
    page.fill("#composer-text", "ა" * 4001)
    expect(page.locator("#counter")).to_have_text(re.compile("4.001 / 4.000.*შეამოკლეთ"))
    page.press("#composer-text", "Enter")
    expect(page.locator(".message")).to_have_count(0)
    page.fill("#composer-text", "ა" * 4000)
    page.press("#composer-text", "Enter")
    expect(page.locator(".message.bot")).to_have_count(1)
    assert len(fake.posts[0]["text"]) == 4000


def test_only_messages_of_the_bot_are_announced(page: Page) -> None:
    expect(page.locator("#log")).to_have_attribute("aria-live", "polite")
    write(page, FEE_QUESTION)
    expect(page.locator(".message.bot")).to_have_count(1)
    expect(page.locator(".message.own")).to_have_attribute("aria-live", "off")
    assert page.locator(".message.bot").get_attribute("aria-live") is None
    assert page.locator(".message.bot .text").get_attribute("lang") == "ka"


def test_long_answer_is_read_from_its_beginning(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 500})
    write(page, "ინფორმაცია")
    expect(page.locator(".message.bot .text")).to_be_in_viewport()

    def at_its_beginning() -> bool:
        area = page.locator("#scroll").bounding_box()
        bubble = page.locator(".message.bot .bubble").bounding_box()
        assert area
        assert bubble
        return bool(area["y"] <= bubble["y"] <= area["y"] + 40)

    until(at_its_beginning)
    page.wait_for_timeout(300)
    assert at_its_beginning()


def test_touch_targets_are_large_and_nothing_overflows(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    write(page, "ინფორმაცია")
    expect(page.locator(".message.bot")).to_have_count(1)
    for button in page.locator("button:visible").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44, button.inner_text()
        assert box["width"] >= 44, button.inner_text()
    widths = "node => [node.scrollWidth, node.clientWidth]"
    scroll, client = page.locator("#scroll").evaluate(widths)
    assert scroll <= client


@pytest.mark.parametrize("state", ["greeting", "answers", "menu", "trouble"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, scheme: str, state: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    if state in ("answers", "menu"):
        for question in (FEE_QUESTION, "ინფორმაცია", "html", "სურათი"):
            write(page, question)
        expect(page.locator(".message.bot")).to_have_count(4)
        page.click("summary")
    if state == "menu":
        page.click("#menu-button")
    if state == "trouble":
        page.route("**/chat/messages", lambda route: route.abort())
        write(page, FEE_QUESTION)
        expect(page.locator("#banner")).to_be_visible()
        page.fill("#composer-text", "ა" * 4001)
        page.click("#language-button")
    assert axe_findings(page) == []


def test_page_stays_above_a_keyboard_that_covers_it(page: Page) -> None:
    page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", {value: 500, configurable: true});
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    box = page.locator("#app").bounding_box()
    field = page.locator("#composer-text").bounding_box()
    assert box
    assert field
    assert box["height"] == 500
    assert field["y"] + field["height"] <= 500
    page.evaluate("delete visualViewport.height; visualViewport.dispatchEvent(new Event('resize'))")
    box = page.locator("#app").bounding_box()
    assert box
    assert box["height"] == 844


def test_page_names_every_module_to_be_loaded_early() -> None:
    html = (STATIC / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'href="static/js/(\w+\.js)"', html))
    assert named == {path.name for path in (STATIC / "js").iterdir()} - {"main.js"}

"""The chat page in a browser: sending, receiving, and what goes wrong in between."""

from __future__ import annotations

import re
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.steps import FEE_QUESTION, opened, own, unsent, until, write
from tests.fakes.web_server import FakeChat, serving

pytestmark = pytest.mark.slow


def test_message_is_shown_at_once_and_answered(fake: FakeChat, page: Page) -> None:
    fake.plan.held = True
    write(page, FEE_QUESTION)
    expect(page.locator(".message.own .text")).to_have_text(FEE_QUESTION)
    expect(page.locator("#typing")).to_be_visible()
    fake.plan.held = False
    answer = page.locator(".message.bot")
    expect(answer.locator(".text")).to_contain_text("3 ლარია")
    expect(page.locator("#typing")).to_be_hidden()
    expect(answer.locator(".proof")).to_contain_text("წყარო: რუსთავის მერია")
    expect(answer.locator(".proof")).to_contain_text("შემოწმდა: 21.11.2026")
    expect(page.locator(".message.own")).to_have_attribute("data-state", "sent")
    assert fake.posts[0]["text"] == FEE_QUESTION
    assert fake.posts[0]["locale"] == "ka"


def test_greeting_offers_topics_which_send_their_payload(fake: FakeChat, page: Page) -> None:
    page.get_by_role("button", name="მოსაკრებლები").click()
    expect(page.locator(".message.own .text")).to_have_text("მოსაკრებლები")
    expect(page.locator(".choice")).to_have_count(11)
    assert fake.posts[0]["payload"] == "topic:local_fees"
    assert fake.posts[0]["title"] == "მოსაკრებლები"


def test_pressed_button_is_sent_once_and_stays_marked(fake: FakeChat, page: Page) -> None:
    write(page, FEE_QUESTION)
    twice = "button => { button.click(); button.click() }"
    page.get_by_role("button", name="დავალიანება").evaluate(twice)
    expect(page.locator(".message.bot")).to_have_count(2)
    page.wait_for_timeout(500)
    assert [post.get("payload") for post in fake.posts] == [None, "service:დავალიანება"]
    chosen = page.locator(".choice.chosen")
    expect(chosen).to_have_text(re.compile("დავალიანება.*არჩეულია"))
    expect(page.locator(".message.passed .choice")).to_have_count(3)
    page.reload()
    expect(page.locator(".choice.chosen")).to_have_count(1)


def test_reload_keeps_the_conversation_and_the_draft(page: Page) -> None:
    write(page, FEE_QUESTION)
    expect(page.locator(".message.bot")).to_have_count(1)
    page.fill("#composer-text", "ჯერ არ დამიმთავრებია")
    page.reload()
    expect(page.locator(".message.bot .text")).to_contain_text("3 ლარია")
    expect(page.locator(".message")).to_have_count(2)
    expect(page.locator("#composer-text")).to_have_value("ჯერ არ დამიმთავრებია")


def test_language_switch_changes_page_and_bot(fake: FakeChat, page: Page) -> None:
    write(page, FEE_QUESTION)
    expect(page.locator(".proof")).to_contain_text("წყარო:")
    page.click("#language-button")
    page.click("#language-list [lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#composer-text")).to_have_attribute("placeholder", "Write your question…")
    expect(page.locator(".proof")).to_contain_text("Source:")
    expect(page.locator("#city")).to_have_text("Rustavi")
    answer = page.locator(".message.bot").last
    expect(answer.locator(".text")).to_have_text("All right, I'll answer in English from now on.")
    expect(answer.locator(".text")).to_have_attribute("lang", "en")
    assert fake.posts[-1]["payload"] == "language:en"
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_failed_message_is_retried_without_doubling(fake: FakeChat, page: Page) -> None:
    fake.plan.refuse = 1000
    write(page, FEE_QUESTION)
    # The page tries again by itself as well, later each time.
    until(lambda: len(fake.posts) >= 3)
    page.get_by_role("button", name="თავიდან").click()
    until(lambda: len(fake.posts) >= 4)
    fake.plan.lose, fake.plan.refuse = 1, 0
    expect(page.locator(".message.own")).to_have_attribute("data-state", "sent")
    expect(page.locator(".message.bot")).to_have_count(1)
    # Refused, taken without an answer getting through, taken: always the same message.
    expect(page.locator(".message.own")).to_have_count(1)
    page.wait_for_timeout(2500)
    assert len({post["id"] for post in fake.posts}) == 1
    assert [item["from"] for item in fake.only.items] == ["resident", "bot"]
    assert own(page) == [FEE_QUESTION]


def test_messages_written_without_connection_arrive_in_order(fake: FakeChat, page: Page) -> None:
    page.route("**/chat/messages", lambda route: route.abort())
    for text in ("ერთი", "სამი", "ოთხი"):
        write(page, text)
    expect(page.locator("#banner")).to_have_text("კავშირი გაწყდა, ვცდი თავიდან…")
    page.unroute("**/chat/messages")
    expect(page.locator(".message.bot")).to_have_count(3)
    expect(page.locator("#banner")).to_be_hidden()
    sent = [item["text"] for item in fake.only.items if item["from"] == "resident"]
    assert sent == ["ერთი", "სამი", "ოთხი"]


def test_unsent_message_survives_a_reload(fake: FakeChat, page: Page) -> None:
    page.route("**/chat/messages", lambda route: route.abort())
    write(page, FEE_QUESTION)
    expect(page.locator(".message.own")).to_have_attribute("data-state", "failed")
    page.unroute("**/chat/messages")
    page.reload()
    expect(page.locator(".message.bot")).to_have_count(1)
    assert own(page) == [FEE_QUESTION]
    # It may have been on its way already when the page was loaded again.
    assert len({post["id"] for post in fake.posts}) == 1
    assert [item["from"] for item in fake.only.items] == ["resident", "bot"]


def test_message_taken_without_the_page_learning_is_not_doubled_by_a_reload(
    fake: FakeChat, page: Page
) -> None:
    page.route("**/chat/events*", lambda route: route.abort())
    page.reload()
    fake.plan.lose = 1000
    write(page, FEE_QUESTION)
    until(lambda: unsent(page) == 1)
    page.wait_for_timeout(500)
    fake.plan.lose = 0
    page.unroute("**/chat/events*")
    page.reload()
    expect(page.locator(".message.bot")).to_have_count(1)
    until(lambda: unsent(page) == 0)
    assert own(page) == [FEE_QUESTION]
    assert [item["from"] for item in fake.only.items] == ["resident", "bot"]


def test_refused_message_can_be_mended(fake: FakeChat, page: Page) -> None:
    fake.plan.refuse = 1
    fake.plan.status = 400
    write(page, "ეს არ ვარგა")
    expect(page.locator(".message.own")).to_have_attribute("data-state", "refused")
    page.get_by_role("button", name="შესწორება").click()
    expect(page.locator("#composer-text")).to_have_value("ეს არ ვარგა")
    expect(page.locator("#composer-text")).to_be_focused()
    expect(page.locator(".message, .day")).to_have_count(0)


def test_page_finds_back_to_a_restarted_server(fake: FakeChat, context: BrowserContext) -> None:
    with ExitStack() as first:
        url = first.enter_context(serving(fake))
        page = opened(context.new_page(), url)
        write(page, FEE_QUESTION)
        expect(page.locator(".message.bot")).to_have_count(1)
        first.close()
        expect(page.locator("#banner")).to_have_text("კავშირი გაწყდა, ვცდი თავიდან…")
        # Answered while the page was cut off.
        fake.only.items.append({**fake.only.items[1], "id": 3, "text": "დაგაგვიანდათ?"})
    with serving(fake, urlsplit(url).port or 0):
        expect(page.locator(".message.bot .text").nth(1)).to_have_text("დაგაგვიანდათ?")
        expect(page.locator("#banner")).to_be_hidden()
        expect(page.locator(".message")).to_have_count(3)


def test_forgotten_session_is_renewed_while_sending(fake: FakeChat, page: Page) -> None:
    write(page, FEE_QUESTION)
    expect(page.locator(".message.bot")).to_have_count(1)
    fake.conversations.clear()
    write(page, "კიდევ " + FEE_QUESTION)
    expect(page.locator(".message.own .text")).to_have_text(["კიდევ " + FEE_QUESTION])
    expect(page.locator(".message.bot")).to_have_count(1)
    assert [item["from"] for item in fake.only.items] == ["resident", "bot"]


def test_page_polls_where_streams_do_not_work(fake: FakeChat, page: Page) -> None:
    fake.plan.no_stream = True
    page.reload()
    write(page, FEE_QUESTION)
    expect(page.locator(".message.bot")).to_have_count(1)
    write(page, "ორი")
    expect(page.locator(".message.bot")).to_have_count(3)
    assert own(page) == [FEE_QUESTION, "ორი"]


def test_stream_that_delivers_nothing_is_found_out(
    fake: FakeChat, context: BrowserContext, url: str
) -> None:
    page = context.new_page()
    # A proxy that holds the stream back: open, but silent.
    page.add_init_script(
        "window.EventSource = class extends EventTarget {"
        " constructor() { super(); setTimeout(() => this.dispatchEvent(new Event('open'))) }"
        " close() {} }"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, url)
    for count in (1, 2):
        assert not any("wait=25" in address for address in asked)
        write(page, FEE_QUESTION)
        expect(page.locator(".message.bot")).to_have_count(count)
    # Now the page trusts it no longer, and asks before anything is overdue.
    until(lambda: page.evaluate("true") and any("wait=25" in address for address in asked))
    write(page, FEE_QUESTION)
    expect(page.locator(".message.bot")).to_have_count(3)


def test_items_delivered_twice_are_shown_once(fake: FakeChat, page: Page) -> None:
    fake.plan.copies = 2
    write(page, "ორი")
    expect(page.locator(".message.bot")).to_have_count(2)
    page.reload()
    write(page, FEE_QUESTION)
    expect(page.locator(".message.bot")).to_have_count(3)
    page.wait_for_timeout(300)
    assert page.locator(".message .text").all_inner_texts()[:3] == [
        "ორი",
        "პირველი პასუხი.",
        "მეორეც.",
    ]
    expect(page.locator(".message")).to_have_count(5)


def test_tabs_of_one_browser_show_the_same_conversation_once(
    context: BrowserContext, url: str, page: Page
) -> None:
    other = opened(context.new_page(), url)
    write(page, FEE_QUESTION)
    expect(other.locator(".message.bot")).to_have_count(1)
    write(other, "ორი")
    for tab in (page, other):
        expect(tab.locator(".message.bot")).to_have_count(3)
        assert own(tab) == [FEE_QUESTION, "ორი"]

"""A round of ratings as a clerk runs it, from the first form to the result."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bot.core.clock import GEORGIA
from bot.core.staff import Role
from tests.browser.conftest import PHONE
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
from tests.console.residents import published, rated

__all__ = ["desk", "filled", "troubles"]

pytestmark = pytest.mark.slow

IDEAS = ("სკვერი მე-16 მიკრორაიონში", "ველობილიკი მტკვრის სანაპიროზე", "წიგნის თარო გაჩერებაზე")
#: What three ideas were given by seven residents, the last by too few.
GIVEN = ([5, 5, 4, 5, 4, 5, 5], [4, 3, 4, 5, 3, 4], [5, 2])


def fits(page: Page) -> None:
    """Nothing sticks out to the right."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "telephone"])
def test_a_round_is_planned_opened_and_ended_and_its_result_is_shown(
    browser: Browser, desk: Desk, troubles: list[str], width: ViewportSize
) -> None:
    for number, title in enumerate(IDEAS):
        published(desk.site, number, title=title)
    published(desk.site, 9, title="ეს არ მონაწილეობს")
    page = signed_in(page_of(browser, desk, troubles, width), desk, Role.CLERK)
    page.goto("/")
    page.get_by_role("link", name="შეფასება").click()
    page.get_by_role("link", name="ახალი რაუნდი").click()
    page.get_by_label("დასახელება: ქართული").fill("გაზაფხულის იდეები")
    page.get_by_label("დასახელება: ინგლისური").fill("Ideas of spring")
    expect(page.get_by_label("1-დან 5 ქულამდე")).to_be_checked()
    begins = datetime.now(GEORGIA) + timedelta(days=1)
    page.get_by_label("დასაწყისი").fill(begins.strftime("%Y-%m-%dT%H:%M"))
    end = page.get_by_label("დასასრული")
    end.fill((begins - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    for title in IDEAS:
        # By keyboard, as who uses no mouse does it.
        page.get_by_label(title).focus()
        page.keyboard.press("Space")
    fits(page)
    save = page.get_by_role("button", name="რაუნდის შენახვა")
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("დასასრული დასაწყისზე გვიან")
    expect(page.get_by_label(IDEAS[2])).to_be_checked()
    end.fill((begins + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M"))
    save.click()
    expect(page.get_by_role("status")).to_contain_text("შენახულია")
    expect(page.locator(".badge").first).to_have_text("დაგეგმილია")
    expect(page.locator("main li")).to_have_count(3)
    page.get_by_text("ახლავე დაწყება").first.click()
    page.get_by_role("button", name="ახლავე დაწყება").click()
    expect(page.locator(".badge").first).to_have_text("მიმდინარეობს")
    # The newest idea stands first in the form, and so in the round.
    rated(desk.site, page.url.partition("?")[0], *reversed(GIVEN))
    page.reload()
    expect(page.locator("dd strong")).to_have_text("7")
    expect(page.locator(".bars")).to_have_count(0)
    fits(page)
    page.get_by_text("ახლავე დასრულება").first.click()
    page.get_by_role("button", name="ახლავე დასრულება").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody tr").first).to_contain_text("4.71")
    expect(page.locator("tbody tr").last).to_contain_text("5-ზე ნაკლები")
    expect(page.locator(".bars")).to_be_visible()
    fits(page)
    if width is DESKTOP:
        page.locator(".bars").scroll_into_view_if_needed()
        picture(page, "ratings")
    page.context.close()
    assert troubles == []

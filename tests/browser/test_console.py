"""The console in a browser: each page's main path, as staff walk it.

With CBOT_SCREENSHOTS=1 the pictures of the handbook are made on the way.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from bot.core.clock import GEORGIA
from bot.core.staff import Role
from bot.store import migrate, staff
from bot.store.database import open_database
from bot.store.staff import NewMember
from console.app import create_app
from console.site import Site
from tests.browser import console_world as world
from tests.browser.steps import until, watched
from tests.console.people import PASSWORD, Desk, added, session_of
from tests.fakes.engine import ServerThread

pytestmark = pytest.mark.slow

IMAGES = Path(__file__).parents[2] / "docs" / "images"
DESKTOP: ViewportSize = {"width": 1180, "height": 820}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a day's work in it, made once."""
    root = tmp_path_factory.mktemp("filled")
    world.prepare(root)
    given = world.settings_of(root)
    given.var.mkdir(exist_ok=True)
    migrate.upgrade(given.database_url)
    site = Site(given, open_database(given.database_url))
    world.fill(site)
    site.database.close()
    return root


@pytest.fixture
def desk(filled: Path, tmp_path: Path) -> Iterator[Desk]:
    root = tmp_path / "project"
    shutil.copytree(filled, root)
    given = world.settings_of(root)
    site = Site(given, open_database(given.database_url))
    with ServerThread(create_app(site)) as server:
        yield Desk(site, server.url)


@pytest.fixture
def troubles() -> list[str]:
    return []


def page_of(browser: Browser, desk: Desk, troubles: list[str], width: ViewportSize) -> Page:
    context = browser.new_context(
        viewport=width, locale="ka-GE", base_url=desk.url, reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    return watched(context.new_page(), troubles)


def signed_in(page: Page, desk: Desk, role: Role = Role.ADMINISTRATOR) -> Page:
    member = added(desk.site, "nino", role)
    token = session_of(desk.site, member)
    page.context.add_cookies([{"name": desk.site.cookie, "value": token, "url": desk.url}])
    return page


@pytest.fixture
def page(browser: Browser, desk: Desk, troubles: list[str]) -> Iterator[Page]:
    """A browser at a desk, nobody signed in; no script breaks and no policy is hurt."""
    page = page_of(browser, desk, troubles, DESKTOP)
    yield page
    page.context.close()
    assert troubles == []


@pytest.fixture
def boss(page: Page, desk: Desk) -> Page:
    return signed_in(page, desk)


def picture(page: Page, name: str) -> None:
    """Take the handbook's picture of a page."""
    if os.environ.get("CBOT_SCREENSHOTS"):
        path = IMAGES / f"console-{name}.png"
        page.screenshot(path=path)
        with Image.open(path) as taken:
            taken.convert("RGB").quantize(96).save(path, optimize=True)


def test_first_sign_in_sets_up_password_and_second_factor(page: Page, desk: Desk) -> None:
    password, invitation = desk.site.keyring.invite(desk.site.now())
    new = NewMember("levan", "ლევან ბერიძე", Role.ADMINISTRATOR, None)
    desk.site.database.call(staff.add, new, invitation, desk.site.now())
    page.goto("/")
    page.get_by_label("სახელი").fill("levan")
    page.get_by_label("პაროლი").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="კეთილი იყოს")).to_be_visible()
    expect(page.locator(".qr svg")).to_be_visible()
    picture(page, "welcome")
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("ახალი პაროლი", exact=True).fill(PASSWORD)
    page.get_by_label("ახალი პაროლი კიდევ ერთხელ").fill(PASSWORD)
    page.get_by_label("6-ნიშნა კოდი").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="შენახვა და შესვლა").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="შევინახე, გაგრძელება").click()
    expect(page.get_by_role("heading", name="გამარჯობა, ლევან ბერიძე")).to_be_visible()
    page.get_by_role("button", name="გასვლა").click()
    page.get_by_label("სახელი").fill("levan")
    page.get_by_label("პაროლი").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("6-ნიშნა კოდი")).to_be_focused()


def test_today_leads_to_what_is_due(boss: Page) -> None:
    boss.goto("/")
    expect(boss.get_by_text("ელოდება ადამიანს")).to_be_visible()
    picture(boss, "today")
    boss.get_by_role("link", name="ახალი განაცხადი").click()
    expect(boss.locator("tbody tr")).to_have_count(3)


def test_submission_is_taken_and_answered_with_a_template(boss: Page) -> None:
    boss.goto("/submissions")
    expect(boss.locator("tbody tr")).to_have_count(5)
    picture(boss, "submissions")
    boss.get_by_label("ძიება").fill("ნაგავი")
    boss.get_by_role("button", name="ჩვენება").click()
    boss.locator("tbody a").click()
    actions = boss.locator("section", has=boss.get_by_role("heading", name="რა ვქნათ"))
    tomorrow = (datetime.now(GEORGIA) + timedelta(days=1)).date()
    actions.get_by_label("ვადა").first.fill(tomorrow.isoformat())
    actions.get_by_role("button", name="განხილვის დაწყება").click()
    expect(boss.get_by_role("status")).to_have_text("შესრულდა.")
    actions.get_by_text("მოგვარებულად მონიშვნა").first.click()
    form = actions.locator("form[action$=fix]")
    form.get_by_label("შაბლონი").select_option(label="მოგვარდა")
    expect(form.get_by_label("ტექსტი ავტორისთვის")).to_have_value(re.compile("^ადგილზე მივედით"))
    picture(boss, "submission")
    form.get_by_role("button").click()
    expect(boss.locator(".badge").first).to_have_text("მოგვარებულია")
    expect(boss.locator("#told .state").last).to_contain_text("წავა რამდენიმე წამში")
    expect(boss.locator(".history").first).to_contain_text("ადგილზე მივედით")


def test_news_that_wait_say_why_and_what_happens_next(boss: Page, desk: Desk) -> None:
    boss.goto(world.first(desk.site))
    told = boss.locator("#told")
    expect(told.locator(".state")).to_contain_text("შეჩერებულია")
    expect(told.locator(".state")).to_contain_text("წავა მოქალაქის შემდეგ შეტყობინებასთან ერთად")
    expect(boss.get_by_text("თუ საჩქაროა, დარეკეთ")).to_contain_text("599123456")
    told.scroll_into_view_if_needed()
    picture(boss, "told")


def test_map_opens_a_submission_by_keyboard(boss: Page) -> None:
    boss.goto("/submissions/map")
    expect(boss.locator("svg.map circle")).to_have_count(4)
    boss.locator("svg.map a").first.focus()
    boss.keyboard.press("Enter")
    expect(boss).to_have_url(re.compile("/submissions/P-"))


def test_person_takes_a_conversation_over_and_new_words_come_by_themselves(
    boss: Page, desk: Desk
) -> None:
    boss.goto("/waiting")
    boss.get_by_role("link", name="გახსნა").click()
    boss.get_by_role("button", name="საუბრის აღება").click()
    field = boss.get_by_label("თქვენი პასუხი")
    expect(field).to_be_focused()
    boss.keyboard.type("გამარჯობა, ნინო ვარ მერიიდან. რით დაგეხმაროთ?")
    boss.get_by_role("button", name="გაგზავნა").click()
    expect(boss.locator(".talk .person").last).to_contain_text("რით დაგეხმაროთ?")
    world.wrote_again(desk.site, "ქვითარი არ მომდის უკვე ორი თვეა")
    expect(boss.locator(".talk .resident").last).to_contain_text("ორი თვეა")
    picture(boss, "conversation")
    boss.get_by_role("button", name="საუბრის დასრულება").click()
    expect(boss.get_by_text("ახლა არავინ გელოდებათ.")).to_be_visible()


def test_missed_message_is_taught_with_one_click(boss: Page, desk: Desk) -> None:
    boss.goto("/misses")
    expect(boss.locator("section h2").first).to_have_text(world.MISSED[0][0])
    picture(boss, "misses")
    boss.locator("section").first.get_by_role("button", name="ვასწავლოთ").click()
    expect(boss.get_by_role("status")).to_contain_text("ჩაიწერა")
    file = desk.site.settings.root / "data/nlu/local_fees/cleaning_fee.yml"
    assert f"- {world.MISSED[0][0]}\n" in file.read_text()
    expect(boss.locator("section h2").first).to_have_text(world.MISSED[1][0])


def test_what_a_model_changes_is_shown_before_it_is_published(boss: Page) -> None:
    boss.goto("/training")
    picture(boss, "training")
    boss.get_by_role("link", name="20261127-101500").click()
    expect(boss.locator("tbody tr")).to_contain_text("ვერ გაიგო")
    expect(boss.get_by_role("button", name="გამოქვეყნება", exact=True)).to_be_visible()
    boss.get_by_label("შენიშვნა").fill("ნაგვის ქვითრები ვასწავლეთ")
    boss.get_by_role("button", name="შენახვა").click()
    expect(boss.get_by_label("შენიშვნა")).to_have_value("ნაგვის ქვითრები ვასწავლეთ")
    picture(boss, "model")


def test_entry_is_checked_and_shown_while_it_is_written(boss: Page, desk: Desk) -> None:
    boss.goto("/knowledge?words=დასუფთავება")
    boss.locator(f'a[href="/knowledge/rustavi/{world.FEE}"]').first.click()
    answer = boss.locator('[name="text.answer.ka"]')
    answer.fill("{nonsense} ლარი")
    expect(boss.locator("#check .bad")).to_contain_text("local_fees.yml")
    answer.fill("თვეში {rate} ლარია, {max_persons} სულზე {family_max} ლარამდე. დარეკეთ: {hotline}.")
    expect(boss.locator("#check .good")).to_be_visible()
    expect(boss.locator("#check .talk").first).to_contain_text("სულზე 1.6 ლარამდე. დარეკეთ: 1300.")
    picture(boss, "knowledge")
    answer.fill("{rate} {max_persons} {family_max} {hotline}. " + "გრძელი პასუხია. " * 140)
    messages = boss.locator("#check [data-channel=messenger] > li")
    expect(messages).to_have_count(2)
    expect(messages.last.locator(".key")).to_have_count(5)
    expect(messages.last).to_contain_text("სწრაფი პასუხები")
    answer.fill("თვეში {rate} ლარია, {max_persons} სულზე {family_max} ლარამდე. დარეკეთ: {hotline}.")
    expect(messages).to_have_count(1)
    boss.locator("#check [data-channel=telegram]").scroll_into_view_if_needed()
    picture(boss, "preview")
    boss.get_by_label("მერამდენე პასუხია").select_option("later")
    expect(messages.locator(".key")).to_have_count(3)
    boss.get_by_role("button", name="შენახვა").click()
    expect(boss.get_by_role("status")).to_contain_text("შენახულია")
    file = desk.site.settings.knowledge / "rustavi" / "local_fees.yml"
    assert "დარეკეთ: {hotline}." in file.read_text()


def test_what_was_written_before_the_script_came_is_checked_too(boss: Page) -> None:
    held: list[Route] = []
    boss.route("**/check.js", lambda route: held.append(route))
    with boss.expect_request("**/check.js"):
        boss.goto(f"/knowledge/rustavi/{world.FEE}", wait_until="commit")
    boss.locator('[name="text.answer.ka"]').fill("{nonsense} ლარი")
    until(lambda: boss.evaluate("true") and bool(held))
    held[0].continue_()
    expect(boss.locator("#check .bad")).to_contain_text("local_fees.yml")


def test_conflict_is_shown_and_the_second_saving_wins(boss: Page, desk: Desk) -> None:
    boss.goto(f"/knowledge/rustavi/{world.FEE}")
    file = desk.site.settings.knowledge / "rustavi" / "local_fees.yml"
    file.write_text(file.read_text().replace("რუსთავში თვეში", "ქალაქში თვეში", 1))
    boss.locator('[name="text.answer.ka"]').fill(
        "ჩემი: {rate}, {max_persons}, {family_max}, {hotline}"
    )
    boss.get_by_role("button", name="შენახვა").click()
    expect(boss.get_by_role("alert")).to_contain_text("ქალაქში თვეში")
    assert "ჩემი:" not in file.read_text()
    boss.get_by_role("button", name="შენახვა").click()
    expect(boss.get_by_role("status")).to_contain_text("შენახულია")
    assert "ჩემი:" in file.read_text()


def test_numbers_of_the_days_that_were_chosen(boss: Page) -> None:
    boss.goto("/numbers")
    expect(boss.locator("svg.chart").first).to_be_visible()
    picture(boss, "numbers")
    messages = boss.locator(".tiles strong").nth(1).inner_text()
    for town, number in (("რუსთავი", messages), ("მარნეული", "0")):
        boss.get_by_label("ქალაქი").select_option(label=town)
        boss.get_by_role("button", name="ჩვენება").click()
        expect(boss.get_by_role("heading", level=1)).to_contain_text(town)
        expect(boss.locator(".tiles strong").nth(1)).to_have_text(number)
    boss.get_by_label("პირველი დღე").fill("2020-01-01")
    boss.get_by_label("ბოლო დღე").fill("2020-01-31")
    boss.get_by_role("button", name="ჩვენება").click()
    expect(boss.locator(".tiles strong").first).to_have_text("0")


def test_somebody_is_added_and_the_journal_tells_it(boss: Page) -> None:
    boss.goto("/people")
    boss.get_by_label("სახელი და გვარი").fill("ეკა ლომიძე")
    boss.get_by_label("შესვლის სახელი").fill("eka")
    boss.get_by_role("button", name="თანამშრომლის დამატება").click()
    expect(boss.locator("code.secret")).to_have_text(re.compile("^([A-Z2-9]{4}-){4}[A-Z2-9]{4}$"))
    picture(boss, "people")
    boss.goto("/journal?action=staff.add")
    expect(boss.locator("tbody tr").first).to_contain_text("დაამატა თანამშრომელი")

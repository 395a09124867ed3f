"""Photos and places on the chat page in a browser, with the real connectors behind it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import (
    BrowserContext,
    FileChooser,
    FilePayload,
    Locator,
    Page,
    Route,
    expect,
)

from connectors import media as keeping
from tests.browser.steps import axe_findings, opened, own, unsent, until, write
from tests.connectors.conftest import own_settings
from tests.connectors.world import World
from tests.fakes.databases import fresh_url
from tests.fakes.engine import FakeEngine, ServerThread
from tests.fakes.files import photo
from tests.fakes.web_server import ROOT

pytestmark = pytest.mark.slow

PLACE = {"latitude": 41.549123456, "longitude": 45.002}


class AskingEngine(FakeEngine):
    """Asks for a place after every message."""

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = super().answer(body)
        answer["replies"][0]["asks"] = "location"
        return answer


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    engine = AskingEngine()
    with fresh_url("sqlite", tmp_path) as url, ServerThread(engine.app()) as server:
        settings = own_settings(tmp_path, url)
        (tmp_path / "knowledge").rename(tmp_path / "other")
        (tmp_path / "knowledge").symlink_to(ROOT / "knowledge")
        world = World(engine, server, replace(settings, engine_urls=(server.url,)))
        yield world
        world.stop()


@pytest.fixture
def url(world: World) -> str:
    return world.start().url


def file(name: str = "ორმო.jpg", content: bytes | None = None) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content or photo((800, 600))}


def choose(page: Page, *files: FilePayload) -> None:
    """Choose files as a resident does: by the button."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="ფოტოს დამატება").click()
    chooser.value.set_files(list(files))


def send(page: Page) -> None:
    page.get_by_role("button", name="გაგზავნა", exact=True).click()


def loaded(picture: Locator) -> None:
    """Wait until a picture shows something."""
    expect(picture).to_be_visible()
    until(lambda: picture.evaluate("image => image.complete && image.naturalWidth > 0"))


def attachments(world: World) -> list[dict[str, Any]]:
    return [t["attachment"] for t in world.engine.turns if "attachment" in t]


def kept(world: World) -> list[Path]:
    return [path for path in (world.settings.var / "media").rglob("*") if path.is_file()]


def test_photo_is_shown_sent_and_shown_again_after_a_reload(world: World, page: Page) -> None:
    choose(page, file())
    loaded(page.locator("#tray img"))
    expect(page.locator("#tray-note")).to_contain_text("დააჭირეთ გაგზავნას")
    send(page)
    expect(page.locator("#tray")).to_be_hidden()
    loaded(page.locator(".message.own .photo img"))
    expect(page.locator(".message.own")).to_have_attribute("data-state", "sent")
    expect(page.locator(".message.own progress")).to_have_count(0)
    expect(page.locator(".message.bot")).to_have_count(1)
    [found] = attachments(world)
    assert set(found) == {"type", "media_id"}
    page.reload()
    picture = page.get_by_role("img", name="თქვენი ფოტო")
    loaded(picture)
    address = f"/chat/photos/{found['media_id']}"
    assert str(picture.get_attribute("src")).endswith(address)
    # As its camera was held, and opened whole in a tab of its own.
    assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [600, 800]
    expect(page.locator(".photo a")).to_have_attribute("href", re.compile(address))


def test_photo_is_made_small_and_loses_its_metadata_before_it_leaves(
    world: World, page: Page
) -> None:
    # What leaves the browser; the debugger is not told of a body that is a file.
    page.evaluate(
        """() => {
          const send = XMLHttpRequest.prototype.send;
          XMLHttpRequest.prototype.send = function (photo) {
            window.left = photo;
            send.call(this, photo);
          };
        }"""
    )
    choose(page, file(content=photo((4000, 3000))))
    expect(page.locator("#tray img")).to_be_visible()
    send(page)
    expect(page.locator(".message.bot")).to_have_count(1)
    sent = bytes(page.evaluate("left.arrayBuffer().then(all => [...new Uint8Array(all)])"))
    assert b"secret" not in sent
    image = Image.open(io.BytesIO(sent))
    assert image.size == (1536, 2048)
    assert not image.getexif()
    [path] = kept(world)
    assert Image.open(path).size == image.size


def test_words_go_before_their_photos(world: World, page: Page) -> None:
    choose(page, file("1.jpg"), file("2.jpg"))
    expect(page.locator("#tray img")).to_have_count(2)
    page.get_by_role("button", name="ფოტოს მოცილება").first.click()
    expect(page.locator("#tray img")).to_have_count(1)
    write(page, "ორმოა აქ")
    expect(page.locator(".message.bot")).to_have_count(2)
    write(page, "სხვა არაფერი")
    expect(page.locator(".message.bot")).to_have_count(3)
    told = [(turn.get("text", "photo"), turn.get("caption")) for turn in world.engine.turns]
    assert told == [("ორმოა აქ", True), ("photo", None), ("სხვა არაფერი", None)]
    assert own(page) == ["ორმოა აქ", "სხვა არაფერი"]


def test_file_that_is_no_photo_or_too_big_is_told_at_once(
    world: World, page: Page, tmp_path: Path
) -> None:
    note = page.locator("#tray-note")
    choose(page, file("page.jpg", b"<html><script>alert(1)</script>"))
    expect(note).to_contain_text("ფოტოდ ვერ გავხსენი")
    big = tmp_path / "big.jpg"
    with big.open("wb") as empty:
        empty.truncate(41_000_000)
    page.set_input_files("#photo-file", big)
    expect(note).to_contain_text("40 მეგაბაიტამდე")
    expect(page.locator("#tray")).to_be_hidden()
    expect(page.locator("#send")).to_have_attribute("aria-disabled", "true")
    choose(page, *(file(f"{number}.jpg") for number in range(4)))
    expect(note).to_contain_text("ერთად 3 ფოტო")
    expect(page.locator("#tray img")).to_have_count(3)
    assert world.engine.turns == []


def test_photo_that_the_city_refuses_says_why_and_can_be_removed(
    world: World, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_A_DAY", 0)
    choose(page, file())
    send(page)
    message = page.locator(".message.own")
    expect(message).to_have_attribute("data-state", "refused")
    expect(message).to_contain_text("დანარჩენი ხვალ")
    expect(page.locator("#announcer")).to_contain_text("დანარჩენი ხვალ")
    page.get_by_role("button", name="მოცილება").click()
    expect(page.locator(".message, .day")).to_have_count(0)
    assert unsent(page) == 0


def test_photo_whose_answer_was_lost_is_not_doubled(world: World, page: Page) -> None:
    tries = []

    def lose(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) > 1:
            route.continue_()
            return
        route.fetch()
        route.abort()

    page.route("**/chat/photos?*", lose)
    choose(page, file())
    send(page)
    expect(page.locator(".message.bot")).to_have_count(1)
    until(lambda: unsent(page) == 0)
    assert len(set(tries)) == 1
    assert len(kept(world)) == len(attachments(world)) == 1
    expect(page.locator(".message.own")).to_have_count(1)


def test_unsent_photo_survives_a_reload(world: World, page: Page) -> None:
    page.route("**/chat/photos?*", lambda route: route.abort())
    choose(page, file())
    send(page)
    expect(page.locator(".message.own")).to_have_attribute("data-state", "failed")
    page.unroute("**/chat/photos?*")
    page.reload()
    expect(page.locator(".message.bot")).to_have_count(1)
    expect(page.locator(".message.own")).to_have_count(1)
    until(lambda: unsent(page) == 0)
    assert len(kept(world)) == 1


def test_progress_is_shown_while_a_photo_goes(world: World, page: Page) -> None:
    held: list[Route] = []
    page.route("**/chat/photos?*", lambda route: held.append(route))
    choose(page, file())
    send(page)
    bar = page.get_by_role("progressbar", name="იგზავნება")
    expect(bar).to_be_visible()
    # What the browser tells is heard while something is asked of it.
    until(lambda: page.evaluate("true") and bool(held))
    held[0].continue_()
    expect(page.locator(".message.bot")).to_have_count(1)
    expect(bar).to_have_count(0)


def test_photo_is_chosen_sent_and_removed_by_keyboard(world: World, page: Page) -> None:
    choosers: list[FileChooser] = []
    # Heard of from the beginning: a key is quicker than the browser learns to tell of it.
    page.on("filechooser", lambda chooser: choosers.append(chooser))
    page.focus("#composer-text")
    page.keyboard.press("Tab")
    expect(page.locator("#attach")).to_be_focused()

    def chooser_opened() -> bool:
        page.keyboard.press("Enter")
        # Nothing tells when the browser has learned to tell of it: pressed again in a while.
        for _ in range(20):
            page.wait_for_timeout(100)
            if choosers:
                return True
        return False

    until(chooser_opened)
    choosers[0].set_files([file()])
    expect(page.locator("#tray img")).to_be_visible()
    page.locator("#tray button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tray")).to_be_hidden()
    expect(page.locator("#attach")).to_be_focused()
    page.locator("#photo-file").set_input_files([file()])
    expect(page.locator("#tray img")).to_be_visible()
    page.focus("#composer-text")
    page.keyboard.press("Enter")
    expect(page.locator(".message.bot")).to_have_count(1)
    assert len(attachments(world)) == 1


def test_other_tab_shows_the_photo_and_other_browser_does_not(
    world: World, page: Page, context: BrowserContext, url: str
) -> None:
    other = opened(context.new_page(), url)
    choose(page, file())
    send(page)
    picture = other.locator(".message.own .photo img")
    loaded(picture)
    assert context.browser is not None
    stranger = context.browser.new_context()
    response = stranger.request.get(str(picture.get_attribute("src")))
    assert response.status == 401
    stranger.close()


def test_place_is_sent_when_the_resident_presses_for_it(
    world: World, page: Page, context: BrowserContext
) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation(PLACE)  # type: ignore[arg-type]
    write(page, "ორმოა")
    button = page.locator(".message.bot").first.get_by_role("button", name="ჩემი ლოკაცია")
    expect(button).to_be_visible()
    assert len(world.engine.turns) == 1
    button.click()
    expect(page.locator(".message.bot")).to_have_count(2)
    assert attachments(world) == [{"type": "location", "lat": 41.549123, "lon": 45.002}]
    mine = page.locator(".message.own").last
    expect(mine).to_contain_text("თქვენი ლოკაცია")
    expect(mine).to_contain_text("41.5491, 45.0020")
    page.reload()
    expect(page.locator(".message.own").last).to_contain_text("თქვენი ლოკაცია")


@pytest.mark.parametrize(
    ("code", "words"),
    [(1, "ბრაუზერმა ლოკაცია არ მომცა"), (2, "ვერ დავადგინე"), (3, "დიდხანს ვეძებდი")],
)
def test_place_that_cannot_be_told_is_said_kindly(
    world: World, context: BrowserContext, url: str, code: int, words: str
) -> None:
    page = context.new_page()
    if code != 1:
        page.add_init_script(
            "navigator.geolocation.getCurrentPosition ="
            f" (done, failed) => setTimeout(() => failed({{code: {code}}}), 50)"
        )
    else:
        context.grant_permissions([])
    opened(page, url)
    write(page, "ორმოა")
    page.get_by_role("button", name="ჩემი ლოკაცია").click()
    note = page.locator(".choice-note")
    expect(note).to_contain_text(words)
    expect(note).to_contain_text("დაწერეთ ქუჩა")
    assert attachments(world) == []
    # The page goes on as before.
    write(page, "კოსტავას 20")
    expect(page.locator(".message.bot")).to_have_count(2)


def test_nothing_is_asked_of_the_browser_before_a_press(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.add_init_script(
        "window.asked = 0; navigator.geolocation.getCurrentPosition = () => { window.asked += 1 }"
    )
    opened(page, url)
    write(page, "ორმოა")
    button = page.get_by_role("button", name="ჩემი ლოკაცია")
    expect(button).to_be_visible()
    assert page.evaluate("window.asked") == 0
    button.click()
    button.click()
    expect(page.locator(".choice-note")).to_have_text("ვეძებ, სად ხართ…")
    assert page.evaluate("window.asked") == 1


def test_browser_that_tells_no_places_has_no_button_for_it(
    context: BrowserContext, url: str
) -> None:
    page = context.new_page()
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    opened(page, url)
    write(page, "ორმოა")
    expect(page.locator(".choice")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_all_fits_a_small_telephone(
    page: Page, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 320, "height": 640})
    choose(page, file())
    send(page)
    expect(page.locator(".message.bot")).to_have_count(1)
    monkeypatch.setattr(keeping, "MOST_A_DAY", 0)
    choose(page, file())
    send(page)
    expect(page.locator(".message.own").last).to_have_attribute("data-state", "refused")
    choose(page, file("1.jpg"), file("2.jpg"), file("3.jpg"), file("4.jpg"))
    expect(page.locator("#tray-note")).to_contain_text("ერთად 3 ფოტო")
    for button in page.locator("button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["height"], box["width"]) >= 44, button.inner_text()
    for id in ("#scroll", "#below"):
        scroll, client = page.locator(id).evaluate("node => [node.scrollWidth, node.clientWidth]")
        assert scroll <= client
    assert axe_findings(page) == []

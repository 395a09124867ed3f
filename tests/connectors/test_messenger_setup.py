from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.core import payloads
from bot.settings import Settings, load
from connectors import graph_versions
from connectors.administration import NOTE, OK, WRONG, Finding
from connectors.messenger_care import MessengerCare
from connectors.messenger_menu import MENU_PAYLOADS, profile
from connectors.messenger_setup import FIELDS, MessengerAdministration
from connectors.metrics import Metrics
from connectors.words import Words
from tests.connectors.messenger_world import credential, messenger_settings
from tests.fakes.engine import ServerThread
from tests.fakes.graph import FakeGraph

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def graph() -> FakeGraph:
    return FakeGraph()


@pytest.fixture
def settings(graph: FakeGraph, tmp_path: Path) -> Iterator[Settings]:
    with ServerThread(graph.app()) as server:
        found = load({"CBOT_ROOT": str(tmp_path), "CBOT_PUBLIC_URL": "https://bot.rustavi.ge"})
        own = messenger_settings(server.url, pages=("100",), page_token=credential("EAAG-token"))
        yield replace(found, root=ROOT, messenger=own)


def made(settings: Settings) -> MessengerAdministration:
    assert settings.messenger is not None
    words = Words(settings.knowledge, settings.municipality)
    return MessengerAdministration(settings, settings.messenger, words)


def ask(administration: MessengerAdministration, step: str) -> dict[str, Finding]:
    return {finding.what: finding for finding in asyncio.run(getattr(administration, step)())}


def test_checks_88_89_setup_applies_what_is_missing_and_then_nothing(
    settings: Settings, graph: FakeGraph
) -> None:
    one = made(settings)
    before = ask(one, "check")
    assert before["page 100"].state == OK
    assert "რუსთავის მერია" in before["page 100"].text
    assert before["subscribed fields"].state == WRONG
    ask(one, "setup")
    assert set(FIELDS) == set(graph.fields)
    assert graph.profile["get_started"] == {"payload": "act:greet"}
    for part in ("persistent_menu", "ice_breakers", "greeting"):
        assert {item["locale"] for item in graph.profile[part]} >= {"default", "ka_GE", "en_US"}
    calls = graph.calls["profile POST"]
    for _again in range(12):
        again = ask(one, "setup")
    assert graph.calls["profile POST"] == calls == 1
    assert graph.calls["subscribed_apps POST"] == 1
    assert again["menu"].text == again["subscribed fields"].text == "nothing to do"
    after = ask(one, "check")
    assert {finding.state for finding in after.values()} <= {OK, "note"}
    # Something changed by hand at Meta is put right.
    graph.profile["persistent_menu"] = []
    graph.fields.remove("standby")
    assert ask(one, "check")["menu"].state != OK
    ask(one, "setup")
    assert graph.profile["persistent_menu"]
    assert "standby" in graph.fields


def test_check_88_a_subscription_that_ended_is_renewed_with_an_alarm(
    settings: Settings, graph: FakeGraph, caplog: pytest.LogCaptureFixture
) -> None:
    metrics = Metrics()
    care = MessengerCare(made(settings), metrics)
    for alarms in (1, 1):
        asyncio.run(care._look())
        assert set(graph.fields) == set(FIELDS)
        assert metrics.alarms.value == alarms
    graph.fields.remove("standby")
    asyncio.run(care._look())
    assert metrics.alarms.value == 1
    graph.token = "another"
    asyncio.run(care._look())
    assert sum("ALARM" in record.getMessage() for record in caplog.records) == 1
    assert "could not be looked after" in caplog.text


def test_check_tells_of_a_token_that_does_not_work(settings: Settings, graph: FakeGraph) -> None:
    graph.token = "another"
    findings = ask(made(settings), "check")
    assert findings["page 100"].state == WRONG
    assert "190/463" in findings["page 100"].text


def test_check_90_an_old_version_and_an_address_without_tls_are_told(settings: Settings) -> None:
    assert settings.messenger is not None
    for version, state in (("v26.0", OK), ("v20.0", NOTE)):
        own = replace(settings.messenger, graph_version=version)
        changed = replace(settings, messenger=own, public_url="http://bot.example")
        found = ask(made(changed), "check")
        assert found["webhook"].state == WRONG
        assert found["Graph API"].state == state


@pytest.mark.parametrize(
    ("version", "today", "told"),
    [
        ("v26.0", date(2026, 11, 29), None),
        ("v25.0", date(2026, 11, 29), None),
        ("v22.0", date(2026, 11, 10), None),
        ("v22.0", date(2026, 11, 29), "ends on 2027-05-20"),
        ("v21.0", date(2026, 11, 29), "ends on 2027-01-21"),
        ("v20.0", date(2026, 11, 29), "ended on 2026-09-24"),
        ("v27.0", date(2026, 11, 29), "not known"),
    ],
)
def test_check_90_a_version_within_six_months_of_its_end_is_warned_of(
    version: str, today: date, told: str | None
) -> None:
    found = graph_versions.warning(version, today)
    assert (found is None) if told is None else (found is not None and told in found)


def test_the_menu_fits_messengers_limits_in_both_languages() -> None:
    wanted = profile(Words(ROOT / "knowledge", "rustavi"))
    for menu in wanted["persistent_menu"]:
        assert 3 <= len(menu["call_to_actions"]) <= 20
        for item in menu["call_to_actions"]:
            assert len(item["title"]) <= 30
            assert item["payload"] in MENU_PAYLOADS
    for questions in wanted["ice_breakers"]:
        assert 1 <= len(questions["call_to_actions"]) <= 4
        assert all(len(item["question"]) <= 80 for item in questions["call_to_actions"])
    assert all(len(item["text"]) <= 160 for item in wanted["greeting"])


def test_menu_payloads_have_the_form_of_payloads() -> None:
    for payload in MENU_PAYLOADS:
        verb = payload.partition(":")[0]
        assert verb == "start" or payloads.parse(payload) is not None

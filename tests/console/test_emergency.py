from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.core.clock import GEORGIA
from bot.core.staff import Role
from bot.store import emergency, journal
from tests.console.people import Desk

TEXTS = {"text.ka": "წყალი არ იქნება 18 საათამდე", "text.en": "No water until 6 pm"}


def later(**given: int) -> str:
    return (datetime.now(GEORGIA) + timedelta(**given)).strftime("%Y-%m-%dT%H:%M")


def test_notice_begins_replaces_the_one_before_and_ends(desk: Desk) -> None:
    boss = desk.person(Role.ADMINISTRATOR)

    def holds() -> emergency.EmergencyNotice | None:
        return desk.site.database.call(emergency.current, "rustavi", desk.site.now())

    boss.post("/emergency", until=later(hours=5), **TEXTS)
    boss.post("/emergency", until=later(hours=6), **{**TEXTS, "text.ka": "წყალი მოვიდა"})
    notice = holds()
    assert notice is not None
    assert notice.texts == {"ka": "წყალი მოვიდა", "en": "No water until 6 pm"}
    assert "წყალი მოვიდა" in boss.get("/emergency").text
    boss.post("/emergency/end")
    assert holds() is None


def test_a_form_that_comes_twice_shows_nobody_the_notice_again(desk: Desk) -> None:
    boss = desk.person(Role.ADMINISTRATOR)
    until = later(hours=5)
    for _ in range(2):
        assert boss.post("/emergency", until=until, **TEXTS).is_redirect
    (line,) = desk.site.database.call(journal.entries, action="emergency.begin")
    notice = desk.site.database.call(emergency.current, "rustavi", desk.site.now())
    assert notice is not None
    assert notice.begins_at == pytest.approx(line.at)
    boss.post("/emergency", until=later(hours=6), **TEXTS)
    assert len(desk.site.database.call(journal.entries, action="emergency.begin")) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"text.en": ""},
        {"until": "nonsense"},
        {"until": "2020-01-01T00:00"},
        {"until": later(days=30)},
    ],
)
def test_notice_needs_both_languages_and_an_end(desk: Desk, wrong: dict[str, str]) -> None:
    boss = desk.person(Role.ADMINISTRATOR)
    answer = boss.post("/emergency", **{**TEXTS, "until": later(hours=1), **wrong})
    assert answer.status_code == 400
    assert desk.site.database.call(emergency.current, "rustavi", desk.site.now()) is None

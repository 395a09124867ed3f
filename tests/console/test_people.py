from __future__ import annotations

import csv
import io
import re

import pytest

from bot.core.staff import Role
from bot.store import journal, staff, waiting
from console.site import when
from tests.console.people import Desk, Person
from tests.console.residents import asks_for_a_person, handed_in


def member(desk: Desk, name: str) -> staff.Member:
    found = desk.site.database.call(staff.by_name, name)
    assert found is not None
    return found


def add(boss: Person, **fields: str) -> tuple[int, str]:
    given = {"name": "eka", "full_name": "ეკა", "role": "clerk", "municipality": "", **fields}
    answer = boss.post("/people", **given)
    return answer.status_code, answer.text


def test_somebody_is_added_and_signs_in_with_the_one_time_password(desk: Desk) -> None:
    boss = desk.person(Role.ADMINISTRATOR)
    _status, text = add(boss)
    password = re.search(r">([A-Z2-9]{4}(?:-[A-Z2-9]{4}){4})<", text)
    assert password is not None
    answer = desk.visitor().post("/sign-in", data={"name": "eka", "password": password[1]})
    assert answer.headers["location"] == "/welcome"
    assert password[1] not in boss.get("/people").text
    status, text = add(boss)
    assert status == 409
    assert 'value="ეკა"' in text
    assert '<option value="clerk" selected>' in text
    assert ">რუსთავი</option>" in text
    assert add(boss, name="ეკა")[0] == 400
    assert add(boss, name="zaza", role="king")[0] == 404
    assert add(boss, name="zaza", municipality="nowhere")[0] == 404


def test_change_and_shutting_out_end_sessions_and_free_conversations(desk: Desk) -> None:
    boss = desk.person(Role.ADMINISTRATOR)
    eka = desk.person(Role.CLERK, name="eka")
    id = asks_for_a_person(desk.site, "web:ana")
    eka.post(f"/waiting/{id}/take")
    boss.post(f"/people/{eka.member.id}/change", role="viewer", municipality="rustavi")
    assert eka.get("/account").status_code == 303
    changed = member(desk, "eka")
    assert (changed.role, changed.municipality) == (Role.VIEWER, "rustavi")
    freed = desk.site.database.call(waiting.get, id)
    assert freed is not None
    assert freed.taken_by is None
    boss.post(f"/people/{eka.member.id}/disable")
    assert member(desk, "eka").disabled_at is not None
    boss.post(f"/people/{eka.member.id}/reset")
    assert member(desk, "eka").disabled_at is None
    lines = desk.site.database.call(journal.entries, actor=boss.member.actor)
    actions = [line.action for line in lines]
    assert actions == ["staff.reset", "staff.disable", "staff.change"]


def test_nobody_changes_themselves(desk: Desk) -> None:
    boss = desk.person(Role.ADMINISTRATOR)
    for what in ("change", "reset", "disable"):
        answer = boss.post(f"/people/{boss.member.id}/{what}", role="viewer", municipality="")
        assert answer.status_code == 404, what


def test_administrator_of_a_town_looks_after_that_town_alone(desk: Desk) -> None:
    boss = desk.person(Role.ADMINISTRATOR, municipality="rustavi")
    other = desk.person(Role.CLERK, name="other")
    assert ">other<" not in boss.get("/people").text
    assert boss.post(f"/people/{other.member.id}/disable").status_code == 404
    assert add(boss, municipality="")[0] == 404
    assert add(boss, municipality="rustavi")[0] == 200


def test_journal_is_searched_and_exported(desk: Desk) -> None:
    one = handed_in(desk.site)
    boss = desk.person(Role.ADMINISTRATOR)
    nino = desk.person(name="eka")
    nino.get(f"/submissions/{one.code}")
    boss.get(f"/submissions/{one.code}")
    text = boss.get(f"/journal?action=submissions.&actor={nino.member.actor}").text
    assert text.count("ნახა განაცხადი") == 1
    assert "ნახა განაცხადი" not in boss.get("/journal?until=2020-01-01").text
    assert boss.get("/journal?since=nonsense&before=nonsense").status_code == 200
    answer = boss.get(f"/journal/export?subject={one.code}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[2:4] for row in rows[1:]] == [["submissions.view", one.code]] * 2


def test_journal_is_written_for_people(desk: Desk) -> None:
    boss = desk.person(Role.ADMINISTRATOR)
    until = 1_800_000_000.0
    details = {"texts": {"ka": "წყალი", "en": "Water"}, "codes": ["a", "b"], "until": until}
    actor = boss.member.actor
    desk.site.database.call(journal.write, actor, "emergency.begin", "rustavi", details)
    desk.site.database.call(journal.write, actor, "submissions.fix", "P-26-0001-W")
    desk.site.database.call(journal.write, actor, "staff.add", actor)
    desk.site.database.call(journal.write, "timer", "something.new", "?")
    text = boss.get("/journal?language=en").text
    told = f"texts: წყალი / Water; codes: a, b; until: {when(until)}"
    for words in ("put up an emergency notice", told, ">fixed<", ">added somebody<", ">Nino<"):
        assert words in text, words
    assert "something.new" in text
    chosen = boss.get("/journal?language=en&action=emergency.").text
    assert '<option value="emergency." selected>emergency notice</option>' in chosen
    assert ">fixed<" not in chosen


@pytest.mark.parametrize("role", Role)
def test_menu_shows_what_opens_and_nothing_else(desk: Desk, role: Role) -> None:
    person = desk.person(role)
    menu = person.get("/").text.partition("<nav")[2].partition("</nav>")[0]
    paths = re.findall('href="([^"]+)"', menu)
    assert paths
    for path in paths:
        assert person.get(path).status_code == 200, path
    for path in {"/people", "/misses", "/waiting", "/training"} - set(paths):
        assert person.get(path).status_code == 403, path

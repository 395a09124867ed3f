from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta

import httpx
import openpyxl
import pytest

from bot.core.clock import GEORGIA
from bot.core.staff import Role
from bot.store import journal, ratings
from bot.store.ratings import Round, State
from bot.store.salts import Salts
from console.app import PAGES
from tests.console.people import Desk, Person
from tests.console.residents import published, rated

FORMULA = "=HYPERLINK(1)"


def at(**ahead: float) -> str:
    return (datetime.now(GEORGIA) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


def fields(*codes: str, **changes: object) -> dict[str, object]:
    return {
        "municipality": "rustavi",
        "title.ka": "გაზაფხულის იდეები",
        "title.en": "Ideas of spring",
        "scale": "stars",
        "opens": at(days=1),
        "closes": at(days=9),
        "codes": list(codes),
        **changes,
    }


def made(person: Person, *codes: str, **changes: object) -> str:
    """Make a round; gives its page's address."""
    answer = person.post("/ratings/new", **fields(*codes, **changes))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def change(person: Person, path: str, *codes: str, **changes: object) -> httpx.Response:
    """Change a round as somebody does who opens the form and sends it."""
    return person.post(
        f"{path}/change?language=en", **fields(*codes, **seen(person, path), **changes)
    )


def seen(person: Person, path: str) -> dict[str, str]:
    found = re.search('name="seen" value="([0-9a-f]{64})"', person.get(f"{path}/change").text)
    return {"seen": found[1]} if found else {}


def rounds_of(desk: Desk) -> list[Round]:
    return desk.site.database.call(ratings.rounds, None)


def test_a_round_from_its_plan_to_the_archive(desk: Desk) -> None:
    site, boss = desk.site, desk.person(Role.ADMINISTRATOR)
    first, second = published(site, 1), published(site, 2, title=FORMULA)
    path = made(boss, first, second)
    id = path.rpartition("/")[2]
    assert "გაზაფხულის იდეები" in boss.get("/ratings").text
    assert "Ideas of spring" in boss.get("/ratings?language=en").text
    text = boss.get(f"{path}?language=en").text
    assert "planned" in text
    assert first in text
    change(boss, path, first, second, **{"title.en": "Spring 2027"})
    assert "Spring 2027" in boss.get(f"{path}/change?language=en").text
    boss.post(f"{path}/open")
    rated(desk.site, path, [5, 4, 4, 4, 4], [1, 1])
    boss.post(f"{path}/close")
    text = boss.get(f"{path}?language=en").text
    assert "The result is advisory" in text
    assert "4.20" in text
    assert "fewer than 5" in text
    assert 'aria-label="Mean: იდეა ნომერი 1 4.2"' in text
    rows = exported(boss, path)
    assert rows[1] == [first, "იდეა ნომერი 1", "4.2", "5", "5", "0", "advisory"]
    assert rows[2] == [second, f"'{FORMULA}", "", "fewer than 5", "", "", "advisory"]
    book = openpyxl.load_workbook(io.BytesIO(boss.get(f"{path}/export/xlsx").content))
    assert list(book.active.values)[2][1] == f"'{FORMULA}"
    Salts(site.settings.var).make(id)
    boss.post(f"{path}/archive")
    assert Salts(site.settings.var).get(id) is None
    assert [one.state(site.now()) for one in rounds_of(desk)] == [State.ARCHIVED]
    assert "4.20" in boss.get(path).text
    written = [
        line for line in site.database.call(journal.entries) if line.action.startswith("rounds.")
    ]
    assert [line.action for line in written] == [
        f"rounds.{what}" for what in ("archive", "close", "open", "change", "make")
    ]
    assert {(line.actor, line.subject) for line in written} == {(boss.member.actor, id)}
    assert written[-1].details["codes"] == [first, second]


def exported(person: Person, path: str) -> list[list[str]]:
    answer = person.get(f"{path}/export/csv?language=en")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_while_a_round_is_open_only_how_many_took_part_is_told(desk: Desk) -> None:
    clerk = desk.person()
    path = made(clerk, published(desk.site), opens="")
    rated(desk.site, path, [3] * 7)
    text = clerk.get(f"{path}?language=en").text
    assert "<strong>7</strong>" in text
    assert "once the round has closed" in text
    assert "3.0" not in text
    assert "Mean" not in text
    assert ">7<" in clerk.get("/ratings").text
    refused = clerk.get(f"{path}/export/csv?language=en")
    assert refused.status_code == 409
    assert "still goes on" in refused.text


def test_supporters_are_counted_and_the_chart_is_of_them(desk: Desk) -> None:
    clerk = desk.person()
    path = made(clerk, published(desk.site), opens="", scale="support")
    rated(desk.site, path, [1] * 6)
    clerk.post(f"{path}/close")
    text = clerk.get(f"{path}?language=en").text
    assert 'aria-label="Supporters: იდეა ნომერი 0 6"' in text
    assert ">Mean<" not in text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title.en": ""}, "in Georgian and in English"),
        ({"title.ka": " "}, "in Georgian and in English"),
        ({"closes": "nonsense"}, "day and time at which the round ends"),
        ({"closes": ""}, "day and time at which the round ends"),
        ({"closes": at(hours=1)}, "end must come after the beginning"),
        ({"opens": at(days=-2)}, "beginning lies in the past"),
        ({"codes": []}, "at least one initiative"),
        ({"codes": ["I-26-9999-X"]}, "no such code"),
    ],
)
def test_what_is_wrong_is_told_and_the_form_keeps_what_was_written(
    desk: Desk, changes: dict[str, object], told: str
) -> None:
    clerk, code = desk.person(), published(desk.site)
    for path in ("/ratings/new", None):
        path = path or f"{made(clerk, code)}/change"
        before = rounds_of(desk)
        given = {**fields(code, **{"title.ru": "Весна"}), **changes}
        mark = seen(clerk, path.removesuffix("/change")) if path.endswith("/change") else {}
        answer = clerk.post(f"{path}?language=en", **given, **mark)
        assert answer.status_code == 409
        assert told in answer.text
        assert 'value="Весна"' in answer.text
        assert f'value="{given["closes"]}"' in answer.text
        checked = f'value="{code}" checked' in answer.text
        assert checked == (code in given["codes"])  # type: ignore[operator]
        assert rounds_of(desk) == before


def test_days_of_another_round_are_refused(desk: Desk) -> None:
    clerk, code = desk.person(), published(desk.site)
    made(clerk, code)
    answer = clerk.post("/ratings/new?language=en", **fields(code, closes=at(days=2)))
    assert answer.status_code == 409
    assert "Another round of the town" in answer.text
    assert len(rounds_of(desk)) == 1


def test_a_round_that_began_is_not_changed_any_more(desk: Desk) -> None:
    clerk, code = desk.person(), published(desk.site)
    path = made(clerk, code, opens="")
    answers = [clerk.get(f"{path}/change?language=en")]
    answers += [
        clerk.post(f"{path}/{what}?language=en", **fields(code))
        for what in ("change", "open", "discard")
    ]
    for answer in answers:
        assert answer.status_code == 409
        assert "can no longer be changed" in answer.text
    assert [one.is_open(desk.site.now()) for one in rounds_of(desk)] == [True]


PARK = {
    "project.title.ka": "სკვერი მე-7 მიკრორაიონში",
    "project.title.en": "A park in district 7",
    "project.summary.ka": "ოცი ხე და სამი სკამი.",
    "project.summary.en": "Twenty trees and three benches.",
}


def test_a_project_of_the_city_is_added_and_removed_while_the_round_is_planned(desk: Desk) -> None:
    clerk = desk.person()
    path = made(clerk, published(desk.site))
    for missing in PARK:
        answer = clerk.post(f"{path}/projects?language=en", **{**PARK, missing: " "})
        assert answer.status_code == 409
        assert "title and text in Georgian and in English" in answer.text
        assert all(words in answer.text for name, words in PARK.items() if name != missing)
    for _ in range(2):
        assert clerk.post(f"{path}/projects", **PARK, **{"project.title.ru": "Сквер"}).is_redirect
    text = clerk.get(f"{path}?language=en").text
    assert text.count(PARK["project.title.en"]) == 1
    assert PARK["project.summary.en"] in text
    (number,) = re.findall(rf'action="{path}/projects/([0-9]+)/remove"', text)
    # It stays in the round when its ideas change.
    change(clerk, path, published(desk.site, 2))
    assert PARK["project.title.en"] in clerk.get(path).text
    for _ in range(2):
        assert clerk.post(f"{path}/projects/{number}/remove").is_redirect
    assert PARK["project.title.en"] not in clerk.get(path).text
    written = [
        line for line in desk.site.database.call(journal.entries) if "project" in line.action
    ]
    assert [(line.action, line.subject) for line in written] == [
        (f"rounds.{what}_project", path.rpartition("/")[2]) for what in ("remove", "add")
    ]
    assert {line.details["title"]["ru"] for line in written} == {"Сквер"}
    assert {line.actor for line in written} == {clerk.member.actor}


def test_a_round_may_be_of_projects_alone_but_never_of_nothing(desk: Desk) -> None:
    clerk = desk.person()
    assert "no published idea yet" in clerk.get("/ratings/new?language=en").text
    half = {**PARK, "project.summary.ka": ""}
    for given, told in ((half, "title and text"), ({}, "at least one initiative")):
        answer = clerk.post("/ratings/new?language=en", **fields(**given))
        assert answer.status_code == 409
        assert told in answer.text
    assert 'value="A park in district 7"' in clerk.post("/ratings/new", **fields(**half)).text
    path = made(clerk, **PARK)
    (number,) = re.findall(rf'action="{path}/projects/([0-9]+)/remove"', clerk.get(path).text)
    answer = clerk.post(f"{path}/projects/{number}/remove?language=en")
    assert answer.status_code == 409
    assert "at least one initiative" in answer.text
    clerk.post(f"{path}/open")
    assert "/projects" not in clerk.get(path).text
    for last in ("", f"/{number}/remove"):
        answer = clerk.post(f"{path}/projects{last}?language=en", **PARK)
        assert answer.status_code == 409
        assert "can no longer be changed" in answer.text


def test_the_form_of_a_new_round_sent_twice_makes_one(desk: Desk) -> None:
    clerk, code = desk.person(), published(desk.site)
    for opens in ("", at(days=20)):
        days = {"opens": opens, "closes": at(days=9 if not opens else 30)}
        assert made(clerk, code, **days) == made(clerk, code, **days)
    assert len(rounds_of(desk)) == 2
    assert len(desk.site.database.call(journal.entries, action="rounds.make")) == 2


def test_the_second_of_two_clerks_sees_what_the_first_changed(desk: Desk) -> None:
    nino, levan = desk.person(), desk.person(name="levan")
    first, second = published(desk.site, 1), published(desk.site, 2)
    path = made(nino, first, second)
    mark = seen(levan, path)
    end = at(days=12)
    change(nino, path, first, closes=end, **{"title.en": "Of Nino"})
    mine = {"title.en": "Of Levan", "scale": "support"}
    given = fields(first, second, closes=end, **mine, **mark)
    answer = levan.post(f"{path}/change?language=en", **given)
    assert answer.status_code == 409
    assert "A colleague changed this round meanwhile" in answer.text
    for theirs, own in (
        ("Of Nino", "Of Levan"),
        ("with 1 to 5 points", "by supporting it"),
        (first, ", ".join(sorted((first, second)))),
    ):
        assert f"<del>{theirs}</del>" in answer.text
        assert f"<ins>{own}</ins>" in answer.text
    assert answer.text.count("<del>") == 3
    (kept,) = rounds_of(desk)
    assert kept.title["en"] == "Of Nino"
    # The form holds what was written; sent again by somebody who has seen both, it is kept.
    assert 'value="Of Levan"' in answer.text
    again = re.search('name="seen" value="([0-9a-f]{64})"', answer.text)
    assert again is not None
    given["seen"] = again[1]
    for _ in range(2):
        # The second time it is a form sent twice, and no conflict with oneself.
        assert levan.post(f"{path}/change", **given).is_redirect
    assert rounds_of(desk)[0].title["en"] == "Of Levan"
    assert len(desk.site.database.call(journal.entries, action="rounds.change")) == 2


def test_a_discarded_round_is_gone(desk: Desk) -> None:
    clerk = desk.person()
    path = made(clerk, published(desk.site))
    answer = clerk.post(f"{path}/discard")
    assert answer.headers["location"].startswith("/ratings?")
    assert rounds_of(desk) == []
    assert clerk.get(path).status_code == 404


#: Who may do what; everybody who may see submissions may see rounds.
MANAGE = {Role.CLERK, Role.ADMINISTRATOR}
WHO = {
    ("GET", "/ratings"): set(Role),
    ("GET", "/ratings/new"): MANAGE,
    ("POST", "/ratings/new"): MANAGE,
    ("GET", "/ratings/rounds/{id}"): set(Role),
    ("GET", "/ratings/rounds/{id}/change"): MANAGE,
    ("POST", "/ratings/rounds/{id}/change"): MANAGE,
    ("POST", "/ratings/rounds/{id}/projects"): MANAGE,
    ("POST", "/ratings/rounds/{id}/projects/{initiative:int}/remove"): MANAGE,
    ("POST", "/ratings/rounds/{id}/open"): MANAGE,
    ("POST", "/ratings/rounds/{id}/close"): MANAGE,
    ("POST", "/ratings/rounds/{id}/discard"): MANAGE,
    ("POST", "/ratings/rounds/{id}/archive"): {Role.ADMINISTRATOR},
    ("GET", "/ratings/rounds/{id}/export/{ending}"): set(Role),
}


def test_each_role_may_do_with_rounds_what_the_table_says(desk: Desk) -> None:
    path = made(desk.person(name="boss"), published(desk.site))
    people = {role: desk.person(role, name=role.value) for role in Role}
    secrets = {role: person.csrf() for role, person in people.items()}
    assert {(p.method, p.path) for p in PAGES if p.path.startswith("/ratings")} == set(WHO)
    for (method, pattern), allowed in WHO.items():
        address = pattern.replace("/ratings/rounds/{id}", path).replace("{ending}", "csv")
        address = address.replace("{initiative:int}", "1")
        # Those who may not come first: the others change the round.
        for role in sorted(Role, key=lambda role: role in allowed):
            data = {"csrf": secrets[role]} if method == "POST" else None
            answer = people[role].client.request(method, address, data=data)
            assert (answer.status_code != 403) == (role in allowed), (role, method, address)


def test_who_may_only_look_gets_no_buttons(desk: Desk) -> None:
    boss, viewer = desk.person(Role.ADMINISTRATOR), desk.person(Role.VIEWER, name="viewer")
    path = made(boss, published(desk.site), opens="")
    for page in (path, "/ratings"):
        assert boss.get(page).text.count("/ratings/") > viewer.get(page).text.count("/ratings/")
    assert "<details>" not in viewer.get(path).text
    boss.post(f"{path}/close")
    clerk = desk.person(name="clerk")
    assert f"{path}/archive" not in clerk.get(path).text
    assert clerk.post(f"{path}/archive").status_code == 403


def test_rounds_of_another_town_are_not_there(desk: Desk) -> None:
    here = published(desk.site)
    path = made(desk.person(name="boss"), here)
    away = desk.person(Role.ADMINISTRATOR, name="away", municipality="marneuli")
    csrf = away.csrf()
    for page in [page for page in PAGES if page.path.startswith("/ratings/rounds/")]:
        address = page.path.replace("/ratings/rounds/{id}", path).replace("{ending}", "csv")
        address = address.replace("{initiative:int}", "1")
        data = {"csrf": csrf, **fields(here)} if page.method == "POST" else None
        answer = away.client.request(page.method, address, data=data)
        assert answer.status_code == 404, page.path
    assert "გაზაფხულის იდეები" not in away.get("/ratings").text
    # Neither can they make one there, nor put another town's idea into theirs.
    assert away.post("/ratings/new", **fields(here)).status_code == 404
    assert here not in away.get("/ratings/new?town=rustavi").text
    taken: httpx.Response = away.post("/ratings/new", **fields(here, municipality="marneuli"))
    assert taken.status_code == 409
    assert len(rounds_of(desk)) == 1


def test_who_sees_all_towns_chooses_one(desk: Desk) -> None:
    boss = desk.person(Role.ADMINISTRATOR)
    here, there = published(desk.site, 1), published(desk.site, 2, "marneuli")
    assert here in boss.get("/ratings/new").text
    text = boss.get("/ratings/new?town=marneuli").text
    assert there in text
    assert here not in text
    made(boss, there, municipality="marneuli")
    assert "Marneuli" in boss.get("/ratings?language=en").text

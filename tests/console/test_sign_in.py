from __future__ import annotations

import re

import httpx
import pyotp
import pytest

from bot.core.staff import Role
from bot.store import journal, staff, staff_sessions
from bot.store.staff import NewMember
from console.credentials import weakness
from console.pages.sign_in import MOST_OF_A_NAME
from tests.console.people import PASSWORD, RECOVERY, Clock, Desk, added


def enter(client: httpx.Client, name: str, password: str, query: str = "") -> httpx.Response:
    return client.post(f"/sign-in{query}", data={"name": name, "password": password})


def csrf(text: str) -> str:
    found = re.search('name="csrf" value="([0-9a-f]{64})"', text)
    assert found is not None
    return found[1]


def second_step(client: httpx.Client, code: str, query: str = "") -> httpx.Response:
    page = client.get("/sign-in/code")
    return client.post(f"/sign-in/code{query}", data={"csrf": csrf(page.text), "code": code})


def test_password_and_code_open_the_page_that_was_asked_for(desk: Desk) -> None:
    member = added(desk.site, "nino")
    client = desk.visitor()
    asked = client.get("/account")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=/account")
    first = enter(client, " Nino ", PASSWORD, "?next=/account")
    assert first.headers["location"] == "/sign-in/code?next=/account"
    assert client.get("/account").headers["location"] == "/sign-in/code"
    half_way = client.cookies[desk.site.cookie]
    second = second_step(client, desk.code(member), "?next=/account")
    assert second.headers["location"] == "/account"
    assert client.get("/account").status_code == 200
    assert client.cookies[desk.site.cookie] != half_way
    written = desk.site.database.call(journal.entries)
    assert [(line.actor, line.action) for line in written] == [(member.actor, "staff.sign_in")]


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_sign_in_never_leads_to_another_site(desk: Desk, next: str) -> None:
    added(desk.site, "nino")
    first = enter(desk.visitor(), "nino", PASSWORD, f"?next={next}")
    assert first.headers["location"] == "/sign-in/code?next=/"


def test_wrong_name_and_wrong_password_look_the_same(desk: Desk) -> None:
    added(desk.site, "nino")
    known = enter(desk.visitor(), "nino", "not the password")
    unknown = enter(desk.visitor(), "nobody", "not the password")
    assert known.status_code == unknown.status_code == 401
    # The name as it was typed stands there again, whether anybody has it or not.
    assert 'value="nino" autofocus' not in known.text
    assert known.text.replace('value="nino"', "") == unknown.text.replace('value="nobody"', "")
    assert 'value="nino"' in known.text
    assert "set-cookie" not in known.headers


@pytest.mark.parametrize("name", ["nino", "nobody"])
def test_too_many_failures_shut_the_door_for_a_while(desk: Desk, name: str) -> None:
    added(desk.site, "nino")
    client = desk.visitor()
    for _ in range(MOST_OF_A_NAME):
        assert enter(client, name, "not the password").status_code == 401
    assert enter(client, name, PASSWORD).status_code == 429
    clock = desk.site.now
    assert isinstance(clock, Clock)
    clock.ahead = 16 * 60
    assert enter(client, name, PASSWORD).status_code == (303 if name == "nino" else 401)


def test_code_opens_once_and_a_recovery_code_once(desk: Desk) -> None:
    member = added(desk.site, "nino")
    code = desk.code(member)
    answers = []
    for given in (code, code, RECOVERY.lower(), RECOVERY, "000 000 0", ""):
        client = desk.visitor()
        enter(client, "nino", PASSWORD)
        answers.append(second_step(client, given).status_code)
    assert answers == [303, 401, 303, 401, 401, 401]


def test_codes_cannot_be_guessed_without_end(desk: Desk) -> None:
    member = added(desk.site, "nino")
    client = desk.visitor()
    enter(client, "nino", PASSWORD)
    for _ in range(MOST_OF_A_NAME):
        assert second_step(client, "12345").status_code == 401
    assert second_step(client, desk.code(member)).status_code == 429


def invited(desk: Desk) -> str:
    password, invitation = desk.site.keyring.invite(desk.site.now())
    new = NewMember("levan", "ლევანი", Role.ADMINISTRATOR, None)
    desk.site.database.call(staff.add, new, invitation, desk.site.now())
    return password


def test_first_time_password_and_second_factor_are_chosen(desk: Desk) -> None:
    client = desk.visitor()
    assert enter(client, "levan", invited(desk)).headers["location"] == "/welcome"
    page = client.get("/welcome")
    secret = re.search('class="secret">([A-Z2-7]+)<', page.text)
    assert secret is not None
    assert "<svg" in page.text
    fields = {"csrf": csrf(page.text), "password": PASSWORD, "again": PASSWORD}
    assert client.post("/welcome", data={**fields, "code": "123"}).status_code == 400
    code = pyotp.TOTP(secret[1]).at(desk.site.now())
    assert client.post("/welcome", data={**fields, "again": "x", "code": code}).status_code == 400
    done = client.post("/welcome", data={**fields, "code": code})
    assert done.status_code == 200
    codes = re.findall("<code>([A-Z2-9]{4}-[A-Z2-9]{4})</code>", done.text)
    assert len(set(codes)) == 10
    assert client.get("/").status_code == 200
    other = desk.visitor()
    enter(other, "levan", PASSWORD)
    assert second_step(other, codes[3]).status_code == 303


def test_one_time_password_opens_nothing_else_and_ends(desk: Desk) -> None:
    password = invited(desk)
    client = desk.visitor()
    enter(client, "levan", password)
    assert client.get("/account").headers["location"] == "/welcome"
    clock = desk.site.now
    assert isinstance(clock, Clock)
    clock.ahead = 4 * 24 * 3600
    assert enter(desk.visitor(), "levan", password).status_code == 401


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", "short"),
        ("x" * 129, "long"),
        ("rustavi123456", "easy"),
        ("aaaaaaaaaaaaaa", "easy"),
        ("nino-nino-nino", "easy"),
        (PASSWORD, None),
    ],
)
def test_weak_passwords_are_refused(password: str, problem: str | None) -> None:
    assert weakness(password, "nino") == problem


def test_changing_the_password_ends_other_sessions_and_not_this_one(desk: Desk) -> None:
    nino = desk.person()
    elsewhere = desk.visitor()
    enter(elsewhere, "nino", PASSWORD)
    new = "სამი მწვანე კატა ხეზე"
    fields = {"password": new, "again": new}
    assert nino.post("/account/password", present="wrong", **fields).status_code == 400
    done = nino.post("/account/password", present=PASSWORD, **fields)
    assert done.status_code == 303
    assert nino.get("/account").status_code == 200
    assert elsewhere.get("/sign-in/code").status_code == 303
    assert enter(desk.visitor(), "nino", PASSWORD).status_code == 401


def test_sessions_end_when_somebody_is_shut_out_or_changed(desk: Desk) -> None:
    nino = desk.person()
    levan = desk.person(name="levan")
    desk.site.database.call(staff.disable, nino.member.id, desk.site.now())
    desk.site.database.call(staff.change, levan.member.id, Role.VIEWER, None)
    assert nino.get("/account").status_code == 303
    assert levan.get("/account").status_code == 303
    assert enter(desk.visitor(), "nino", PASSWORD).status_code == 401


@pytest.mark.parametrize(
    ("pauses", "status"), [((3000, 3000), 200), ((3700,), 303), ((3000,) * 15, 303)]
)
def test_sessions_end_when_idle_and_after_a_working_day(
    desk: Desk, pauses: tuple[int, ...], status: int
) -> None:
    nino = desk.person()
    clock = desk.site.now
    assert isinstance(clock, Clock)
    for pause in pauses:
        clock.ahead += pause
        last = nino.get("/account").status_code
    assert last == status


def test_signing_out_ends_the_session_on_the_server(desk: Desk) -> None:
    nino = desk.person()
    token = nino.client.cookies[desk.site.cookie]
    assert nino.post("/sign-out").headers["location"] == "/sign-in"
    again = httpx.get(f"{desk.url}/account", cookies={desk.site.cookie: token})
    assert again.status_code == 303


def test_token_is_not_in_the_database(desk: Desk) -> None:
    nino = desk.person()
    token = nino.client.cookies[desk.site.cookie]
    assert desk.site.database.call(staff_sessions.find, token, desk.site.now()) is None

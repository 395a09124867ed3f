from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from bot import settings
from bot.core.staff import RIGHTS, Role
from bot.store.database import open_database
from console.app import PAGES, create_app
from console.site import Site, load_texts
from tests.console.people import Desk, session_of
from tests.console.people import added as add
from tests.fakes.engine import ServerThread

FULL = [page for page in PAGES if page.stage == "full"]


def address(path: str) -> str:
    """Give an address of a page; what it names is not there."""
    path = re.sub(r"{\w+:int}", "999", path).replace("{code}", "I-26-9999-X")
    while "{" in path:
        before, _, rest = path.partition("{")
        path = f"{before}unknown{rest.partition('}')[2]}"
    return path


def test_nobody_gets_anywhere_without_signing_in(desk: Desk) -> None:
    client = desk.visitor()
    for page in PAGES:
        answer = client.request(page.method, address(page.path))
        assert answer.status_code == 303, page.path
        assert answer.headers["location"].startswith("/sign-in"), page.path


@pytest.mark.parametrize("role", Role)
def test_each_role_gets_where_it_may_and_nowhere_else(desk: Desk, role: Role) -> None:
    person = desk.person(role)
    csrf = person.csrf()
    for page in FULL:
        if page.path in ("/sign-out", "/account/end-others"):
            continue
        data = {"csrf": csrf} if page.method == "POST" else None
        answer = person.client.request(page.method, address(page.path), data=data)
        allowed = page.needs is None or page.needs in desk_rights(role)
        told = f"{role.value} {page.method} {page.path} {answer.status_code}"
        assert (answer.status_code != 403) == allowed, told
        assert answer.status_code < 500, told


def desk_rights(role: Role) -> frozenset[object]:
    return RIGHTS[role]


def test_no_form_of_elsewhere_is_taken(desk: Desk) -> None:
    person = desk.person(Role.ADMINISTRATOR)
    csrf = person.csrf()
    for page in [page for page in FULL if page.method == "POST"]:
        for data, origin in (
            ({}, desk.url),
            ({"csrf": "0" * 64}, desk.url),
            ({"csrf": csrf}, "https://evil.example"),
            ({"csrf": csrf}, "null"),
            ({"csrf": csrf}, ""),
        ):
            headers = {"Origin": origin}
            answer = person.client.post(address(page.path), data=data, headers=headers)
            assert answer.status_code == 403, (page.path, origin)


def test_form_of_another_session_is_not_taken(desk: Desk) -> None:
    nino, levan = desk.person(), desk.person(name="levan")
    answer = nino.client.post("/account/end-others", data={"csrf": levan.csrf()})
    assert answer.status_code == 403


def test_sign_in_from_elsewhere_is_not_taken(desk: Desk) -> None:
    fields = {"name": "nino", "password": "x"}
    answer = httpx.post(
        f"{desk.url}/sign-in", data=fields, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403


def test_large_forms_are_refused(desk: Desk) -> None:
    nino = desk.person()
    assert nino.post("/account/password", present="x" * 600_000).status_code == 413


def test_every_answer_has_the_security_headers(desk: Desk) -> None:
    nino = desk.person()
    for path in ("/", "/sign-in", "/status", "/nonsense", "/static/console.css"):
        headers = nino.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        stored = "no-cache" if path.startswith("/static") else "no-store"
        assert headers["cache-control"] == stored, path


def test_over_tls_the_cookie_is_the_hosts_alone(given: settings.Settings) -> None:
    secured = replace(given, console_url="https://staff.example.ge")
    site = Site(secured, open_database(given.database_url))
    add(site, "nino")
    with ServerThread(create_app(site)) as server:
        answer = httpx.post(
            f"{server.url}/sign-in",
            data={"name": "nino", "password": "ოთხი ვარდისფერი ძროხა"},
            headers={"Origin": "https://staff.example.ge"},
        )
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-cbot_staff=")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "strict-transport-security" in answer.headers


def test_a_name_with_html_is_shown_literally(desk: Desk) -> None:
    member = add(desk.site, "<b>nino</b>")
    client = desk.visitor()
    client.cookies.set(desk.site.cookie, session_of(desk.site, member), domain="127.0.0.1")
    text = client.get("/account").text
    assert "&lt;b&gt;nino&lt;/b&gt;" in text
    assert "<b>nino" not in text


def test_texts_of_both_languages_have_the_same_keys() -> None:
    def keys(value: object, path: str = "") -> set[str]:
        if isinstance(value, dict):
            return {key for name in value for key in keys(value[name], f"{path}.{name}")}
        return {path}

    texts = load_texts()
    assert keys(texts["ka"]) == keys(texts["en"])

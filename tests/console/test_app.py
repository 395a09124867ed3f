from __future__ import annotations

from dataclasses import replace

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot import settings
from bot.store.database import open_database
from connectors import app as connectors
from console.app import create_app, make_server
from console.site import Site
from tests.console.people import added
from tests.fakes.engine import ServerThread

PROBLEM = "knowledge/rustavi/local_fees.yml:7: <b>title</b> has no Georgian; add it."
ENGINE = {
    "ready": True,
    "model": "20261122-024834.tar.gz",
    "knowledge": {"loaded_at": "2026-11-22T06:54:00+04:00", "problems": [PROBLEM]},
}
CONNECTORS = {
    "ready": True,
    "database": True,
    "inbox": {"waiting": 3, "dead": 1},
    "outbox": {"waiting": 4, "dead": 1},
    "channels": {
        "telegram": {"token": "refused", "last_event_at": 1.0, "paused": False},
        "messenger": {"token": "ok", "last_event_at": None, "paused": True},
    },
}


def telling(told: object) -> Starlette:
    async def ready(request: Request) -> JSONResponse:
        return JSONResponse(told)

    return Starlette(routes=[Route("/readyz", ready)])


def page(given: settings.Settings, query: str = "", **headers: str) -> httpx.Response:
    site = Site(given, open_database(given.database_url))
    with ServerThread(create_app(site)) as console:
        return httpx.get(f"{console.url}/status{query}", headers=headers)


def test_a_proxy_finds_no_connection_just_being_closed(given: settings.Settings) -> None:
    # Caddy keeps an idle connection for 120 seconds.
    servers = (make_server(given), connectors.make_server(given))
    assert [server.config.timeout_keep_alive for server in servers] == [130, 130]


def test_page_says_that_nothing_answers(given: settings.Settings) -> None:
    answer = page(given)
    assert answer.status_code == 200
    assert "ბოტი ახლა არ პასუხობს" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_page_is_in_english_on_request_and_else_in_georgian(given: settings.Settings) -> None:
    assert "How C-Bot is doing" in page(given, "?language=en").text
    assert "C-Bot-ის მდგომარეობა" in page(given, "?language=%3Cscript%3E").text


def test_page_shows_what_waits_and_what_is_wrong(given: settings.Settings) -> None:
    with ServerThread(telling(ENGINE)) as engine, ServerThread(telling(CONNECTORS)) as connectors:
        told = replace(given, engine_urls=(engine.url,), connectors_port=connectors.port)
        text = page(told, "?language=en").text
    assert "20261122-024834.tar.gz" in text
    assert "&lt;b&gt;title&lt;/b&gt; has no Georgian" in text
    for number in (3, 4, 2):
        assert f"<dd>{number}</dd>" in text
    assert "the platform refuses the token" in text
    assert "the platform paused sending" in text


def test_page_stands_something_that_is_no_answer_of_ours(given: settings.Settings) -> None:
    with ServerThread(telling(["nonsense"])) as engine:
        answer = page(replace(given, engine_urls=(engine.url,)))
    assert answer.status_code == 200
    assert "ბოტი ახლა არ პასუხობს" in answer.text


def test_page_is_for_staff_when_it_comes_through_a_proxy(given: settings.Settings) -> None:
    for headers in ({"host": "staff.example.ge"}, {"x-forwarded-for": "203.0.113.7"}):
        answer = page(given, **headers)
        assert answer.headers["location"] == "/sign-in?next=/status", headers


def test_page_tells_how_to_add_the_first_administrator(given: settings.Settings) -> None:
    assert "cbot staff add" in page(given).text
    site = Site(given, open_database(given.database_url))
    added(site, "nino")
    site.database.close()
    assert "cbot staff add" not in page(given).text

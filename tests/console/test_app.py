from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot import settings
from console.app import create_app
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
}


def telling(told: object) -> Starlette:
    async def ready(request: Request) -> JSONResponse:
        return JSONResponse(told)

    return Starlette(routes=[Route("/readyz", ready)])


def page(given: settings.Settings, query: str = "") -> httpx.Response:
    with ServerThread(create_app(given)) as console:
        return httpx.get(f"{console.url}/{query}")


@pytest.fixture
def alone(tmp_path: Path) -> settings.Settings:
    """The settings of a console whose neighbours are away."""
    environment = {"CBOT_ROOT": str(tmp_path), "CBOT_ENGINE_PORT": "9", "CBOT_CONNECTORS_PORT": "9"}
    return settings.load(environment)


def test_page_says_that_nothing_answers(alone: settings.Settings) -> None:
    answer = page(alone)
    assert answer.status_code == 200
    assert "ბოტი ახლა არ პასუხობს" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_page_is_in_english_on_request_and_else_in_georgian(alone: settings.Settings) -> None:
    assert "How C-Bot is doing" in page(alone, "?language=en").text
    assert "C-Bot-ის მდგომარეობა" in page(alone, "?language=%3Cscript%3E").text


def test_page_shows_what_waits_and_what_is_wrong(alone: settings.Settings) -> None:
    with ServerThread(telling(ENGINE)) as engine, ServerThread(telling(CONNECTORS)) as connectors:
        given = replace(alone, engine_urls=(engine.url,), connectors_port=connectors.port)
        text = page(given, "?language=en").text
    assert "20261122-024834.tar.gz" in text
    assert "&lt;b&gt;title&lt;/b&gt; has no Georgian" in text
    for number in (3, 4, 2):
        assert f"<dd>{number}</dd>" in text


def test_page_stands_something_that_is_no_answer_of_ours(alone: settings.Settings) -> None:
    with ServerThread(telling(["nonsense"])) as engine:
        answer = page(replace(alone, engine_urls=(engine.url,)))
    assert answer.status_code == 200
    assert "ბოტი ახლა არ პასუხობს" in answer.text

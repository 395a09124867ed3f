from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from bot.core.errors import MissingError
from bot.settings import Settings
from bot.store.database import open_database
from connectors.app import create_app
from connectors.pages import STATIC
from tests.connectors.conftest import World

ROOT = Path(__file__).resolve().parents[2]


def get(world: World, path: str, **headers: str) -> httpx.Response:
    if not world._servers:
        world.start()
    return httpx.get(f"{world._servers[0].url}{path}", headers=headers)


def test_the_page_and_its_files_have_the_right_types(world: World) -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    for path in STATIC.rglob("*"):
        expected = kinds.get(path.suffix)
        if expected:
            response = get(world, f"/static/{path.relative_to(STATIC)}")
            assert response.status_code == 200
            assert response.headers["content-type"].startswith(expected)
    font = get(world, "/static/fonts/noto-sans-georgian-georgian-wght-normal.woff2")
    assert font.headers["content-type"] == "font/woff2"
    assert "immutable" in font.headers["cache-control"]
    page = get(world, "/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_files_are_not_sent_again_when_the_browser_has_them(world: World) -> None:
    first = get(world, "/static/chat.css")
    assert first.headers["cache-control"] == "no-cache"
    again = get(world, "/static/chat.css", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/fonts/"]
)
def test_nothing_outside_the_folder_is_served(world: World, path: str) -> None:
    server = world.start()
    request = httpx.Request("GET", server.url)
    request.url = request.url.copy_with(raw_path=path.encode())
    with httpx.Client() as http:
        assert http.send(request).status_code == 404


def test_files_cannot_be_written_to(world: World) -> None:
    server = world.start()
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert httpx.request(method, f"{server.url}/static/chat.css").status_code == 405
    assert httpx.head(f"{server.url}/static/chat.css").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/static/chat.css", "/chat/session", "/chat/replies", "/healthz", "/nothing"]
)
def test_every_answer_carries_the_security_headers(world: World, path: str) -> None:
    headers = get(world, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert "server" not in headers


def test_health_tells_alive_from_ready(world: World) -> None:
    world.engine.ready = False
    assert get(world, "/healthz").status_code == 200
    response = get(world, "/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "engine": False,
        "database": True,
        "inbox": {"waiting": 0, "age": 0.0, "dead": 0, "held": 0},
        "outbox": {"waiting": 0, "age": 0.0, "dead": 0, "held": 0},
        "channels": {},
    }


def test_metrics_count_messages_and_replies(world: World) -> None:
    resident = world.resident()
    for id in ("message-1", "message-1", "message-2"):
        resident.say("გამარჯობა", id)
    resident.replies(2)
    response = get(world, "/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = response.text.splitlines()
    for line in (
        "cbot_messages_total 2",
        "cbot_replies_total 2",
        "cbot_turn_seconds_count 2",
        "cbot_acknowledgement_seconds_count 3",
        "cbot_inbox_waiting 0",
        "cbot_outbox_waiting 0",
        "cbot_engine_ready 1",
        "cbot_database_up 1",
    ):
        assert line in lines


def test_a_database_that_refuses_gives_503_and_the_message_can_be_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("bot.store.database.LOCK_SECONDS", 0.1)
    world.start()
    resident = world.resident()
    other = open_database(world.settings.database_url)
    with other.engine.begin() as holding:
        if other.dialect == "postgresql":
            holding.execute(text("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"))
        refused = resident.say("გამარჯობა", "message-1")
    other.close()
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "unavailable"
    assert refused.headers["retry-after"] == "2"
    # The database is as impatient as before, and the machine may be busy.
    until = time.monotonic() + 60
    while resident.say("გამარჯობა", "message-1").status_code != 202:
        assert time.monotonic() < until
    assert resident.replies(1)[0]["text"] == "თქვენ თქვით: გამარჯობა"


def test_a_changed_text_is_used_without_a_restart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.service.REFRESH_SECONDS", 0.1)
    server = world.start()
    path = world.settings.knowledge / "texts" / "ka.yml"
    path.write_text(path.read_text("utf-8").replace("გაგზავნა", "გაუშვი"), "utf-8")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        texts = httpx.get(f"{server.url}/chat/session?language=ka").json()["texts"]
        if texts["send"] == "გაუშვი":
            return
        time.sleep(0.1)
    pytest.fail("the old text is still there")


def test_without_a_database_the_app_says_so(settings: Settings) -> None:
    broken = replace(settings, database_url="postgresql://cbot:secret@127.0.0.1:1/x")
    with pytest.raises(MissingError, match="CBOT_DATABASE_URL"):
        create_app(broken)


def test_connectors_load_nothing_of_rasa() -> None:
    code = (
        "import sys, connectors.app;"
        "print([m for m in sys.modules if m.split('.')[0] in"
        " ('rasa', 'rasa_sdk', 'tensorflow', 'numpy', 'scipy', 'sklearn')"
        " or m.startswith(('bot.nlu', 'bot.engine', 'bot.actions'))])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_connection_of_a_proxy_that_had_nothing_to_do_is_still_good(world: World) -> None:
    connection = HTTPConnection("127.0.0.1", world.start().port, timeout=60)
    for pause in (0.0, 7.0):
        time.sleep(pause)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    connection.close()

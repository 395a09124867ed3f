"""The engine over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import func, select

from bot.actions import library
from bot.engine.aftermath import Aftermath
from bot.engine.processor import CityAgent
from bot.engine.server import create_app
from bot.engine.start import build_agent
from bot.store import misses
from bot.store.database import Database
from bot.store.tables import events
from tests.engine.examination import not_answered


@contextlib.contextmanager
def serving(agent: CityAgent, aftermath: Aftermath | None = None) -> Iterator[httpx.Client]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(agent, aftermath), ws="none", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            with httpx.Client(base_url=address, timeout=60) as client:
                wait_until(lambda: server.started)
                yield client
        finally:
            server.should_exit = True
            thread.join(timeout=60)
        assert not thread.is_alive()


def wait_until(condition: Any, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def client(agent: CityAgent) -> Iterator[httpx.Client]:
    with serving(agent) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(small_model: Path) -> Iterator[httpx.Client]:
    """A server that keeps conversations in memory, for tests that look at one answer alone."""
    with serving(build_agent(small_model, None)) as opened:
        yield opened


def turn(text: str = "nagvis fuli ramdenia", **more: Any) -> dict[str, Any]:
    return {"conversation": "web:a", "message_id": uuid.uuid4().hex, "text": text, **more}


def count(database: Database, type_name: str) -> int:
    query = select(func.count()).select_from(events).where(events.c.type_name == type_name)
    with database.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def test_turn_gets_its_replies(shared: httpx.Client) -> None:
    answer = shared.post("/turns", json=turn())
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"conversation", "replies", "language", "municipality"}
    assert (body["conversation"], body["language"]) == ("web:a", "ka")
    assert body["municipality"] == "rustavi"
    reply = body["replies"][0]
    assert reply["service"] == "local_fees.cleaning_fee"
    assert {"text", "buttons", "sources", "links", "images", "checked_on"} <= set(reply)
    assert all(set(source) == {"title", "url", "date"} for source in reply["sources"])


REFUSED = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"text": "\xff"}',
    "nested": b"[" * 10_000,
    "nested and closed": b"[" * 10_000 + b"]" * 10_000,
    "nested objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a list": b"[]",
    "null": b"null",
    "a number too long to read": b"1" * 10_000,
    "nothing inside": b"{}",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_is_no_turn_is_refused_for_good(shared: httpx.Client, body: bytes) -> None:
    answer = shared.post("/turns", content=body)
    assert answer.status_code == 422
    assert answer.json()["error"]


SURROGATE = "web:\ud800"
WRONG: list[dict[str, Any]] = [
    turn(payload="topic:local_fees"),
    {**turn(), "text": None},
    turn(conversation=None),
    turn(conversation="a" * 201),
    turn(conversation=["a"]),
    turn(message_id=1),
    turn(text=5),
    turn(text="ა" * 20_001),
    turn(locale={}),
    turn(channel=[]),
    turn(municipality=1),
    turn(conversation=SURROGATE),
    turn(message_id=SURROGATE),
    turn(locale=SURROGATE),
    turn(channel=SURROGATE),
    turn(municipality=SURROGATE),
    turn(conversation="web:\x00"),
    turn(message_id="\x00"),
    turn(municipality="\x00"),
]


@pytest.mark.parametrize("body", WRONG, ids=range(len(WRONG)))
def test_turn_with_a_wrong_value_is_refused_for_good(
    shared: httpx.Client, body: dict[str, Any]
) -> None:
    answer = shared.post("/turns", content=json.dumps(body))
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]


@pytest.mark.parametrize("text", ["\ud800", "\x00", "", "ა" * 20_000, "\u202e", "😀"], ids=range(6))
def test_strange_text_is_answered(client: httpx.Client, text: str) -> None:
    answer = client.post("/turns", content=json.dumps(turn(text)))
    assert answer.status_code == 200
    assert answer.json()["replies"][0]["text"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/turns"), ("POST", "/readyz")])
def test_wrong_method_is_not_allowed(shared: httpx.Client, method: str, path: str) -> None:
    assert shared.request(method, path).status_code == 405


def test_unknown_path_is_not_found(shared: httpx.Client) -> None:
    assert shared.get("/webhooks/rest/webhook").status_code == 404


def test_database_away_asks_to_send_again(client: httpx.Client, database: Database) -> None:
    assert client.post("/turns", json=turn("გამარჯობა")).status_code == 200
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO away")
    message = turn()
    answers = [client.post("/turns", json=message) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "database" in answers[0].json()["error"]
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO events")
    answer = client.post("/turns", json=message)
    assert answer.status_code == 200
    assert answer.json()["replies"][0]["service"] == "local_fees.cleaning_fee"
    assert count(database, "user") == 2


def test_without_a_model_it_asks_to_send_again(client: httpx.Client, agent: CityAgent) -> None:
    processor, agent.processor = agent.processor, None
    assert client.post("/turns", json=turn()).status_code == 503
    agent.processor = processor
    assert client.post("/turns", json=turn()).status_code == 200


def test_message_that_comes_twice_at_once_is_handled_once(
    client: httpx.Client, database: Database
) -> None:
    message = turn()
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: client.post("/turns", json=message), range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["replies"][0]["service"] == "local_fees.cleaning_fee"
    assert count(database, "user") == 1


def test_messages_of_one_conversation_at_once_are_all_answered(
    client: httpx.Client, database: Database
) -> None:
    messages = [turn() for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda body: client.post("/turns", json=body), messages))
    services = [answer.json()["replies"][0]["service"] for answer in answers]
    assert services == ["local_fees.cleaning_fee"] * 6
    assert count(database, "user") == 6


def test_conversations_at_once_do_not_wait_for_each_other(client: httpx.Client) -> None:
    client.post("/turns", json=turn())
    begun = time.monotonic()
    for number in range(20):
        client.post("/turns", json=turn(conversation=f"web:first {number}"))
    one_by_one = time.monotonic() - begun
    messages = [turn(conversation=f"web:{number}") for number in range(20)]
    begun = time.monotonic()
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda body: client.post("/turns", json=body), messages))
    # With Rasa's lock, which looks once a second, it would be nearly a second more for each.
    assert time.monotonic() - begun < 3 * one_by_one + 10
    assert [answer.json()["conversation"] for answer in answers] == [
        message["conversation"] for message in messages
    ]


@pytest.fixture
def knowledge(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the knowledge that this process answers from."""
    shutil.copytree(root / "knowledge", tmp_path / "knowledge")
    monkeypatch.setenv("CBOT_ROOT", str(tmp_path))
    kept = (library._settings, library.keeper)
    for cached in kept:
        cached.cache_clear()
    yield tmp_path / "knowledge"
    for cached in kept:
        cached.cache_clear()


def test_readyz_names_the_model_and_what_is_wrong_with_the_knowledge(
    knowledge: Path, agent: CityAgent, small_model: Path
) -> None:
    file = knowledge / "texts" / "en.yml"
    good = file.read_text(encoding="utf-8")
    with serving(agent) as client:
        answer = client.get("/readyz")
        assert answer.status_code == 200
        first = answer.json()
        assert first["ready"] is True
        assert small_model.name.removesuffix(".tar.gz") in first["model"]
        assert first["knowledge"]["problems"] == []
        file.write_text(good + "\n\tnonsense\n", encoding="utf-8")
        wait_until(lambda: client.get("/readyz").json()["knowledge"]["problems"])
        (problem, *_) = client.get("/readyz").json()["knowledge"]["problems"]
        assert "en.yml:" in problem
        assert client.post("/turns", json=turn()).json()["replies"][0]["service"]
        file.write_text(good + "\n", encoding="utf-8")
        wait_until(lambda: not client.get("/readyz").json()["knowledge"]["problems"])
        assert (
            client.get("/readyz").json()["knowledge"]["loaded_at"]
            > (first["knowledge"]["loaded_at"])
        )


def test_without_a_model_readyz_is_503(client: httpx.Client, agent: CityAgent) -> None:
    processor, agent.processor = agent.processor, None
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    agent.processor = processor
    assert client.get("/readyz").status_code == 200


def test_engine_that_is_retired_takes_no_turn_and_says_so(agent: CityAgent) -> None:
    with serving(agent) as client:
        told = client.get("/readyz").json()
        assert (told["ready"], told["busy"]) == (True, 0)
        assert client.post("/turns", json=turn()).status_code == 200
        assert client.post("/retire").json() == {"busy": 0}
        assert client.get("/readyz").status_code == 503
        assert client.post("/turns", json=turn()).status_code == 503


def test_message_that_was_not_answered_is_kept_when_the_server_has_ended(
    agent: CityAgent, database: Database
) -> None:
    text = asyncio.run(not_answered(agent))
    with serving(agent, Aftermath(database, "a secret")) as client:
        assert client.post("/turns", json=turn(text)).status_code == 200
        repeated = turn(text)
        for _ in range(2):
            assert client.post("/turns", json=repeated).status_code == 200
    (miss,) = database.call(misses.listing)
    assert (miss.text, miss.count, miss.residents) == (text, 2, 1)
    assert miss.model == agent.model_name.removesuffix(".tar.gz")

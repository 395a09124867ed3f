from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from dataclasses import replace

import pytest

from connectors.web import LONGEST_WAIT
from tests.connectors.resident import Resident, error_code
from tests.connectors.world import QUICK, World


def test_replies_wait_for_a_message_and_no_longer_than_asked(world: World) -> None:
    gate = world.engine.delay = threading.Event()
    resident = world.resident()
    start = time.monotonic()
    nothing = resident.http.get("/chat/replies?after=0&wait=1").json()
    assert 0.9 < time.monotonic() - start < LONGEST_WAIT
    assert nothing == {"items": [], "cursor": 0, "typing": False}
    resident.say("გამარჯობა")
    resident.read()
    typing = resident.http.get("/chat/replies?after=1&wait=50").json()
    assert typing == {"items": [], "cursor": 1, "typing": True}
    gate.set()
    assert resident.read()[0]["from"] == "bot"


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "after=1.5", "wait=x", "after=" + "9" * 99]
)
def test_wrong_numbers_are_refused(world: World, query: str) -> None:
    assert world.resident().http.get(f"/chat/replies?{query}").status_code == 400


def test_events_stream_messages_as_they_come(world: World) -> None:
    resident = world.resident()
    with resident.listen() as stream:
        assert stream.status == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        resident.say("გამარჯობა")
        stream.wait(lambda s: len(s.items) == 2)
    assert [item["from"] for item in stream.items] == ["resident", "bot"]
    assert [id for _event, id, _data in stream.events] == ["1", "2"]


def test_events_resume_after_the_last_one_received(world: World) -> None:
    resident = world.resident()
    for number in range(3):
        resident.say(f"{number}")
        resident.replies(1)
    with resident.listen(after=0, **{"Last-Event-ID": "4"}) as stream:
        stream.wait(lambda s: len(s.items) == 2)
    assert [item["id"] for item in stream.items] == [5, 6]


def test_events_bring_what_was_answered_while_away(world: World) -> None:
    gate = world.engine.delay = threading.Event()
    resident = world.resident()
    with resident.listen() as stream:
        resident.say("გამარჯობა")
        stream.wait(lambda s: len(s.items) == 1)
    gate.set()
    resident.replies(1)
    with resident.listen(after=1) as stream:
        stream.wait(lambda s: len(s.items) == 1)
    assert stream.items[0]["from"] == "bot"


def test_several_tabs_all_receive(world: World) -> None:
    resident = world.resident()
    tabs = [resident.listen() for _ in range(3)]
    resident.say("გამარჯობა")
    for tab in tabs:
        tab.wait(lambda s: len(s.items) == 2)
        tab.__exit__()


def test_events_show_the_typing_sign_when_it_takes_longer(world: World) -> None:
    gate = world.engine.delay = threading.Event()
    world.start(replace(QUICK, pace=replace(QUICK.pace, typing_after=1.0)))
    resident = world.resident()
    with resident.listen() as stream:
        resident.say("ნელი")
        stream.wait(lambda s: bool(s.events) and s.events[-1][0] == "typing")
        gate.set()
        stream.wait(lambda s: len(s.items) == 2)
    kinds = [event for event, _id, _data in stream.events]
    assert (kinds[0], set(kinds[1:-1]), kinds[-1]) == ("message", {"typing"}, "message")


def test_events_show_no_typing_sign_before_it_takes_longer(world: World) -> None:
    # However slow the machine is, it answers within an hour.
    world.start(replace(QUICK, pace=replace(QUICK.pace, typing_after=3600.0)))
    resident = world.resident()
    with resident.listen() as stream:
        resident.say("სწრაფი")
        stream.wait(lambda s: len(s.items) == 2)
    assert [event for event, _id, _data in stream.events] == ["message", "message"]


def test_events_keep_giving_signs_of_life(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.web.HEARTBEAT", 0.2)
    resident = world.resident()
    with resident.listen() as stream:
        stream.wait(lambda s: len(s.comments) >= 2)


def test_a_stream_sees_what_another_process_answers(world: World) -> None:
    here, there = world.start(), world.start()
    resident = world.resident(here)
    elsewhere = Resident(there.url)
    elsewhere.http.cookies = resident.http.cookies
    with resident.listen() as stream:
        elsewhere.say("სხვაგან")
        stream.wait(lambda s: len(s.items) == 2)
    assert [item["from"] for item in stream.items] == ["resident", "bot"]


def test_too_many_streams_of_one_resident_are_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.web.MOST_LISTENERS", 2)
    resident = world.resident()
    with resident.listen(), resident.listen():
        refused = resident.http.get("/chat/replies?wait=5")
    assert (refused.status_code, error_code(refused)) == (429, "too_many")
    until = time.monotonic() + 60
    while resident.http.get("/chat/replies").status_code == 429:
        assert time.monotonic() < until


def test_a_closed_connection_does_not_stop_the_turn(world: World) -> None:
    gate = world.engine.delay = threading.Event()
    resident = world.resident()
    host, port = resident.http.base_url.host, resident.http.base_url.port
    body = json.dumps({"id": str(uuid.uuid4()), "text": "და წავიდა"}).encode()
    cookie = f"cbot_session={resident.http.cookies['cbot_session']}"
    with socket.create_connection((host, port)) as connection:
        connection.sendall(
            f"POST /chat/messages HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        until = time.monotonic() + 60
        while not world.engine.turns:
            assert time.monotonic() < until
            time.sleep(0.01)
    gate.set()
    assert resident.replies(1)[0]["text"] == "თქვენ თქვით: და წავიდა"
    assert len(world.engine.turns) == 1


def test_head_does_not_wait_for_messages(world: World) -> None:
    resident = world.resident()
    start = time.monotonic()
    assert resident.http.head("/chat/events").status_code == 405
    assert resident.http.head("/chat/replies?wait=50").status_code == 405
    assert time.monotonic() - start < 40

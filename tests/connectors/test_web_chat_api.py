from __future__ import annotations

import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import httpx
import pytest

from connectors.bodies import MOST_BYTES
from tests.connectors.conftest import World
from tests.connectors.resident import error_code
from tests.fakes.engine import ServerThread


def test_a_message_is_answered_through_the_engine(world: World) -> None:
    resident = world.resident()
    response = resident.say("რა ღირს დასუფთავება?", "message-0001")
    assert (response.status_code, response.json()) == (202, {"id": "message-0001"})
    (reply,) = resident.replies(1)
    assert reply["text"] == "თქვენ თქვით: რა ღირს დასუფთავება?"
    assert reply["service"] == "local_fees.cleaning_fee"
    assert reply["sources"][0]["url"] == "https://rustavi.gov.ge/"
    assert reply["checked_on"] == "2026-10-01"
    assert datetime.fromisoformat(reply["at"]).tzinfo is not None
    (turn,) = world.engine.turns
    assert turn["channel"] == "web"
    assert turn["municipality"] == "rustavi"
    assert turn["locale"] == "ka"
    assert turn["text"] == "რა ღირს დასუფთავება?"
    assert re.fullmatch("web:[0-9a-f]{32}", turn["conversation"])


def test_session_gives_the_page_all_it_needs(world: World) -> None:
    server = world.start()
    http = httpx.Client(base_url=server.url)
    response = http.get("/chat/session?language=en")
    session = response.json()
    assert session["municipality"] == {"id": "rustavi", "name": "Rustavi"}
    assert session["language"] == "en"
    assert [(item["code"], item["name"]) for item in session["languages"]][:2] == [
        ("ka", "ქართული"),
        ("en", "English"),
    ]
    # A topic without knowledge is not offered.
    assert [(item["id"], item["name"]) for item in session["topics"]] == [("waste", "Waste")]
    assert session["texts"] == {"send": "Send", "again": "Again", "source": "Source"}
    assert (session["history"], session["cursor"]) == ([], 0)
    cookie = response.headers["set-cookie"]
    assert re.match(r"cbot_session=[\w-]{43};", cookie)
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=31536000"):
        assert part in cookie
    assert "Secure" not in cookie
    assert response.headers["cache-control"] == "no-store"


def test_session_is_kept_and_shows_the_last_messages(world: World) -> None:
    resident = world.resident()
    for number in range(3):
        resident.say(f"კითხვა {number}")
        resident.replies(1)
    response = resident.http.get("/chat/session")
    session = response.json()
    assert "set-cookie" not in response.headers
    assert [item["from"] for item in session["history"]] == ["resident", "bot"] * 3
    assert session["history"][4]["text"] == "კითხვა 2"
    assert session["cursor"] == session["history"][-1]["id"] == 6


def test_session_shows_no_more_than_the_last_fifty(world: World) -> None:
    world.engine.answer = lambda body: {  # type: ignore[method-assign]
        "conversation": body["conversation"],
        "replies": [{"text": str(number)} for number in range(60)],
        "language": "ka",
    }
    resident = world.resident()
    resident.say("ბევრი")
    resident.replies(60)
    history = resident.http.get("/chat/session").json()["history"]
    assert [item["text"] for item in history] == [str(number) for number in range(10, 60)]


def test_a_broken_cookie_gets_a_new_session(world: World) -> None:
    server = world.start()
    for cookie in ("", "x", "ა" * 43, "a" * 42, "a" * 44, "a" * 42 + "!"):
        headers = {"Cookie": f"cbot_session={cookie}".encode()}
        response = httpx.get(f"{server.url}/chat/session", headers=headers)
        assert response.status_code == 200
        assert "set-cookie" in response.headers


def test_the_cookie_is_secure_behind_https(world: World) -> None:
    server = world.start(public_url="https://chat.example.ge")
    assert "Secure" in httpx.get(f"{server.url}/chat/session").headers["set-cookie"]


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", "", "ka"),
        ("?language=hy", "en", "hy"),
        ("?language=xx", "en", "en"),
        ("", "de-DE,ru-RU;q=0.9,en;q=0.8", "ru"),
        ("", "en;q=0.1, az;q=0.5", "az"),
        ("", "ka-GE", "ka"),
        ("", "de", "ka"),
        ("", ";;q=,,,en;q=x", "ka"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_browsers(
    world: World, query: str, header: str, expected: str
) -> None:
    server = world.start()
    response = httpx.get(f"{server.url}/chat/session{query}", headers={"Accept-Language": header})
    assert response.json()["language"] == expected


def test_a_button_of_a_reply_can_be_pressed(world: World) -> None:
    resident = world.resident()
    resident.say("გამარჯობა")
    button = resident.replies(1)[0]["buttons"][1]
    assert button["title"] == "მენიუ"
    resident.press(button)
    resident.replies(1)
    assert world.engine.turns[-1]["payload"] == "act:help"
    assert "text" not in world.engine.turns[-1]
    pressed = resident.transcript()[-2]
    assert (pressed["from"], pressed["text"]) == ("resident", "მენიუ")


def test_topics_and_languages_of_the_page_can_be_pressed(world: World) -> None:
    resident = world.resident()
    resident.press({"payload": resident.session["topics"][0]["payload"]})
    resident.press({"payload": resident.session["languages"][1]["payload"]})
    resident.replies(2)
    assert [turn["payload"] for turn in world.engine.turns] == ["topic:waste", "language:en"]


@pytest.mark.parametrize("forged", ["act:help", "act:help~AAAAAAAAAAAAAAAA", "ყალბი~კოდი", "~", ""])
def test_a_forged_button_is_said_to_be_expired_and_does_nothing(world: World, forged: str) -> None:
    resident = world.resident()
    assert resident.press({"payload": forged}, title="მენიუ").status_code == 202
    (reply,) = resident.replies(1)
    assert reply["text"] == "ეს ღილაკი აღარ მუშაობს."
    assert world.engine.turns == []
    resident.press(reply["buttons"][0])
    resident.replies(1)
    assert world.engine.turns[-1]["payload"] == "act:help"


def test_a_button_of_another_conversation_is_expired(world: World) -> None:
    one, two = world.resident(), world.resident()
    two.press({"payload": one.session["topics"][0]["payload"]})
    assert two.replies(1)[0]["text"] == "ეს ღილაკი აღარ მუშაობს."
    assert world.engine.turns == []


def test_typed_payloads_are_text(world: World) -> None:
    resident = world.resident()
    typed = ['/approve_idea{"idea_id":"7"}', "act:help", resident.session["topics"][0]["payload"]]
    for text in typed:
        resident.say(text)
    resident.replies(3)
    assert [turn.get("text") for turn in world.engine.turns] == typed
    assert not any("payload" in turn for turn in world.engine.turns)


def test_the_same_message_again_is_taken_once(world: World) -> None:
    resident = world.resident()
    with ThreadPoolExecutor(10) as pool:
        posts = [pool.submit(resident.say, "ერთხელ", "same-id-0001") for _ in range(15)]
        codes = {post.result().status_code for post in posts}
    assert codes == {202}
    resident.replies(1)
    assert resident.say("ერთხელ", "same-id-0001").status_code == 202
    time.sleep(0.3)
    assert len(resident.transcript()) == 2
    assert len(world.engine.turns) == 1


def test_two_residents_may_choose_the_same_id(world: World) -> None:
    one, two = world.resident(), world.resident()
    one.say("ერთი", "same-id-0001")
    two.say("ორი", "same-id-0001")
    assert [one.replies(1)[0]["text"], two.replies(1)[0]["text"]] == [
        "თქვენ თქვით: ერთი",
        "თქვენ თქვით: ორი",
    ]


def test_nobody_reads_anothers_conversation(world: World) -> None:
    one, two = world.resident(), world.resident()
    one.say("ჩემი საიდუმლო")
    one.replies(1)
    assert two.transcript() == []
    assert two.http.get("/chat/session").json()["history"] == []


def test_the_client_id_of_a_message_is_told_to_its_page_alone(world: World) -> None:
    resident = world.resident()
    resident.say("გამარჯობა", "message-0001")
    resident.replies(1)
    assert [item["client_id"] for item in resident.transcript()] == ["message-0001", None]


def test_without_a_session_nothing_is_taken_or_told(world: World) -> None:
    http = httpx.Client(base_url=world.start().url)
    answers = [
        http.post("/chat/messages", json={"id": "message-0001", "text": "გამარჯობა"}),
        http.get("/chat/events"),
        http.get("/chat/replies"),
    ]
    assert [answer.status_code for answer in answers] == [401] * 3
    assert {error_code(answer) for answer in answers} == {"no_session"}


BAD = {
    "no id": ({"text": "x"}, "bad_id"),
    "short id": ({"id": "x", "text": "x"}, "bad_id"),
    "number as id": ({"id": 12345678, "text": "x"}, "bad_id"),
    "long id": ({"id": "x" * 65, "text": "x"}, "bad_id"),
    "id with a line break": ({"id": "message-1\n", "text": "x"}, "bad_id"),
    "no text": ({"id": "message-1"}, "bad_text"),
    "text is a list": ({"id": "message-1", "text": ["x"]}, "bad_text"),
    "empty": ({"id": "message-1", "text": ""}, "empty"),
    "only blanks": ({"id": "message-1", "text": " \n\t "}, "empty"),
    "only control characters": ({"id": "message-1", "text": "\x00\x07\ud800"}, "empty"),
    "too long": ({"id": "message-1", "text": "ა" * 20_001}, "too_long"),
    "text and payload": ({"id": "message-1", "text": "x", "payload": "y"}, "bad_payload"),
    "payload is a number": ({"id": "message-1", "payload": 1}, "bad_payload"),
    "title is a list": ({"id": "message-1", "payload": "x", "title": []}, "bad_payload"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_message_is_refused_in_plain_words(world: World, case: str) -> None:
    body, code = BAD[case]
    resident = world.resident()
    headers = {"Content-Type": "application/json"}
    response = resident.http.post("/chat/messages", content=json.dumps(body), headers=headers)
    assert (response.status_code, error_code(response)) == (400, code)
    assert resident.transcript() == []


BODIES = {
    "not JSON": (b"{", 400, "bad_json"),
    "nothing": (b"", 400, "bad_json"),
    "a list": (b"[]", 400, "bad_json"),
    "not UTF-8": (b'{"id": "message-1", "text": "\xff\xfe"}', 400, "bad_json"),
    "UTF-16": ('{"id": "message-1", "text": "x"}'.encode("utf-16"), 400, "bad_json"),
    "deep": (b"[" * 10_000 + b"]" * 10_000, 400, "bad_json"),
    "deep in an object": (b'{"text": ' + b"[" * 100_000, 400, "bad_json"),
    "a number of 5,000 digits": (b'{"id": ' + b"1" * 5000 + b"}", 400, "bad_json"),
    "too large": (b'{"text": "' + b"x" * MOST_BYTES + b'"}', 413, "too_large"),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_wrong_body_is_refused(world: World, case: str) -> None:
    body, status, code = BODIES[case]
    resident = world.resident()
    headers = {"Content-Type": "application/json"}
    response = resident.http.post("/chat/messages", content=body, headers=headers)
    assert (response.status_code, error_code(response)) == (status, code)
    assert resident.transcript() == []


def test_a_body_of_unknown_length_is_cut_off(world: World) -> None:
    resident = world.resident()

    def endless() -> object:
        for _ in range(30):
            yield b" " * 100_000

    response = resident.http.post(
        "/chat/messages",
        content=endless(),  # type: ignore[arg-type]
        headers={"Content-Type": "application/json"},
    )
    assert (response.status_code, error_code(response)) == (413, "too_large")


def test_a_long_text_below_the_limit_is_passed_on_whole(world: World) -> None:
    resident = world.resident()
    text = "გრძელი " * 2_800
    assert resident.say(text).status_code == 202
    resident.replies(1)
    assert world.engine.turns[0]["text"] == text.strip()


def test_control_characters_and_lone_surrogates_are_taken_out(world: World) -> None:
    resident = world.resident()
    body = '{"id": "message-1", "text": "ა\\u0000ბ\\ud83d\\u001b[31m\\r\\nგ\\tდ 😀\\ud83d\\ude00"}'
    resident.http.post(
        "/chat/messages",
        content=body.encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    resident.replies(1)
    assert world.engine.turns[0]["text"] == "აბ[31m\nგ\tდ 😀😀"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_forms_of_other_sites_are_refused_by_their_type(world: World, kind: str) -> None:
    resident = world.resident()
    response = resident.http.post(
        "/chat/messages",
        content=b'{"id": "message-1", "text": "x"}',
        headers={"Content-Type": kind},
    )
    assert (response.status_code, error_code(response)) == (415, "not_json")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://[", 403),
        ("http://chat.example.ge.evil.example", 403),
        ("http://chat.example.ge", 202),
        ("http://{host}", 202),
    ],
)
def test_scripts_of_other_sites_are_refused_by_their_origin(
    world: World, origin: str, status: int
) -> None:
    resident = world.resident()
    origin = origin.format(host=resident.http.base_url.netloc.decode())
    response = resident.http.post(
        "/chat/messages",
        json={"id": "message-1", "text": "x"},
        headers={"Origin": origin},
    )
    assert response.status_code == status
    if status == 403:
        assert error_code(response) == "wrong_origin"


def test_a_flood_is_slowed_down_and_others_are_not(world: World) -> None:
    flooder, other = world.resident(), world.resident()
    began = time.monotonic()
    answers = [flooder.say(f"{number}") for number in range(40)]
    codes = [answer.status_code for answer in answers]
    assert codes[:20] == [202] * 20
    # A burst, and one a second while they came.
    assert codes.count(202) <= 21 + time.monotonic() - began
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 40 - codes.count(202)
    for answer in refused:
        assert error_code(answer) == "too_many"
        assert int(answer.headers["retry-after"]) >= 1
    assert other.say("გამარჯობა").status_code == 202
    assert other.replies(1)[0]["text"] == "თქვენ თქვით: გამარჯობა"


def test_a_refused_message_can_be_sent_again_later(world: World) -> None:
    resident = world.resident()
    for number in range(500):
        last = resident.say(f"{number}", f"message-{number:03}")
        if last.status_code == 429:
            break
    assert last.status_code == 429
    time.sleep(int(last.headers["retry-after"]) + 0.1)
    assert resident.say(f"{number}", f"message-{number:03}").status_code == 202


def test_wrong_methods_and_paths_are_said_to_be_so(world: World) -> None:
    http = httpx.Client(base_url=world.start().url)
    for method, path, status, code in [
        ("GET", "/chat/messages", 405, "wrong_method"),
        ("POST", "/chat/session", 405, "wrong_method"),
        ("DELETE", "/chat/messages", 405, "wrong_method"),
        ("POST", "/", 405, "wrong_method"),
        ("GET", "/chat/nothing", 404, "not_found"),
        ("GET", "/chat", 404, "not_found"),
    ]:
        response = http.request(method, path, follow_redirects=True)
        assert (response.status_code, error_code(response)) == (status, code), (method, path)


def test_garbage_instead_of_http_does_not_harm(world: World) -> None:
    server: ServerThread = world.start()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 50)
        connection.recv(1000)
    assert world.resident().say("გამარჯობა").status_code == 202

"""Photos of the web page over real HTTP: taken once, made safe, shown to their sender alone."""

from __future__ import annotations

import asyncio
import io
import itertools
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import text

from bot.store import media
from bot.store.database import Database, open_database
from bot.store.message_bodies import forgotten_hash
from connectors import media as keeping
from connectors import web_photos, web_session
from connectors.fetching import MOST_BYTES
from tests.connectors.conftest import World
from tests.connectors.resident import Resident, error_code
from tests.fakes.files import bomb, photo, scans

SMALL = photo((60, 40))


@pytest.fixture
def database(world: World) -> Iterator[Database]:
    world.start()
    opened = open_database(world.settings.database_url)
    yield opened
    opened.close()


def send(
    resident: Resident, content: Any = SMALL, id: str | None = None, **headers: str
) -> httpx.Response:
    """Send a photo as the page does."""
    return resident.http.post(
        f"/chat/photos?id={id or uuid.uuid4()}&locale=ka",
        content=content,
        headers={"Content-Type": "image/jpeg", **headers},
    )


def kept(world: World) -> list[Path]:
    return [path for path in (world.settings.var / "media").rglob("*") if path.is_file()]


def shown(resident: Resident) -> list[dict[str, Any]]:
    """Give the photos of the conversation as the page gets them."""
    items = resident.http.get("/chat/session").json()["history"]
    return [item["attachment"] for item in items if item["attachment"]]


def address(resident: Resident) -> str:
    return f"/chat/photos/{shown(resident)[0]['id']}"


def test_a_photo_reaches_the_engine_as_on_the_other_channels(
    world: World, database: Database
) -> None:
    resident = world.resident()
    response = send(resident, photo((3000, 2000)), "photo-0001")
    assert (response.status_code, response.json()) == (202, {"id": "photo-0001"})
    resident.replies(1)
    [turn] = world.engine.turns
    assert set(turn["attachment"]) == {"type", "media_id"}
    assert turn["attachment"]["type"] == "image"
    assert (turn["channel"], turn["locale"]) == ("web", "ka")
    row = database.call(media.find, turn["attachment"]["media_id"])
    assert row is not None
    assert row.conversation == turn["conversation"]
    [path] = kept(world)
    assert path == world.settings.var / "media" / row.path
    # Upright, and without where and with what it was taken.
    image = Image.open(path)
    assert image.size == (row.width, row.height) == (1707, 2560)
    assert not image.getexif()
    assert b"secret" not in path.read_bytes()


def test_a_photo_is_shown_to_its_sender_again(world: World) -> None:
    resident = world.resident()
    send(resident, photo((60, 40)), "photo-0001")
    own = next(item for item in resident.transcript() if item["from"] == "resident")
    assert (own["client_id"], own["text"]) == ("photo-0001", "")
    assert own["attachment"] == {"type": "image", "id": own["attachment"]["id"]}
    response = resident.http.get(address(resident))
    assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(response.content)).size == (40, 60)
    for name, value in {
        "cache-control": "private, no-cache",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "same-origin",
    }.items():
        assert response.headers[name] == value
    again = resident.http.get(
        address(resident), headers={"If-None-Match": response.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_nobody_else_sees_a_photo(world: World) -> None:
    resident, other = world.resident(), world.resident()
    send(resident)
    path = address(resident)
    assert other.http.get(path).status_code == 404
    assert httpx.get(f"{resident.http.base_url}{path}").status_code == 401
    for guess in ("0" * 32, "..%2f..%2fcbot.sqlite", "x", "%00"):
        assert resident.http.get(f"/chat/photos/{guess}").status_code == 404
    assert shown(other) == []


def test_a_photo_that_was_erased_meanwhile_is_gone(world: World) -> None:
    resident = world.resident()
    send(resident)
    [path] = kept(world)
    path.unlink()
    assert resident.http.get(address(resident)).status_code == 404


def test_the_same_photo_again_is_taken_once(world: World) -> None:
    resident = world.resident()

    def until_taken(_number: int) -> int:
        response = send(resident, id="same-id-0001")
        while response.status_code == 429:
            # What the page does as well.
            time.sleep(float(response.headers["retry-after"]))
            response = send(resident, id="same-id-0001")
        return response.status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(until_taken, range(6))) == {202}
    resident.replies(1)
    assert len(world.engine.turns) == len(kept(world)) == len(shown(resident)) == 1


def test_a_photo_whose_message_was_forgotten_is_not_kept_again(
    world: World, database: Database
) -> None:
    resident = world.resident()
    send(resident, id="photo-0001")
    resident.replies(1)
    conversation = world.engine.turns[0]["conversation"]
    hash = forgotten_hash("web", conversation, "photo-0001")
    [path] = kept(world)
    path.unlink()
    statements = [
        "DELETE FROM media",
        "DELETE FROM outbox",
        "DELETE FROM inbox",
        f"INSERT INTO forgotten_messages (hash, at) VALUES ('{hash}', 1)",
    ]
    for statement in statements:
        database.call(lambda connection, sql: connection.execute(text(sql)), statement)
    assert send(resident, id="photo-0001").status_code == 202
    assert kept(world) == []
    assert shown(resident) == []


def test_words_and_photos_keep_their_order(world: World) -> None:
    resident = world.resident()
    resident.say("ორმოა აქ")
    send(resident)
    resident.replies(2)
    assert [next(k for k in ("text", "attachment") if k in t) for t in world.engine.turns] == [
        "text",
        "attachment",
    ]


@pytest.mark.parametrize("format", ["PNG", "WEBP", "GIF"])
def test_other_formats_are_taken_whatever_they_are_called(world: World, format: str) -> None:
    resident = world.resident()
    assert send(resident, photo((60, 40), format=format)).status_code == 202
    [path] = kept(world)
    assert Image.open(path).format == "JPEG"


NO_PICTURES = {
    "nothing": (b"", 415, "no_picture"),
    "HTML": (b"<html><script>alert(1)</script>", 415, "no_picture"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", 415, "no_picture"),
    "a program": (b"MZ\x90\x00 this program cannot be run", 415, "no_picture"),
    "HTML behind a JPEG's mark": (b"\xff\xd8\xff<script>alert(1)</script>", 415, "broken"),
    "cut off": (SMALL[:600], 415, "broken"),
    "too many pixels": (bomb(), 413, "too_many_pixels"),
    "too many scans": (scans(200), 415, "broken"),
    "too large": (SMALL + b"\0" * MOST_BYTES, 413, "too_large"),
}


@pytest.mark.parametrize("case", NO_PICTURES)
def test_what_is_no_photo_is_refused_and_leaves_nothing(world: World, case: str) -> None:
    content, status, code = NO_PICTURES[case]
    resident = world.resident()
    response = send(resident, content)
    assert (response.status_code, error_code(response)) == (status, code)
    assert kept(world) == []
    assert resident.transcript() == []
    # It stands in nobody's way.
    assert send(resident).status_code == 202


def test_a_body_of_unknown_length_is_cut_off(world: World) -> None:
    resident = world.resident()
    parts = 0

    def endless() -> Iterator[bytes]:
        nonlocal parts
        while parts < 4 * MOST_BYTES // 100_000:
            parts += 1
            yield b"\xff\xd8\xff" + b"0" * 99_997

    try:
        response = send(resident, endless())
        assert (response.status_code, error_code(response)) == (413, "too_large")
    except (httpx.ReadError, httpx.WriteError):
        # Closed in the middle of a sentence.
        pass
    assert parts < 3 * MOST_BYTES // 100_000
    assert kept(world) == []


def test_a_photo_needs_a_session_an_id_and_our_own_page(world: World) -> None:
    resident = world.resident()
    stranger = httpx.Client(base_url=resident.http.base_url)
    nobody = stranger.post("/chat/photos?id=photo-0001", headers={"Content-Type": "image/jpeg"})
    assert (nobody.status_code, error_code(nobody)) == (401, "no_session")
    foreign = send(resident, Origin="https://evil.example")
    assert (foreign.status_code, error_code(foreign)) == (403, "wrong_origin")
    # The types that a form of another site can send.
    for kind in ("multipart/form-data; boundary=x", "text/plain", "application/json", ""):
        form = send(resident, **{"Content-Type": kind})
        assert (form.status_code, error_code(form)) == (415, "no_picture")
    for id in ("x", "x" * 65, "message-1%0a"):
        wrong = send(resident, id=id)
        assert (wrong.status_code, error_code(wrong)) == (400, "bad_id")
    assert kept(world) == []


def test_a_resident_has_a_quota(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_A_DAY", 2)
    resident = world.resident()
    codes = [send(resident).status_code for _ in range(3)]
    assert codes == [202, 202, 403]
    assert error_code(send(resident)) == "quota"
    assert len(kept(world)) == 2
    assert send(world.resident()).status_code == 202


def test_photos_and_words_share_the_limit_of_a_flood(world: World) -> None:
    resident = world.resident()
    said = []
    # Until there is no room for a photo; a slow machine may find some again for the words.
    for _number in range(500):
        if send(resident, b"x").status_code == 429:
            said.append(resident.say("კიდევ").status_code)
        if 429 in said or len(said) == 10:
            break
    # With a limit of their own the first twenty words would be let through.
    assert 429 in said


def test_many_at_once_find_no_room_and_are_told_to_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_photos, "MOST_ARRIVING", 50_000)
    resident = world.resident()
    response = send(resident, SMALL + b"\0" * 60_000)
    assert (response.status_code, error_code(response)) == (503, "busy")
    assert int(response.headers["retry-after"]) >= 1
    # What was refused takes no room.
    for _ in range(3):
        assert send(resident, SMALL + b"\0" * 30_000).status_code == 202
    monkeypatch.setattr(web_photos, "MOST_OPENING", 0)
    assert error_code(send(resident)) == "busy"


def test_of_many_that_arrive_together_some_find_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_photos, "MOST_ARRIVING", 4_000_000)
    resident = world.resident()
    large = SMALL + b"\0" * 3_000_000

    async def send_all() -> list[int]:
        async with httpx.AsyncClient(base_url=resident.http.base_url, timeout=60) as http:

            async def one(number: int) -> int:
                cookie = f"{web_session.COOKIE}={web_session.new_token()}"
                headers = {"Content-Type": "image/jpeg", "Cookie": cookie}
                path = f"/chat/photos?id=photo-{number:04}"
                return (await http.post(path, content=large, headers=headers)).status_code

            return await asyncio.gather(*map(one, range(30)))

    codes = asyncio.run(send_all())
    assert 202 in codes
    assert set(codes) <= {202, 503}
    assert send(resident, large).status_code == 202


PLACE = {"lat": 41.549, "lon": 45.002}


def test_a_place_reaches_the_engine_as_on_the_other_channels(world: World) -> None:
    resident = world.resident()
    body = {"id": "place-0001", "location": {**PLACE, "accuracy": 12}, "locale": "ka"}
    assert resident.post(body).status_code == 202
    resident.replies(1)
    assert world.engine.turns[0]["attachment"] == {"type": "location", **PLACE}
    assert shown(resident) == [{"type": "location", **PLACE}]


@pytest.mark.parametrize(
    "place",
    [
        "null",
        "[]",
        "{}",
        '{"lat": 41.5}',
        '{"lat": "41.5", "lon": 45}',
        '{"lat": true, "lon": 45}',
        '{"lat": 91, "lon": 45}',
        '{"lat": 41, "lon": -181}',
        '{"lat": NaN, "lon": 45}',
        '{"lat": 41, "lon": Infinity}',
        f'{{"lat": 1{"0" * 400}, "lon": 45}}',
    ],
)
def test_a_place_that_is_none_is_refused(world: World, place: str) -> None:
    resident = world.resident()
    response = resident.http.post(
        "/chat/messages",
        content=f'{{"id": "place-0001", "location": {place}}}',
        headers={"Content-Type": "application/json"},
    )
    assert (response.status_code, error_code(response)) == (400, "bad_location")
    assert resident.transcript() == []


def test_the_page_is_told_when_the_bot_asks_for_a_place(world: World) -> None:
    world.engine.answer = lambda body: {  # type: ignore[method-assign]
        "conversation": body["conversation"],
        "replies": [{"text": "სად არის?", "asks": "location"}],
        "language": "ka",
    }
    resident = world.resident()
    resident.say("ორმოა")
    assert resident.replies(1)[0]["asks"] == "location"
    policy = resident.http.get("/").headers["permissions-policy"]
    assert "geolocation=(self)" in policy


def test_a_photo_that_was_acknowledged_survives_a_restart(world: World) -> None:
    world.engine.ready = False
    resident = world.resident()
    for _number in itertools.repeat(None, 2):
        assert send(resident).status_code == 202
    world.stop()
    world.engine.ready = True
    again = world.resident(world.start())
    again.http.cookies = resident.http.cookies
    assert len(again.replies(2)) == 2
    assert [turn["attachment"]["type"] for turn in world.engine.turns] == ["image"] * 2

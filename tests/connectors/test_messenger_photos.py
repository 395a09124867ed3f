"""Checks 25, 26, 74 and 75 of the channels' rules through the webhook: what residents send."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.store import media
from connectors import media as keeping
from connectors import turns
from tests.connectors.messenger_world import Town, town
from tests.fakes import meta
from tests.fakes.files import bomb, photo

__all__ = ["town"]


def url(town: Town, name: str) -> str:
    """Give the address of a file that the platform keeps."""
    assert town.settings.messenger is not None
    return f"{town.settings.messenger.graph_url}/_files/{name}"


def send(town: Town, *urls: str, psid: str = "200", **more: Any) -> None:
    """Let a resident send photos in one message."""
    attachments = [{"type": "image", "payload": {"url": one}} for one in urls]
    town.meta.deliver(meta.message(psid, attachments=attachments, **more))


def attachments(town: Town) -> list[Any]:
    return [turn["attachment"] for turn in town.world.engine.turns if "attachment" in turn]


def kept(town: Town) -> list[Path]:
    folder = town.settings.var / "media"
    return [path for path in folder.rglob("*") if path.is_file()]


def test_checks_25_74_a_photo_reaches_the_engine_by_an_id_of_our_own(town: Town) -> None:
    town.graph.files.files["p.jpg"] = photo((3000, 2000))
    send(town, url(town, "p.jpg"))
    town.replies(1)
    [found] = attachments(town)
    assert set(found) == {"type", "media_id"}
    assert found["type"] == "image"
    row = town.database.call(media.find, found["media_id"])
    assert row is not None
    assert row.conversation == "fb:100:200"
    [path] = kept(town)
    assert path == town.settings.var / "media" / row.path
    image = Image.open(io.BytesIO(path.read_bytes()))
    assert not image.getexif()
    assert image.size == (row.width, row.height)
    # The platform's address of it is kept nowhere.
    assert "_files" not in str(town.rows("inbox", "body, raw"))


def test_check_26_photos_of_one_message_are_kept_each_in_order_with_one_answer(town: Town) -> None:
    for number in range(3):
        town.graph.files.files[f"{number}.jpg"] = photo((100 + number, 80))
    send(town, *(url(town, f"{number}.jpg") for number in range(3)), text="ორმოა აქ")
    town.wait(lambda: len(attachments(town)) == 3)
    town.quiet(0.1)
    rows = [town.database.call(media.find, found["media_id"]) for found in attachments(town)]
    assert [row.height for row in rows if row is not None] == [100, 101, 102]
    assert town.world.engine.turns[0]["text"] == "ორმოა აქ"
    # One answer to the words, one to the photos.
    assert len(town.sent()) == 2


def test_check_74_a_photo_that_is_none_or_too_much_gets_a_polite_answer(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = town.graph.files.files
    files["bomb.png"], files["exe.jpg"] = bomb(), b"MZ\x90\x00 this program cannot be run"
    files["large.jpg"], files["p.jpg"] = b"\xff\xd8\xff" + b"0" * 20_000_001, photo((60, 40))
    monkeypatch.setattr(keeping, "MOST_A_DAY", 1)
    for name in ("bomb.png", "exe.jpg", "large.jpg", "gone.jpg", "p.jpg", "p.jpg"):
        send(town, url(town, name))
    town.replies(6)
    refused = {"type": "unsupported", "what": "file"}
    found = attachments(town)
    assert [one == refused for one in found] == [True] * 4 + [False, True]
    assert len(kept(town)) == 1


def test_check_75_an_address_elsewhere_is_never_asked(town: Town) -> None:
    port = town.url.rpartition(":")[2]
    for address in (
        f"http://127.0.0.1:{port}/healthz",
        "http://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/x.jpg",
        "file:///etc/passwd",
        "https://evil.example/x.jpg",
        url(town, f"redirect?to=http://127.0.0.1:{port}/healthz"),
    ):
        send(town, address)
    town.replies(6)
    assert attachments(town) == [{"type": "unsupported", "what": "file"}] * 6
    assert kept(town) == []


@pytest.mark.slow
def test_a_file_server_that_is_away_for_a_moment_is_asked_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "DELAYS", (0.1,))
    send(town, url(town, "away"))
    town.wait(lambda: len(town.graph.files.asked) >= 2)
    assert attachments(town) == []
    town.replies(1)
    # In the end the resident is told that it did not work.
    assert town.sent()[0].text.startswith("ბოდიში")


def test_check_25_other_attachments_reach_the_engine_as_what_they_are(town: Town) -> None:
    place = {"type": "location", "payload": {"coordinates": {"lat": 41.53, "long": 45.01}}}
    for attachment in (place, {"type": "audio", "payload": {"url": "https://x/a"}}):
        town.meta.deliver(meta.message("200", attachments=[attachment]))
    town.replies(2)
    assert attachments(town) == [
        {"type": "location", "lat": 41.53, "lon": 45.01},
        {"type": "unsupported", "what": "voice"},
    ]


def test_words_sent_with_a_photo_are_told_as_such(town: Town) -> None:
    town.graph.files.files["c.jpg"] = photo((30, 20))
    send(town, url(town, "c.jpg"), text="აქ ორმოა")
    town.meta.say("200", "მორჩა")
    town.replies(3)
    told = [(turn.get("text"), turn.get("caption")) for turn in town.world.engine.turns]
    assert told == [("აქ ორმოა", True), (None, None), ("მორჩა", None)]

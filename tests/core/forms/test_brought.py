"""What came before any form, and how long it waits for one."""

from __future__ import annotations

import pytest

from bot.core.forms import brought, flow
from bot.core.forms.brought import Brought
from bot.core.forms.reading import NotUsable
from bot.core.forms.state import KEPT_SECONDS
from bot.core.submissions.model import Kind, Place
from tests.core.forms.test_flow import WORLD

OUTLINE = ((41.62, 44.93), (41.62, 45.03), (41.48, 45.02))
PIN = {"type": "location", "lat": 41.6, "lon": 45.0, "title": "კაფე"}


def image(id: str) -> dict[str, str]:
    return {"type": "image", "media_id": id}


def test_photos_gather_up_to_three_each_once_and_the_last_pin_counts() -> None:
    found = Brought()
    for sent in (*map(image, "abacd"), PIN, {**PIN, "lat": 41.61}):
        found = brought.take(found, sent, OUTLINE, 5.0)
    assert found.photos == ("a", "b", "c")
    assert found.pin == {"type": "location", "lat": 41.61, "lon": 45.0}
    assert Brought.from_json(found.to_json(), 6.0) == found
    with pytest.raises(NotUsable):
        brought.take(found, {**PIN, "lat": 41.72}, OUTLINE, 5.0)


@pytest.mark.parametrize("data", [None, "x", {"at": 1.0}])
def test_slot_that_holds_nothing_gives_nothing(data: object) -> None:
    assert Brought.from_json(data, 1.0).attachments() == []


def test_after_a_day_it_is_forgotten() -> None:
    data = Brought(("a",), None, 100.0).to_json()
    assert Brought.from_json(data, 100.0 + KEPT_SECONDS).photos == ("a",)
    assert Brought.from_json(data, 101.0 + KEPT_SECONDS) == Brought()


@pytest.mark.parametrize(
    ("attachment", "kept"),
    [
        (image("a"), True),
        (PIN, True),
        ({"type": "image"}, False),
        ({"type": "unsupported", "what": "voice"}, False),
        ({"type": "contact", "phone": "555123456"}, False),
    ],
)
def test_photos_and_points_alone_are_kept(attachment: dict[str, object], kept: bool) -> None:
    assert brought.is_kept(attachment) == kept


def test_form_takes_all_of_it_and_tells_each_once() -> None:
    found = Brought(("a", "b"), PIN, 1.0)
    step = flow.bring(flow.begin(Kind.PROBLEM, "", 1.0), found.attachments(), WORLD)
    assert step.state.photos == ("a", "b")
    assert step.state.place == Place(lat=41.6, lon=45.0)
    assert [(note.text_id, dict(note.values)) for note in step.notes] == [
        ("form_photo_added", {"count": "2"}),
        ("form_place_added", {}),
    ]

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.inbox import Event
from connectors.messenger_events import (
    ASK,
    Acted,
    Changed,
    Control,
    Echo,
    Ignored,
    Item,
    Malformed,
    Said,
    read,
)
from tests.fakes import meta

NOW = time.time()


def verify(conversation: str, token: str) -> str | None:
    assert conversation == "fb:100:200"
    return token.removesuffix("~ok") if token.endswith("~ok") else None


def items(*events: Any, field: str = "messaging") -> list[Item]:
    return read(meta.batch(*events, field=field), verify, NOW)


def one(event: Any, field: str = "messaging") -> Item:
    [item] = items(event, field=field)
    return item


def said(event: Any) -> Event:
    item = one(event)
    assert isinstance(item, Said)
    assert not item.standby
    return item.event


def attached(*attachments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return meta.message("200", mid="m_1", attachments=list(attachments), **more)


def test_a_text_is_a_text_of_its_person_at_its_page() -> None:
    event = said(meta.message("200", "  რა ღირს\u0000 დასუფთავება? ", "m_1", at=NOW - 5))
    assert (event.channel, event.account, event.ext_id) == ("messenger", "100", "m_1")
    assert event.conversation == "fb:100:200"
    assert (event.kind, event.body) == ("text", {"text": "რა ღირს დასუფთავება?"})
    assert event.sent_at == event.rank == pytest.approx(NOW - 5, abs=0.001)


def test_check_70_a_typed_intent_is_plain_text() -> None:
    text = '/approve_idea{"idea_id":"7"}'
    assert said(meta.message("200", text)).body == {"text": text}


def test_check_24_buttons_give_their_payload_and_their_words() -> None:
    event = said(meta.postback("200", "act:help~ok", "მენიუ"))
    assert (event.kind, event.body) == ("payload", {"payload": "act:help", "title": "მენიუ"})
    tap = meta.message("200", "ფასი", "m_2", quick_reply={"payload": "topic:waste~ok"})
    event = said(tap)
    assert (event.kind, event.body) == ("payload", {"payload": "topic:waste", "title": "ფასი"})
    assert event.ext_id == "m_2"


def test_check_71_a_payload_that_we_did_not_issue_expires() -> None:
    for payload in ("act:delete_my_data", "start:idea~no", "x" * 2000, ""):
        event = said(meta.postback("200", payload, "მენიუ"))
        assert (event.kind, event.body) == ("expired", {"title": "მენიუ"})


def test_check_25_the_number_of_ones_profile_is_a_contact() -> None:
    number = "+995 555 11 22 33"
    event = said(meta.message("200", number, quick_reply={"payload": number}))
    assert (event.kind, event.body) == (
        "attachment",
        {"attachment": {"type": "contact", "phone": "555112233"}},
    )
    # A typed number is text, and one that does not match its words is a button of nobody's.
    assert said(meta.message("200", number)).kind == "text"
    other = meta.message("200", "+995555000000", quick_reply={"payload": number})
    assert said(other).kind == "expired"


def test_a_question_of_the_start_page_counts_as_typed() -> None:
    event = said(meta.postback("200", ASK, "რა ღირს დასუფთავება?"))
    assert (event.kind, event.body) == ("text", {"text": "რა ღირს დასუფთავება?"})


def test_a_postback_without_mid_gets_the_same_key_each_time() -> None:
    press = meta.event("200", at=NOW, postback={"payload": "act:help~ok", "title": "მენიუ"})
    later = meta.event("200", at=NOW + 1, postback=press["postback"])
    first = said(press)
    assert said(press).ext_id == first.ext_id
    assert first.ext_id.startswith("postback:")
    assert said({**later, "timestamp": press["timestamp"] - 9}).ext_id != first.ext_id


PHOTO = {"type": "image", "payload": {"url": "https://scontent.xx.fbcdn.net/p.jpg"}}


def test_a_photo_is_fetched_when_its_turn_comes() -> None:
    event = said(attached(PHOTO))
    assert (event.kind, event.ext_id, event.album) == ("raw", "m_1#1", None)
    assert event.raw == {"picture": PHOTO["payload"]["url"]}
    assert event.body == {"attachment": {"type": "image"}}


def test_photos_of_one_message_are_one_album_and_a_text_goes_first() -> None:
    found = items(attached(PHOTO, PHOTO, PHOTO, text="ეს ორმოა"))
    events = [item.event for item in found if isinstance(item, Said)]
    assert [event.ext_id for event in events] == ["m_1", "m_1#1", "m_1#2", "m_1#3"]
    assert [event.album for event in events] == [None, "m_1", "m_1", "m_1"]
    assert len(items(attached(*[PHOTO] * 30))) == 10


@pytest.mark.parametrize(
    ("attachment", "expected"),
    [
        (
            {"type": "location", "payload": {"coordinates": {"lat": 41.53, "long": 45.01}}},
            {"type": "location", "lat": 41.53, "lon": 45.01},
        ),
        ({"type": "location", "payload": {"coordinates": {"lat": "x"}}}, "file"),
        ({"type": "location", "payload": {"coordinates": {"lat": 91, "long": 1}}}, "file"),
        ({"type": "location"}, "file"),
        ({"type": "sticker", "payload": {"url": "https://x/s.png"}}, "sticker"),
        ({"type": "image", "payload": {"url": "https://x/s.png", "sticker_id": 369}}, "sticker"),
        ({"type": "audio", "payload": {"url": "https://x/a.mp4"}}, "voice"),
        ({"type": "video", "payload": {"url": "https://x/v.mp4"}}, "video"),
        ({"type": "reel", "payload": {"url": "https://x/v.mp4"}}, "video"),
        ({"type": "ig_reel", "payload": {}}, "video"),
        ({"type": "file", "payload": {"url": "https://x/f.pdf"}}, "file"),
        ({"type": "image", "payload": None}, "file"),
        ({"type": "image"}, "file"),
        ({"type": "new_kind", "payload": []}, "file"),
    ],
)
def test_check_25_attachments_become_what_a_turn_may_carry(
    attachment: dict[str, Any], expected: Any
) -> None:
    event = said(attached(attachment))
    if isinstance(expected, str):
        expected = {"type": "unsupported", "what": expected}
    assert (event.kind, event.body) == ("attachment", {"attachment": expected})


def test_check_25_a_map_link_is_text() -> None:
    link = {
        "type": "fallback",
        "title": "რუსთავი",
        "payload": {
            "url": "https://l.facebook.com/l.php?u=https%3A%2F%2Fmaps.google.com%2F%3Fq%3D41.5%2C45.0&h=A"
        },
    }
    event = said(attached(link))
    assert (event.kind, event.body) == (
        "text",
        {"text": "რუსთავი\nhttps://maps.google.com/?q=41.5,45.0"},
    )
    # Typed words win over the preview of the link in them.
    assert said(attached(link, text="აქ არის ორმო")).body == {"text": "აქ არის ორმო"}


def test_a_message_without_anything_gets_a_polite_answer() -> None:
    event = said(meta.message("200", mid="m_1"))
    assert event.body == {"attachment": {"type": "unsupported", "what": "file"}}


def test_a_very_long_text_is_told_apart_and_shortened() -> None:
    event = said(meta.message("200", "ა" * 20_001))
    assert (event.kind, event.raw) == ("raw", {"own": "too_long"})
    assert len(event.body["text"]) == 500


def test_check_19_a_batch_of_3_entries_with_2_events_of_5_people() -> None:
    people = ["201", "202", "203", "204", "205", "201"]
    body = {
        "object": "page",
        "entry": [
            {"id": "100", "time": 1, "messaging": [meta.message(p, p) for p in people[n : n + 2]]}
            for n in (0, 2, 4)
        ],
    }
    found = read(body, lambda _conversation, _token: None, NOW)
    assert [item.event.body["text"] for item in found if isinstance(item, Said)] == people


@pytest.mark.parametrize(
    "event",
    [
        meta.event("200", delivery={"mids": ["m_1"], "watermark": 1}),
        meta.event("200", read={"watermark": 1}),
        meta.event("200", account_linking={"status": "linked"}),
        {"recipient": {"id": "100"}, "timestamp": 1, "policy_enforcement": {"action": "block"}},
        {"recipient": {"id": "100"}, "timestamp": 1, "policy-enforcement": {"action": "block"}},
        meta.event("200", request_thread_control={"requested_owner_app_id": "5"}),
        meta.event("200", messaging_feedback={"feedback_screens": []}),
        meta.event("200", response_feedback={"feedback": "Good"}),
        meta.event("200", something_new={"a": 1}),
        meta.event("200"),
    ],
)
def test_check_21_events_that_need_nothing_are_ignored(event: dict[str, Any]) -> None:
    assert isinstance(one(event), Ignored)


def test_check_21_changes_of_the_page_are_ignored() -> None:
    body = {"object": "page", "entry": [{"id": "100", "changes": [{"field": "feed"}, "x"]}]}
    assert read(body, verify, NOW) == [Ignored("changes.feed"), Ignored("changes")]


@pytest.mark.parametrize(
    "what",
    [
        {"reaction": {"action": "react", "emoji": "❤", "mid": "m_1"}},
        {"referral": {"ref": "forged:payload", "source": "SHORTLINK", "type": "OPEN_THREAD"}},
        {"optin": {"ref": "x"}},
    ],
)
def test_check_64_a_reaction_or_a_link_is_an_action_of_the_resident(what: dict[str, Any]) -> None:
    item = one(meta.event("200", at=NOW - 60, **what))
    assert isinstance(item, Acted)
    assert item.at == pytest.approx(NOW - 60, abs=0.001)


def test_check_22_an_echo_is_no_message_of_a_resident() -> None:
    item = one(meta.echo("200", "m_9", text="გამარჯობა", metadata="cbot:1:0:1"))
    assert isinstance(item, Echo)
    assert (item.page, item.conversation, item.mid) == ("100", "fb:100:200", "m_9")
    assert (item.text, item.metadata) == ("გამარჯობა", "cbot:1:0:1")
    assert item.app_id == "1517776481860111"
    image = one(meta.echo("200", "m_9", attachments=[PHOTO]))
    assert isinstance(image, Echo)
    assert image.text == ""


def test_check_23_standby_is_told_apart_also_a_button_without_its_payload() -> None:
    item = one(meta.message("200", "ხალხო!"), field="standby")
    assert isinstance(item, Said)
    assert item.standby
    item = one(meta.event("200", postback={"title": "მენიუ"}), field="standby")
    assert isinstance(item, Said)
    assert (item.event.kind, item.event.body) == ("text", {"text": "მენიუ"})


def test_check_23_control_goes_and_comes() -> None:
    passed = {"new_owner_app_id": 263902037430900, "metadata": "x"}
    item = one(meta.event("200", pass_thread_control=passed))
    assert isinstance(item, Control)
    assert item.owner == "263902037430900"
    item = one(meta.event("200", take_thread_control={"previous_owner_app_id": "5"}))
    assert isinstance(item, Control)
    assert item.owner is None


def test_check_27_edits_and_unsends_name_their_message() -> None:
    edit = meta.event("200", message_edit={"mid": "m_1", "text": " ახალი ", "num_edit": 2})
    found = one(edit)
    assert isinstance(found, Changed)
    assert (found.mid, found.text, found.number) == ("m_1", "ახალი", 2)
    gone = one(meta.message("200", mid="m_1", is_deleted=True))
    assert isinstance(gone, Changed)
    assert (gone.conversation, gone.mid, gone.text) == ("fb:100:200", "m_1", None)


def test_check_31_events_of_a_batch_are_in_the_order_of_their_time() -> None:
    shuffled = [meta.message("200", str(n), at=NOW - n) for n in (1, 3, 2)]
    found = items(*shuffled)
    assert [item.event.body["text"] for item in found if isinstance(item, Said)] == ["3", "2", "1"]


@pytest.mark.parametrize(
    "event",
    [
        None,
        "text",
        7,
        [],
        {},
        {"sender": None, "message": {"mid": "m", "text": "x"}},
        {"sender": {"id": 200}, "message": {"mid": "m", "text": "x"}},
        {"sender": {"id": "../200"}, "message": {"mid": "m", "text": "x"}},
        {"sender": {"id": "200:1"}, "message": {"mid": "m", "text": "x"}},
        meta.event("200", message={"text": "x"}),
        meta.event("200", message={"mid": 5, "text": "x"}),
        meta.event("200", message={"mid": "", "text": "x"}),
        meta.event("200", message={"mid": "\ud83d", "text": "x"}),
        meta.event("200", message={"mid": "m", "text": {"a": 1}}),
        meta.event("200", message={"mid": "m", "text": "x", "quick_reply": {"payload": 5}}),
        meta.event("200", postback={"title": "x"}),
        meta.event("200", postback={"payload": {"a": 1}, "title": "x"}),
        meta.event("200", message_edit={"text": "x"}),
        {"sender": {"id": "100"}, "message": {"mid": "m", "is_echo": True}},
    ],
)
def test_check_20_a_malformed_event_stops_no_other(event: Any) -> None:
    found = items(event, meta.message("200", "გამარჯობა"))
    kinds = [type(item) for item in found]
    assert Said in kinds
    assert kinds.count(Malformed) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"entry": None},
        {"entry": {"a": 1}},
        {"entry": [{"id": "100", "messaging": "x"}]},
        {"object": "page", "entry": [{}]},
    ],
)
def test_a_body_of_any_shape_is_read(body: dict[str, Any]) -> None:
    assert read(body, verify, NOW) == []


@pytest.mark.parametrize("timestamp", [None, "x", -1, 1e30, True, float("inf"), float("nan")])
def test_a_wrong_time_is_now(timestamp: Any) -> None:
    event = {**meta.message("200", "x"), "timestamp": timestamp}
    assert said(event).sent_at == NOW


def test_a_time_in_the_future_is_now() -> None:
    assert said(meta.message("200", "x", at=NOW + 9_999)).sent_at == NOW


def test_a_very_long_id_is_hashed() -> None:
    event = said(meta.message("200", "x", "m" * 5_000))
    assert len(event.ext_id) == 64


WORDS = ["sender", "recipient", "id", "message", "mid", "text", "attachments", "type", "payload"]
WORDS += ["url", "postback", "title", "quick_reply", "is_echo", "is_deleted", "timestamp", "image"]
WORDS += ["coordinates", "location", "message_edit", "fallback", "metadata", "pass_thread_control"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["200", "m_1", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner),
    max_leaves=25,
)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ANYTHING, max_size=4), st.sampled_from(["messaging", "standby", "changes"]))
def test_check_20_nothing_that_meta_could_send_breaks_the_reader(
    events: list[Any], field: str
) -> None:
    body = {"object": "page", "entry": [{"id": "100", field: events}, *events]}
    for item in read(body, lambda _conversation, _token: None, NOW):
        if isinstance(item, Said):
            json.dumps(item.event.body).encode()

"""Checks 1-29 of the channels' rules, as far as Messenger is concerned."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bot.store import letters, queues
from tests.connectors.messenger_world import Town, town
from tests.fakes import meta
from tests.fakes.meta import batch, escaped, sign

__all__ = ["town"]

VERIFY = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1158201444"}


def get(town: Town, **parameters: str) -> httpx.Response:
    return httpx.get(f"{town.url}/webhooks/messenger", params=parameters)


def test_check_01_right_mode_and_token_give_exactly_the_challenge(town: Town) -> None:
    response = get(town, **VERIFY)
    assert (response.status_code, response.text) == (200, "1158201444")
    assert response.headers["content-type"].startswith("text/plain")


def test_check_02_wrong_token_or_mode_is_403_without_the_challenge(town: Town) -> None:
    for change in (
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "ქართული"},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
    ):
        response = get(town, **{**VERIFY, **change})
        assert response.status_code == 403
        assert "1158201444" not in response.text


def test_checks_03_04_05_a_post_that_is_not_signed_is_403_and_nothing_is_stored(
    town: Town,
) -> None:
    body = escaped(batch(meta.message("200", "გამარჯობა")))
    wrong: list[dict[str, str]] = [
        {},
        {"X-Hub-Signature": "sha1=" + "0" * 40},
        {"X-Hub-Signature-256": "md5=" + "0" * 32},
        {"X-Hub-Signature-256": "nosuch=" + "0" * 64},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": sign("other-secret", body)},
    ]
    for headers in wrong:
        response = httpx.post(town.meta.url, content=body, headers=headers)
        assert response.status_code == 403, headers
    assert town.count("inbox") == town.count("conversations") == 0


def test_check_06_signature_over_raw_escaped_bytes(town: Town) -> None:
    body = escaped(batch(meta.message("200", "რა ღირს დასუფთავება?")))
    assert b"\\u10d3" in body
    changed = body.replace(b"\\u10d3", b"\\u10d4", 1)
    response = town.meta.post(changed, **{"X-Hub-Signature-256": sign("app-secret", body)})
    assert response.status_code == 403
    assert town.meta.post(body).status_code == 200
    [reply] = town.replies(1)
    assert "რა ღირს დასუფთავება?" in reply.text


def test_check_09_too_large_is_413_and_no_json_400_and_neither_is_stored(town: Town) -> None:
    for body, status in (
        (b'{"a":"' + b"0" * 1_000_001 + b'"}', 413),
        (b"no json", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 10_000 + b"]" * 10_000, 400),
        (b'{"entry":' + b"[" * 10_000 + b"]" * 10_000 + b"}", 400),
        (b'{"entry":' + b"9" * 10_000 + b"}", 400),
    ):
        assert town.meta.post(body).status_code == status, body[:20]
    assert town.count("inbox") == 0


def test_check_11_a_database_that_refuses_gives_5xx_so_that_meta_sends_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.store import inbox
    from bot.store.errors import StoreUnavailable

    real = inbox.add

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise StoreUnavailable("disk full")

    body = batch(meta.message("200", "გამარჯობა", "m_1"))
    monkeypatch.setattr(inbox, "add", refuse)
    assert town.meta.post(body).status_code == 503
    monkeypatch.setattr(inbox, "add", real)
    assert town.meta.post(body).status_code == 200
    town.replies(1)


@pytest.mark.slow
def test_check_12_a_hundred_webhooks_while_a_turn_sleeps(town: Town) -> None:
    gate = threading.Event()
    town.world.engine.delay = lambda body: gate if body["text"] == "ნელი" else 0.0
    town.meta.say("199", "ნელი")
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda number: town.meta.say(str(300 + number), "გამარჯობა"), range(100)))
    town.replies(100)
    assert town.sent("199") == []
    gate.set()
    town.replies(101)


def test_check_13_a_client_that_closes_early_gets_its_answer_all_the_same(town: Town) -> None:
    town.world.engine.delay = 0.5
    body = escaped(batch(meta.message("200", "გამარჯობა")))
    headers = {"X-Hub-Signature-256": sign("app-secret", body)}
    with pytest.raises(httpx.TimeoutException):
        httpx.post(town.meta.url, content=body, headers=headers, timeout=0.001)
    # Meta sends it again.
    town.meta.post(body)
    town.replies(1)
    town.quiet()
    assert len(town.sent()) == 1


def test_checks_14_15_the_same_mid_many_times_gets_one_reply(town: Town) -> None:
    body = batch(meta.message("200", "გამარჯობა", "m_same"))

    def post(_number: int) -> int:
        return town.meta.post(body).status_code

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(post, range(50))) == {200}
    town.replies(1)
    town.quiet()
    town.meta.post(body)
    town.world.stop()
    town.start()
    town.meta.post(body)
    town.quiet()
    assert len(town.sent()) == 1
    assert town.count("inbox") == 1
    assert len(town.world.engine.turns) == 1


def test_check_16_the_same_mid_on_two_pages_is_two_conversations(town: Town) -> None:
    for page in ("100", "101"):
        town.meta.say("200", f"გვერდი {page}", page, "m_same")
    sent = town.replies(2)
    assert {(one.page, one.psid) for one in sent} == {("100", "200"), ("101", "200")}
    assert {turn["conversation"] for turn in town.world.engine.turns} == {
        "fb:100:200",
        "fb:101:200",
    }


def test_check_19_a_batch_is_handled_whole(town: Town) -> None:
    people = ["201", "202", "203", "204", "205", "201"]
    events = [meta.message(person, f"{person}-{n}") for n, person in enumerate(people)]
    body = {
        "object": "page",
        "entry": [{"id": "100", "time": 1, "messaging": events[n : n + 2]} for n in (0, 2, 4)],
    }
    assert town.meta.post(body).status_code == 200
    town.replies(6)
    assert town.answers("201") == ["201-0", "201-5"]


def test_check_20_a_malformed_event_becomes_a_dead_letter_and_the_others_are_handled(
    town: Town,
) -> None:
    broken = {"sender": {"id": "200"}, "message": {"mid": "\ud83d", "text": "\ud83d"}}
    for _again in range(2):
        town.meta.deliver(broken, meta.message("200", "გამარჯობა", "m_1"))
    town.replies(1)
    town.wait(lambda: town.count("inbox", "state = 'dead'") == 1)
    town.quiet()
    assert len(town.sent()) == 1
    [dead] = town.database.call(letters.letters, letters.INBOX, "dead")
    assert "mid" in str(dead.error)


def test_check_21_events_without_a_question_get_no_turn(town: Town) -> None:
    events = [
        meta.event("200", delivery={"mids": ["m_1"], "watermark": 1}),
        meta.event("200", read={"watermark": 1}),
        meta.event("200", reaction={"action": "react", "emoji": "❤", "mid": "m_1"}),
        meta.event("200", referral={"ref": "x", "source": "SHORTLINK", "type": "OPEN_THREAD"}),
        meta.event("200", optin={"ref": "x"}),
        meta.event("200", something_new={}),
    ]
    town.meta.deliver(*events)
    changes = {"object": "page", "entry": [{"id": "100", "changes": [{"field": "feed"}]}]}
    assert town.meta.post(changes).status_code == 200
    assert town.meta.post({"object": "instagram", "entry": []}).status_code == 200
    town.quiet(0.3)
    assert (town.world.engine.turns, town.count("inbox"), town.graph.sent) == ([], 0, [])


def test_check_22_an_echo_gets_no_turn(town: Town) -> None:
    photo = {"type": "image", "payload": {"url": "https://scontent.xx.fbcdn.net/p.jpg"}}
    town.meta.deliver(
        meta.echo("200", "m_8", text="გამარჯობა, მერიიდან გწერთ"),
        meta.echo("200", "m_9", attachments=[photo]),
        meta.echo("200", "m_8", text="გამარჯობა, მერიიდან გწერთ"),
    )
    town.quiet(0.3)
    assert town.world.engine.turns == []
    assert town.count("inbox") == 0
    # What a person said stands in the transcript, once, and is not sent again.
    rows = town.rows("outbox", "kind, author, state, platform_id")
    assert [tuple(row) for row in rows] == [
        ("echo", "person", "done", "m_8"),
        ("echo", "person", "done", "m_9"),
    ]
    assert town.graph.sent == []
    # Without the setting the bot goes on answering.
    town.meta.say("200", "რა ღირს დასუფთავება?")
    town.replies(1)


@pytest.mark.slow
def test_check_22_a_staff_reply_pauses_the_bot_if_configured(town: Town) -> None:
    town.world.stop()
    town.start(staff_pause=600.0, app_id="1517776481860111")
    town.meta.say("200", "გამარჯობა")
    town.replies(1)
    # An echo of our own app changes nothing.
    town.meta.deliver(meta.echo("200", "m_7", text="ჩემი"))
    town.meta.say("200", "კიდევ ერთი")
    town.replies(2)
    person = meta.echo("200", "m_8", text="მერიიდან გწერთ")
    person["message"]["app_id"] = 263902037430900
    town.meta.deliver(person)
    town.meta.say("200", "გმადლობთ!")
    town.quiet(0.4)
    assert len(town.sent()) == 2
    assert town.count("inbox", "state = 'held'") == 1
    # The time is over: the bot answers, says so, and leaves alone what the person answered.
    town.run("UPDATE messenger_quiet SET until = :now", now=time.time() - 1)
    town.meta.say("200", "რა ღირს?")
    town.replies(3)
    town.quiet()
    assert town.answers()[2:] == ["რა ღირს?"]
    assert town.graph.texts()[-2].startswith("გწერთ C-Bot")


def test_check_23_standby_is_stored_and_the_bot_is_silent_until_control_returns(
    town: Town,
) -> None:
    town.meta.say("200", "გამარჯობა")
    town.replies(1)
    passed = {"new_owner_app_id": "263902037430900", "metadata": ""}
    town.meta.deliver(meta.event("200", pass_thread_control=passed))
    standby = batch(meta.message("200", "ადამიანს მოველაპარაკები"), field="standby")
    press = batch(meta.event("200", postback={"title": "მენიუ"}), field="standby")
    for body in (standby, press):
        assert town.meta.post(body).status_code == 200
    town.quiet(0.3)
    assert len(town.sent()) == 1
    assert town.count("inbox", "state = 'held'") == 2
    returned = {"new_owner_app_id": "1517776481860111", "previous_owner_app_id": "2639"}
    town.meta.deliver(meta.event("200", pass_thread_control=returned))
    town.meta.say("200", "რა ღირს?")
    town.replies(2)
    town.quiet()
    # What was said to the person is not answered by the bot.
    assert town.answers() == ["გამარჯობა", "რა ღირს?"]


def test_check_23_a_message_to_us_shows_that_control_lapsed(town: Town) -> None:
    standby = batch(meta.message("200", "ადამიანს", at=time.time() - 90_000), field="standby")
    assert town.meta.post(standby).status_code == 200
    # One sent before control was taken, and delivered late, does not.
    town.meta.deliver(meta.message("200", "ძველი", at=time.time() - 95_000))
    town.quiet(0.3)
    assert town.sent() == []
    town.meta.say("200", "ისევ აქ ვარ")
    town.replies(1)
    town.quiet()
    assert town.answers() == ["ისევ აქ ვარ"]


@pytest.mark.slow
def test_check_23_a_conversation_that_staff_hold_stays_on_hold(town: Town) -> None:
    town.meta.say("200", "გამარჯობა")
    town.replies(1)
    town.database.call(queues.hold, "fb:100:200")
    town.meta.post(batch(meta.message("200", "ერთი"), field="standby"))
    town.meta.say("200", "ორი")
    town.quiet(0.3)
    assert len(town.sent()) == 1


def test_check_24_buttons_reach_the_engine_as_what_they_say(town: Town) -> None:
    town.meta.say("200", "რა ღირს?")
    [reply] = town.replies(1)
    price, menu = reply.buttons
    assert (price["title"], menu["title"]) == ("ფასი", "მენიუ")
    town.meta.deliver(meta.postback("200", price["payload"], "ფასი"))
    tap = meta.message("200", "მენიუ", quick_reply={"payload": menu["payload"]})
    town.meta.deliver(tap)
    town.meta.deliver(meta.postback("200", "act:greet", "დაწყება"))
    town.replies(4)
    assert [turn.get("payload") for turn in town.world.engine.turns] == [
        None,
        "attribute:local_fees.cleaning_fee:price",
        "act:help",
        "act:greet",
    ]


@pytest.mark.slow
def test_check_27_unsending_before_the_answer_takes_the_question_back(town: Town) -> None:
    town.world.engine.ready = False
    time.sleep(0.3)
    town.wait(lambda: httpx.get(f"{town.url}/readyz").json()["engine"] is False)
    mids = [town.meta.say("200", words) for words in ("წავშლი ამას", "შევცვლი", "დარჩება")]
    town.meta.deliver(meta.message("200", mid=mids[0], is_deleted=True))
    town.meta.deliver(meta.event("200", message_edit={"mid": mids[1], "text": "შევცვალე"}))
    town.world.engine.ready = True
    town.replies(2)
    town.quiet()
    assert town.answers() == ["შევცვალე", "დარჩება"]
    assert town.count("inbox") == 3
    # After the answer the words go, and the engine decides whether a form forgets them.
    answered = town.world.engine.turns[-1]
    town.meta.deliver(meta.message("200", mid=mids[2], is_deleted=True))
    town.meta.deliver(meta.message("200", mid="m_unknown", is_deleted=True))
    town.wait(lambda: len(town.world.engine.turns) == 3)
    town.quiet(0.3)
    told = town.world.engine.turns[-1]
    assert (told["payload"], told["edit_of"]) == ("form:resume", answered["message_id"])
    assert len(town.world.engine.turns) == 3
    assert "დარჩება" not in str(town.rows("inbox", "body"))


def test_check_27_what_an_edit_brings_is_stored_without_its_numbers(town: Town) -> None:
    mid = town.meta.say("200", "ორმო კოსტავაზე")
    town.replies(1)
    edit = {"mid": mid, "text": "ორმო კოსტავაზე, პირადი 01017012345"}
    town.meta.deliver(meta.event("200", message_edit=edit))
    town.wait(lambda: len(town.world.engine.turns) == 2)
    town.quiet()
    assert "01017012345" not in str(town.rows("inbox", "body, raw"))


def test_a_page_without_a_token_is_not_taken(town: Town) -> None:
    town.meta.deliver(meta.message("200", "გამარჯობა", page="999"), page="999")
    assert town.count("inbox") == 0


def test_check_27_an_edit_after_the_answer_is_the_engines_to_decide(town: Town) -> None:
    mid = town.meta.say("200", "ორმო კოსტავაზე")
    town.replies(1)
    town.quiet(0.1)
    edit = meta.event("200", message_edit={"mid": mid, "text": "ორმო ლესელიძეზე", "num_edit": 1})
    for _again in range(2):
        town.meta.deliver(edit)
    town.meta.deliver(meta.event("200", message_edit={"mid": "m_unknown", "text": "სხვა"}))
    town.replies(2)
    town.quiet(0.1)
    first, second = town.world.engine.turns
    assert (second["text"], second["edit_of"]) == ("ორმო ლესელიძეზე", first["message_id"])

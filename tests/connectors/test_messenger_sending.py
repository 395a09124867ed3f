"""Checks 45-59 of the channels' rules, as far as Messenger is concerned."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.settings import Credential, Secret
from bot.store import channels, conversations, queues
from connectors import graph, messenger, outbox
from tests.connectors.messenger_world import Town, town
from tests.fakes import meta
from tests.fakes.graph import TOKEN_INVALID
from tests.fakes.graph_rules import DEAD_TAGS, Error

__all__ = ["town"]


def echo_of(town: Town, number: int = -1) -> dict[str, Any]:
    """Give the echo of a message that Meta took."""
    sent = town.graph.sent[number]
    return meta.echo(
        sent.psid, sent.mid, sent.page, metadata=sent.payload["message"]["metadata"], text=sent.text
    )


def introduce(town: Town, psid: str = "200") -> None:
    """Let a person be known, so that what follows is all that is sent."""
    town.meta.say(psid, "გამარჯობა")
    town.replies(1, psid)
    town.quiet(0.1)
    town.graph.sent[:] = [sent for sent in town.graph.sent if sent.psid != psid]


def test_check_45_5000_letters_become_parts_in_order_and_nothing_is_lost(town: Town) -> None:
    words = " ".join(f"წინადადება ნომერი {number}." for number in range(230))
    assert len(words) > 5_000
    town.meta.say("200", words)
    sent = town.replies(3)
    assert all(len(one.text) < 2_000 for one in sent)
    assert (
        " ".join(one.text for one in sent).removeprefix("თქვენ თქვით: ").partition("\n")[0] == words
    )
    # The buttons stand under the last of them.
    assert [len(one.buttons) for one in sent] == [0] * (len(sent) - 1) + [2]


def test_a_part_that_failed_is_sent_again_without_those_that_were_taken(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "FIRST_DELAY", 0.1)
    introduce(town)
    town.graph.failures.extend([0.0, Error(1200), 0.0, Error(2), Error(1200)])
    words = " ".join(f"წინადადება ნომერი {number}." for number in range(230))
    town.meta.say("200", words)
    sent = town.replies(3)
    town.quiet()
    assert (
        " ".join(one.text for one in sent).removeprefix("თქვენ თქვით: ").partition("\n")[0] == words
    )


def test_check_47_fourteen_options_become_pages_and_none_is_dropped(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    buttons = [{"title": f"თემა {n}", "payload": f"topic:t{n}"} for n in range(14)]

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        text = body.get("payload") or "აირჩიეთ"
        given = [] if "payload" in body else buttons
        return {"language": "ka", "replies": [{"text": text, "buttons": given}]}

    monkeypatch.setattr(town.world.engine, "answer", answer)
    town.meta.say("200", "მენიუ")
    sent = town.replies(2)
    pressed = [button for one in sent for button in one.buttons]
    assert [button["title"] for button in pressed] == [f"თემა {n}" for n in range(14)]
    town.meta.deliver(meta.postback("200", pressed[13]["payload"], "თემა 13"))
    assert town.replies(3)[2].text == "topic:t13"


def test_check_50_every_send_carries_what_it_must_and_the_token_is_in_no_log(
    town: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(outbox, "FIRST_DELAY", 0.05)
    town.graph.failures.extend([Error(1200), Error(2), Error(100)])
    town.graph.action_failures.append(TOKEN_INVALID)
    town.world.engine.delay = 0.4
    for words in ("რა ღირს დასუფთავება?", "გაჩერება", "ჩემი ნომერია 555112233"):
        town.meta.say("200", words)
    town.replies(3)
    town.quiet()
    assert len(town.graph.requests) >= 5
    for request in town.graph.requests:
        assert request["path"].startswith("/v26.0/100/")
        assert len(request["query"]["appsecret_proof"]) == 64
        if "message" in request["payload"]:
            assert request["payload"]["messaging_type"] == "RESPONSE"
            assert request["payload"]["message"]["metadata"].startswith("cbot:")
        else:
            assert set(request["payload"]) == {"recipient", "sender_action"}
    shown = [record for record in caplog.records if record.levelno >= logging.INFO]
    told = "\n".join(record.getMessage() for record in shown)
    proof = town.graph.requests[0]["query"]["appsecret_proof"]
    for secret in ("EAAG", "app-secret", proof, "verify-me"):
        assert secret not in caplog.text
    # Check 77: nothing of what was said either, from INFO on.
    for words in ("დასუფთავება", "555112233"):
        assert words not in told


def test_check_51_no_request_ever_carries_a_dead_tag(town: Town) -> None:
    town.meta.say("200", "გამარჯობა")
    town.replies(1)
    for request in town.graph.requests:
        assert not DEAD_TAGS & set(map(str, request["payload"].values()))
    source = Path(messenger.__file__).parent
    for path in source.glob("*.py"):
        assert not any(tag in path.read_text(encoding="utf-8") for tag in DEAD_TAGS)


@pytest.mark.slow
def test_check_54_a_rate_limit_pauses_the_page_and_nothing_is_lost(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    introduce(town)
    introduce(town, "201")
    monkeypatch.setattr(graph, "PAUSE", 1.5)
    town.graph.failures.append(Error(613))
    town.meta.say("200", "ერთი")
    town.wait(lambda: town.database.call(channels.state, "messenger", "100").paused_until)
    refused_at = max(r["at"] for r in town.graph.requests if "message" in r["payload"])
    town.meta.say("201", "ორი")
    town.meta.say("200", "სამი")
    sent = town.replies(3)
    assert min(one.at for one in sent) - refused_at >= 1.5
    assert town.answers("200") == ["ერთი", "სამი"]
    assert town.answers("201") == ["ორი"]


def test_check_55_what_is_temporary_is_tried_again_and_then_given_up(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    introduce(town)
    monkeypatch.setattr(outbox, "FIRST_DELAY", 0.02)
    monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 4)
    town.graph.failures.extend([Error(1200), Error(2), Error(4999, status=500)])
    town.meta.say("200", "ერთი")
    town.replies(1)
    town.graph.failures.extend([Error(1200), Error(1), Error(2), Error(1, status=500)])
    town.meta.say("200", "ორი")
    town.meta.say("200", "სამი")
    town.replies(2)
    town.quiet(0.1)
    assert town.answers() == ["ერთი", "სამი"]
    assert town.database.call(queues.outbox_state, time.time()).dead == 1


@pytest.mark.slow
def test_check_56_who_blocked_us_is_not_tried_again_until_they_write(town: Town) -> None:
    for psid, failure in (
        ("200", Error(10, 2018108)),
        ("201", Error(551)),
        ("202", Error(200, 1545041)),
    ):
        introduce(town, psid)
        town.graph.failures.append(failure)
        town.meta.say(psid, "ერთი")
        held = f"state = 'held' AND conversation = 'fb:100:{psid}'"
        town.wait(lambda held=held: town.count("outbox", held) == 1)
        assert unreachable(town, psid) == "blocked"
    calls = town.graph.calls["messages"]
    time.sleep(0.8)
    assert town.graph.calls["messages"] == calls
    for psid in ("200", "201", "202"):
        town.meta.say(psid, "დავბრუნდი")
        town.replies(2, psid)
        assert town.answers(psid) == ["ერთი", "დავბრუნდი"]
        assert unreachable(town, psid) is None


def unreachable(town: Town, psid: str) -> str | None:
    contact = town.database.call(conversations.contact, f"fb:100:{psid}")
    assert contact is not None
    return contact.unreachable


@pytest.mark.slow
def test_check_57_an_invalid_token_stops_sending_until_it_is_replaced_without_a_restart(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("connectors.service.PROBE_SECONDS", 0.3)
    file = tmp_path / "page-token"
    file.write_text("EAAG-old\n")
    town.world.stop()
    town.start(page_token=Credential(Secret("EAAG-old"), file), pages=("100",))
    for words in ("ერთი", "ორი", "სამი"):
        town.meta.say("200", words)
    town.meta.say("201", "ოთხი")
    town.wait(lambda: town.database.call(channels.state, "messenger", "100").stopped)
    town.wait(lambda: town.count("outbox", "state = 'new'") >= 4)
    time.sleep(1.0)
    assert town.graph.sent == []
    alarms = [record for record in caplog.records if "ALARM" in record.getMessage()]
    assert len(alarms) == 1
    calls = town.graph.calls["messages"]
    time.sleep(0.5)
    assert town.graph.calls["messages"] == calls
    file.write_text("EAAG-token\n")
    town.replies(4)
    assert town.answers("200") == ["ერთი", "ორი", "სამი"]


@pytest.mark.slow
def test_check_58_a_wrong_recipient_is_not_tried_again(town: Town) -> None:
    introduce(town)
    town.graph.failures.append(Error(100, 2018001))
    town.meta.say("200", "ერთი")
    town.meta.say("200", "ორი")
    town.replies(1)
    town.quiet(0.1)
    assert town.answers() == ["ორი"]
    assert town.database.call(queues.outbox_state, time.time()).dead == 1


@pytest.mark.slow
def test_check_59_a_platform_that_hangs_delays_nobody_else(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    introduce(town)
    introduce(town, "201")
    monkeypatch.setattr(graph, "TIMEOUT", (0.5, 15.0))
    monkeypatch.setattr(messenger, "ECHO_SECONDS", 0.5)
    town.graph.failures.append(3600.0)
    town.meta.say("200", "ერთი")
    town.wait(lambda: not town.graph.failures)
    town.meta.say("201", "ორი")
    for _look in range(5):
        assert httpx.get(f"{town.url}/healthz").status_code == 200
    # It is tried again: nobody told what became of it. Others had their answers by then.
    town.replies(2)
    assert [sent.psid for sent in town.sent()] == ["201", "200"]
    assert town.answers() == ["ორი", "ერთი"]


@pytest.mark.slow
def test_check_59_failing_sender_actions_never_stop_a_reply(town: Town) -> None:
    town.world.engine.delay = 0.5
    for number, failure in enumerate([Error(100), TOKEN_INVALID, Error(1, status=500), 3600.0]):
        town.graph.action_failures.extend([failure] * 2)
        town.meta.say(str(200 + number), "რა ღირს?")
        town.replies(number + 1)


@pytest.mark.slow
def test_a_message_is_seen_and_the_answer_is_being_written(town: Town) -> None:
    gate = town.world.engine.delay = threading.Event()
    town.meta.say("200", "რა ღირს?")
    town.wait(lambda: len(town.graph.actions) >= 2)
    assert town.graph.actions[:2] == [("200", "mark_seen"), ("200", "typing_on")]
    assert town.sent() == []
    gate.set()
    town.replies(1)


@pytest.mark.slow
def test_a_restricted_page_rests_and_somebody_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(messenger, "RESTRICTED", 0.5)
    introduce(town)
    town.graph.failures.append(Error(368))
    town.meta.say("200", "ერთი")
    town.replies(1)
    assert any("ALARM" in record.getMessage() for record in caplog.records)


@pytest.mark.slow
def test_an_echo_settles_a_send_of_which_nobody_knows(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    introduce(town)
    patient = graph.TIMEOUT
    monkeypatch.setattr(graph, "TIMEOUT", (0.5, 0.5))
    monkeypatch.setattr(messenger, "ECHO_SECONDS", 60.0)
    town.graph.failures.append(2.0)
    town.meta.say("200", "ერთი")
    town.wait(lambda: len(town.graph.sent) == 1)
    town.wait(lambda: town.count("outbox", "state = 'new'") == 1)
    # Only this one send is cut off, however slow the machine is.
    monkeypatch.setattr(graph, "TIMEOUT", patient)
    # Somebody else's echo, or one that names another message, settles nothing.
    town.meta.deliver({**echo_of(town), "recipient": {"id": "201"}})
    assert town.count("outbox", "state = 'new'") == 1
    town.meta.deliver(echo_of(town))
    town.wait(lambda: town.count("outbox", "state = 'new'") == 0)
    town.meta.say("200", "ორი")
    town.replies(2)
    town.quiet()
    assert town.answers() == ["ერთი", "ორი"]
    assert town.count("outbox", "platform_id IS NOT NULL") == town.count("outbox")


@pytest.mark.slow
def test_an_echo_that_comes_before_the_answer_of_the_send_changes_nothing(town: Town) -> None:
    introduce(town)
    town.graph.failures.append(0.7)
    town.meta.say("200", "ერთი")
    town.wait(lambda: not town.graph.failures)
    id = town.rows("outbox", "id")[-1][0]
    early = meta.echo("200", "m_early", metadata=messenger.metadata(id, 0, 1), text="ერთი")
    town.meta.deliver(early)
    town.replies(1)
    town.quiet()
    assert len(town.sent()) == 1
    assert town.count("outbox", "state = 'done'") == town.count("outbox")

"""Telegram when something is wrong: at the platform, on the way, or with us."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import Connection

from bot.settings import Credential, Secret
from bot.store import channels, outbox, queues
from connectors import outbox as sending
from connectors import service, telegram_receiving
from connectors.channel import Limits
from connectors.limits import Floods
from connectors.telegram import Telegram
from connectors.telegram_api import CALL_SECONDS
from tests.connectors.telegram_world import TelegramWorld
from tests.connectors.world import QUICK, said
from tests.fakes.telegram import SECRET, TOKEN


def test_52_after_429_nothing_is_sent_before_its_time_and_the_order_stays(
    tg: TelegramWorld,
) -> None:
    tg.start()
    telegram = tg.telegram
    telegram.fail("sendMessage", 429, "Too Many Requests: retry after 2", retry_after=2)
    telegram.say(1, "0")
    # What was on its way to somebody else at that moment could not be held back any more.
    telegram.wait(lambda: tg.store(channels.state, "telegram", "77").paused_until is not None)
    telegram.say(1, "1")
    telegram.say(2, "2")
    telegram.replies(1, 2)
    telegram.replies(2, 1)
    times = [at for method, _given, at in telegram.calls if method == "sendMessage"]
    assert times[1] - times[0] >= 2.0
    assert len(times) == 4
    first, second = tg.turns(1)
    assert tg.texts(1) == said(str(first["text"]), str(second["text"]))


def test_49_the_press_of_a_button_is_acknowledged_while_the_turn_is_slow(
    tg: TelegramWorld,
) -> None:
    tg.start()
    telegram = tg.telegram
    telegram.say(1, "ერთი")
    (answer,) = telegram.replies(1, 1)
    gate = tg.engine.delay = threading.Event()
    telegram.press(1, answer, "მენიუ")
    telegram.wait(lambda: sum(telegram.answered.values()) == 1)
    telegram.wait(lambda: telegram.count("sendChatAction") >= 1)
    assert len(telegram.sent) == 1
    gate.set()
    telegram.replies(1, 2)


def test_41_messages_written_while_telegram_was_away_at_the_start_are_answered(
    tg: TelegramWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_receiving, "PAUSES", (0.1,))
    telegram = tg.telegram
    telegram.fail("deleteWebhook", 502, "Bad Gateway", times=3)
    telegram.fail("getUpdates", 500, "Internal Server Error", times=2)
    telegram.say(1, "ერთი")
    server = tg.start()
    assert httpx.get(f"{server.url}/readyz").status_code == 200
    telegram.replies(1, 1)


def test_57_a_refused_token_stops_sending_alarms_once_and_a_new_one_resumes(
    tg: TelegramWorld,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(telegram_receiving, "PAUSES", (0.2,))
    monkeypatch.setattr(service, "PROBE_SECONDS", 0.2)
    file = tmp_path / "token"
    file.write_text(TOKEN)
    assert tg.settings.telegram is not None
    own = replace(tg.settings.telegram, token=Credential(Secret(TOKEN), file))
    server = tg.start(telegram=own)
    telegram = tg.telegram
    telegram.say(1, "ერთი")
    telegram.replies(1, 1)
    gate = tg.engine.delay = threading.Event()
    telegram.say(1, "ორი")
    telegram.wait(lambda: len(tg.engine.turns) == 2)
    telegram.tokens = {"77:new"}
    gate.set()
    telegram.wait(lambda: bool(tg.store(channels.state, "telegram", "77").stopped))
    telegram.wait(lambda: tg.store(queues.outbox_state, time.time()).waiting == 1)
    time.sleep(1.0)
    told = httpx.get(f"{server.url}/readyz").json()
    assert told["channels"]["telegram"]["token"] == "refused"
    assert told["outbox"]["waiting"] == 1
    assert 'cbot_channel_up{channel="telegram"} 0' in httpx.get(f"{server.url}/metrics").text
    assert sum(record.levelno == logging.CRITICAL for record in caplog.records) == 1
    file.write_text("77:new")
    telegram.replies(1, 2)
    assert tg.texts(1) == said("ერთი", "ორი")
    telegram.say(1, "სამი")
    telegram.replies(1, 3)
    assert tg.store(channels.state, "telegram", "77").stopped is None
    for record in caplog.records:
        assert TOKEN not in record.getMessage()


def test_55_an_error_of_the_server_is_tried_again_with_growing_delays(
    tg: TelegramWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "FIRST_DELAY", 0.1)
    tg.start()
    telegram = tg.telegram
    telegram.fail("sendMessage", 502, "Bad Gateway", times=3)
    telegram.say(1, "ერთი")
    telegram.replies(1, 1)
    times = [at for method, _given, at in telegram.calls if method == "sendMessage"]
    gaps = [b - a for a, b in pairwise(times)]
    # At the least; a busy machine may make each of them longer.
    assert all(gap > least for gap, least in zip(gaps, (0.07, 0.15, 0.31), strict=True))


def test_59_a_typing_sign_that_fails_stops_no_reply(tg: TelegramWorld) -> None:
    tg.engine.delay = 0.6
    tg.start()
    tg.telegram.fail("sendChatAction", 400, "Bad Request: chat not found", times=9)
    tg.telegram.delay["sendChatAction"] = 3600.0
    tg.telegram.say(1, "ერთი")
    tg.telegram.replies(1, 1)


@pytest.mark.slow
def test_59_a_telegram_that_hangs_for_a_minute_is_given_up_within_ten_seconds(
    tg: TelegramWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "FIRST_DELAY", 0.1)
    server = tg.start()
    telegram = tg.telegram
    assert CALL_SECONDS <= 10
    telegram.delay["sendMessage"] = 3600.0
    telegram.say(1, "ერთი")
    telegram.wait(lambda: len(tg.engine.turns) == 1)
    web = tg.resident(server)
    web.say("გამარჯობა")
    web.replies(1)
    lags = []
    with httpx.Client(base_url=server.url) as client:
        for _ in range(20):
            before = time.monotonic()
            client.get("/healthz")
            lags.append(time.monotonic() - before)
            time.sleep(0.02)
    # Far from the call's ten seconds, on however slow a machine.
    assert sorted(lags)[10] < 5.0
    # The call that hangs goes on hanging and was not taken; the next one is answered at once.
    telegram.delay.clear()
    telegram.replies(1, 1)
    assert telegram.count("sendMessage") == 1


@pytest.mark.slow
def test_of_two_processes_one_asks_telegram_and_the_other_takes_over(tg: TelegramWorld) -> None:
    first = tg.start()
    tg.start()
    telegram = tg.telegram
    for number in range(6):
        telegram.say(number, f"{number}")
    for number in range(6):
        telegram.replies(number, 1)
    time.sleep(0.5)
    assert len(telegram.sent) == 6
    first.__exit__()
    telegram.say(7, "შვიდი")
    telegram.replies(7, 1)


@pytest.mark.slow
def test_73_a_flood_is_limited_politely_and_others_are_served(tg: TelegramWorld) -> None:
    tg.start()
    telegram = tg.telegram
    began = time.monotonic()
    for number in range(200):
        telegram.say(1, f"{number}")
    telegram.say(2, "მე")
    telegram.replies(2, 1)
    # All of the flood was taken by then, for it came first.
    most = Floods.BURST + Floods.PER_SECOND * (time.monotonic() - began) + 1
    telegram.wait(lambda: len(tg.turns(1)) >= Floods.BURST)
    time.sleep(0.5)
    assert len(tg.turns(1)) <= most


def test_engine_away_shows_typing_at_once_and_asks_for_patience_once(tg: TelegramWorld) -> None:
    tg.engine.ready = False
    tg.start(replace(QUICK, patience=1.0))
    telegram = tg.telegram
    telegram.say(1, "ერთი")
    telegram.wait(lambda: telegram.count("sendChatAction") >= 1)
    telegram.replies(1, 1)
    time.sleep(1.5)
    assert tg.texts(1) == ["მივიღე, პასუხს ცოტა ხანში მოგწერთ."]
    tg.engine.ready = True
    telegram.replies(1, 2)
    assert tg.texts(1)[1:] == said("ერთი")


def test_77_the_log_holds_neither_words_nor_token_nor_number(
    tg: TelegramWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tg.start()
    telegram = tg.telegram
    telegram.fail("sendMessage", 500, "Internal Server Error")
    telegram.say(1, "საიდუმლო სიტყვა")
    contact = {"phone_number": "+995599123456", "first_name": "ნ", "user_id": 1}
    telegram.send(1, contact=contact)
    telegram.photo(1, "gone")
    telegram.replies(1, 3)
    written = "\n".join(record.getMessage() for record in caplog.records)
    for secret in (TOKEN, SECRET, "საიდუმლო", "599123456", "/file/bot"):
        assert secret not in written


@pytest.mark.slow
def test_33_eighty_messages_of_one_resident_are_all_answered_in_order(
    tg: TelegramWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Telegram, "limits", Limits(1000.0, 1000.0, 1000.0))
    tg.start()
    for number in range(80):
        tg.telegram.say(1, f"{number}")
    tg.telegram.replies(1, 80)
    assert tg.texts(1) == said(*(f"{number}" for number in range(80)))


@pytest.mark.slow
def test_53_news_for_a_thousand_residents_keep_telegrams_limits(tg: TelegramWorld) -> None:
    tg.telegram.strict = True
    tg.start()

    def queue(connection: Connection) -> None:
        for chat in range(1, 1001):
            target = outbox.Target("telegram", "77", f"tg:{chat}")
            draft = outbox.Draft({"text": "სიახლე"}, "notice", outbox.BULK)
            outbox.add_notice(connection, target, f"news {chat}", draft, time.time())

    tg.store(queue)
    telegram = tg.telegram
    telegram.wait(lambda: len(telegram.sent) > 100)
    telegram.say(5000, "ერთი")
    telegram.replies(5000, 1)
    # It passed all those who waited before it; the slower the machine, the more had theirs.
    assert len(telegram.sent) < 900
    telegram.wait(lambda: len(telegram.sent) == 1001, 300)
    assert len({message["chat"]["id"] for message in telegram.sent}) == 1001
    times = sorted(message["_at"] for message in telegram.sent)
    # A machine that stands still may let a second's messages arrive in one moment; over longer
    # spans it only makes them fewer. (The fake refuses what is too fast; little of that.)
    assert max(sum(at <= other < at + 10.0 for other in times) for at in times) <= 330
    assert telegram.count("sendMessage") <= 1001 + 30

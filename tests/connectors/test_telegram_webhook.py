"""Telegram calling our webhook: what is let in, what is refused, and in which order it counts."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest

from bot.settings import Credential, Secret
from bot.store import queues
from connectors import telegram_receiving
from tests.connectors.telegram_world import TelegramWorld
from tests.connectors.world import said
from tests.fakes.telegram import SECRET

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def test_7_a_call_without_the_secret_is_refused_and_nothing_is_kept(tg: TelegramWorld) -> None:
    tg.webhook()
    telegram = tg.telegram
    for secret in (None, "", "wrong", SECRET[:-1], SECRET + "x", "გასაღები"):
        headers = {} if secret is None else {HEADER: secret.encode("utf-8")}
        answer = httpx.post(
            str(telegram.target),
            json={"update_id": 1, "message": telegram.message(1, text="ერთი")},
            headers=headers,
        )
        assert answer.status_code == 403
    assert telegram.count("getMe") == 0
    assert tg.store(queues.inbox_state, time.time()).waiting == 0
    telegram.say(1, "ორი")
    assert telegram.statuses == [200]
    telegram.replies(1, 1)
    assert tg.texts(1) == said("ორი")


def test_79_an_old_secret_is_valid_beside_the_new_one_for_a_while(tg: TelegramWorld) -> None:
    assert tg.settings.telegram is not None
    secret = Credential(Secret("new-secret,old-secret"))
    tg.settings = replace(tg.settings, telegram=replace(tg.settings.telegram, secret=secret))
    tg.webhook()
    for given in ("old-secret", "new-secret", "none-of-them"):
        tg.telegram.secret = given
        tg.telegram.say(1, given)
    assert tg.telegram.statuses == [200, 200, 403]


#: What is no update, and the status it gets.
NO_UPDATES = [
    (b"x" * 2_000_000, 413),
    (b"not json", 400),
    (b"[1, 2]", 400),
    (b'"text"', 400),
    (b"[" * 10_000 + b"]" * 10_000, 400),
    (b'{"update_id": 1, "x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", 400),
    (b"\xff\xfe{}", 400),
    (b"", 400),
]


def test_9_what_is_too_large_or_no_json_is_refused_and_not_kept(tg: TelegramWorld) -> None:
    tg.webhook()
    headers = {HEADER: SECRET, "Content-Type": "application/json"}
    for content, status in NO_UPDATES:
        answer = httpx.post(str(tg.telegram.target), content=content, headers=headers)
        assert answer.status_code == status, content[:40]
    state = tg.store(queues.inbox_state, time.time())
    assert (state.waiting, state.dead) == (0, 0)


def test_20_an_unknown_update_by_webhook_gets_200_and_is_a_dead_letter(tg: TelegramWorld) -> None:
    tg.webhook()
    for update in ({}, {"update_id": 5, "poll": {}}, {"update_id": 6, "message": {"chat": 1}}):
        tg.telegram.give(update)
    tg.telegram.say(1, "ერთი")
    assert tg.telegram.statuses == [200] * 4
    tg.telegram.replies(1, 1)
    tg.telegram.wait(lambda: tg.store(queues.inbox_state, time.time()).dead == 3)


@pytest.mark.slow
def test_12_fifty_calls_at_once_are_acknowledged_while_turns_are_slow(tg: TelegramWorld) -> None:
    gate = tg.engine.delay = threading.Event()
    tg.webhook()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda number: tg.telegram.say(number % 25 + 1, f"{number}"), range(50)))
    assert tg.telegram.statuses == [200] * 50
    assert not tg.engine.runs
    gate.set()


def test_31_updates_that_overtake_each_other_are_handled_in_their_order(
    tg: TelegramWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough for all five to arrive on a machine that stands still in between.
    monkeypatch.setattr(telegram_receiving, "WEBHOOK_SECONDS", 5.0)
    tg.webhook()
    telegram = tg.telegram
    updates = [
        {"update_id": 100 + number, "message": telegram.message(1, text=f"{number}")}
        for number in range(5)
    ]
    for number in (2, 0, 4, 1, 3):
        telegram.give(updates[number])
    telegram.replies(1, 5)
    assert tg.texts(1) == said(*"01234")


def test_11_while_the_database_refuses_the_platform_is_told_to_send_again(
    tg: TelegramWorld,
) -> None:
    tg.webhook()
    telegram = tg.telegram

    # A database that cannot be written to, as on a full disk.
    tg.store(lambda connection: connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away"))
    telegram.say(1, "ერთი")
    assert telegram.statuses[0] >= 500


def test_a_webhook_that_is_still_set_is_taken_away_before_asking(tg: TelegramWorld) -> None:
    tg.telegram.webhook = {"url": "https://old.example.ge/hook"}
    tg.start()
    tg.telegram.say(1, "ერთი")
    tg.telegram.replies(1, 1)
    assert tg.telegram.webhook == {"url": ""}


def test_a_bot_that_is_called_never_asks_and_one_that_asks_has_no_route(
    tg: TelegramWorld,
) -> None:
    tg.webhook()
    tg.telegram.say(1, "ერთი")
    tg.telegram.replies(1, 1)
    assert tg.telegram.count("getUpdates") == 0
    tg.stop()
    server = tg.start()
    headers = {HEADER: SECRET}
    answer = httpx.post(f"{server.url}/webhooks/telegram", json={}, headers=headers)
    assert answer.status_code == 404

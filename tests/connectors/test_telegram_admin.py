"""What is set up at Telegram, and what `cbot channels` tells."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import Settings
from connectors import telegram_admin
from connectors.administration import OK, WRONG, Finding, administrations
from connectors.metrics import Metrics
from connectors.telegram_admin import TelegramAdministration
from connectors.words import Words
from tests.connectors.telegram_world import TelegramWorld
from tests.fakes.telegram import SECRET

HOOK = "https://bot.example.ge/webhooks/telegram"


def webhook_settings(tg: TelegramWorld) -> Settings:
    assert tg.settings.telegram is not None
    own = replace(tg.settings.telegram, mode="webhook")
    return replace(tg.settings, telegram=own, public_url="https://bot.example.ge/")


def go(settings: Settings, step: str) -> dict[str, Finding]:
    async def run() -> list[Finding]:
        (one,) = administrations(settings)
        return list(await (one.check() if step == "check" else one.setup()))

    return {finding.what: finding for finding in asyncio.run(run())}


def test_89_commands_and_descriptions_are_set_once_in_each_language(tg: TelegramWorld) -> None:
    first = go(tg.settings, "setup")
    profile = tg.telegram.profile
    assert profile["commands", "ka"] == [
        {"command": "start", "description": "თავიდან"},
        {"command": "menu", "description": "მენიუ"},
    ]
    assert profile["commands", "en"][1] == {"command": "menu", "description": "Menu"}
    assert profile["commands", ""] == profile["commands", "ka"]
    assert profile["description", ""] == "მე C-Bot ვარ, რუსთავის მერია."
    assert profile["short", "en"] == "Rustavi City Hall: answers"
    assert first["commands and descriptions"].text.endswith("brought up to date")
    changes = [method for method, _given, _at in tg.telegram.calls if method.startswith("set")]
    again = go(tg.settings, "setup")
    assert again["commands and descriptions"].text == "up to date already"
    assert changes == [m for m, _given, _at in tg.telegram.calls if m.startswith("set")]


def test_the_shipped_texts_hold_every_command_within_telegrams_limits(
    tg: TelegramWorld, root: Path
) -> None:
    settings = replace(tg.settings, root=root)
    go(settings, "setup")
    for code in ("", "ka", "en", "ru", "az", "hy"):
        commands = tg.telegram.profile["commands", code]
        assert [c["command"] for c in commands] == [*telegram_admin.COMMANDS]
        assert all(3 <= len(c["description"]) <= 256 for c in commands)
        assert 10 < len(tg.telegram.profile["description", code]) <= 512
        assert 10 < len(tg.telegram.profile["short", code]) <= 120


def test_the_webhook_is_set_with_its_secret_and_the_kinds_of_updates(tg: TelegramWorld) -> None:
    settings = webhook_settings(tg)
    assert go(settings, "check")["webhook"].state == WRONG
    assert go(settings, "setup")["webhook"].state == OK
    webhook = tg.telegram.webhook
    assert (webhook["url"], webhook["secret_token"]) == (HOOK, SECRET)
    assert set(webhook["allowed_updates"]) == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }
    checked = go(settings, "check")
    assert checked["webhook"] == Finding("webhook", OK, HOOK)
    assert checked["commands"].state == OK
    assert "@rustavi_cbot" in checked["token"].text


def test_polling_takes_a_webhook_away(tg: TelegramWorld) -> None:
    tg.telegram.webhook = {"url": HOOK}
    assert go(tg.settings, "check")["webhook"].state == "note"
    assert go(tg.settings, "setup")["webhook"].state == OK
    assert tg.telegram.webhook == {"url": ""}


def test_a_webhook_needs_an_address_with_tls(tg: TelegramWorld) -> None:
    settings = replace(webhook_settings(tg), public_url="http://127.0.0.1:8080")
    found = go(settings, "setup")["webhook"]
    assert found.state == WRONG
    assert "https://" in found.text


def test_a_refused_token_is_told_without_showing_it(tg: TelegramWorld) -> None:
    tg.telegram.tokens = set()
    for step in ("check", "setup"):
        (finding,) = go(tg.settings, step).values()
        assert finding.state == WRONG
        assert "fake-token" not in finding.text


def test_88_a_webhook_that_fails_or_is_gone_alarms_and_is_set_again(tg: TelegramWorld) -> None:
    settings = webhook_settings(tg)
    go(settings, "setup")

    def watch() -> int:
        metrics = Metrics()
        assert settings.telegram is not None
        words = Words(settings.knowledge, settings.municipality)
        one = TelegramAdministration(settings, settings.telegram, words)
        asyncio.run(one.watch(metrics))
        return metrics.alarms.value

    assert watch() == 0
    tg.telegram.webhook |= {
        "last_error_date": int(time.time()) - 60,
        "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
    }
    assert watch() == 1
    assert "last_error_date" not in tg.telegram.webhook
    tg.telegram.webhook = {"url": ""}
    assert watch() == 1
    assert tg.telegram.webhook["url"] == HOOK
    tg.telegram.webhook["allowed_updates"] = ["message"]
    assert watch() == 1


def test_89_a_process_sets_the_bot_up_by_itself(
    tg: TelegramWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_admin, "CARE_SOON_SECONDS", 0.0)
    tg.webhook()
    tg.telegram.wait(lambda: tg.telegram.webhook["url"] == HOOK)
    tg.telegram.wait(lambda: ("commands", "ka") in tg.telegram.profile)

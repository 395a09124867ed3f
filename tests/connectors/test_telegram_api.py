"""What an answer of the Bot API means for what was to be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from telegram import Bot

from bot.core.errors import BotError
from bot.store import failures
from connectors.channel import (
    ChannelPaused,
    ChannelStopped,
    DeliveryFailed,
    DeliveryRefused,
    ResidentUnreachable,
)
from connectors.telegram_api import Api, chat_of
from tests.connectors.telegram_world import telegram_settings
from tests.fakes.engine import ServerThread
from tests.fakes.telegram import TOKEN, FakeTelegram


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[FakeTelegram, str]]:
    telegram = FakeTelegram()
    with ServerThread(telegram.app()) as running:
        yield telegram, running.url


def ask(url: str) -> BotError | None:
    async def call() -> None:
        api = Api(telegram_settings(url))
        try:
            await api.call(Bot.get_me)
        finally:
            await api.close()

    try:
        asyncio.run(call())
    except BotError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("status", "description", "parameters", "expected", "kind"),
    [
        (429, "Too Many Requests: retry after 7", {"retry_after": 7}, ChannelPaused, ""),
        (403, "Forbidden: bot was blocked by the user", {}, ResidentUnreachable, ""),
        (403, "Forbidden: user is deactivated", {}, ResidentUnreachable, ""),
        (401, "Unauthorized", {}, ChannelStopped, ""),
        (404, "Not Found", {}, ChannelStopped, ""),
        (409, "Conflict: terminated by other getUpdates request", {}, DeliveryFailed, ""),
        (400, "Bad Request: chat not found", {}, DeliveryRefused, failures.GONE),
        (
            400,
            "Bad Request: upgraded",
            {"migrate_to_chat_id": -1001},
            DeliveryRefused,
            failures.GONE,
        ),
        (400, "Bad Request: message is too long", {}, DeliveryRefused, failures.REFUSED),
        (500, "Internal Server Error", {}, DeliveryFailed, ""),
        (502, "Bad Gateway", {}, DeliveryFailed, ""),
    ],
)
def test_58_each_error_has_its_own_meaning(
    server: tuple[FakeTelegram, str],
    status: int,
    description: str,
    parameters: dict[str, int],
    expected: type[BotError],
    kind: str,
) -> None:
    telegram, url = server
    telegram.fail("getMe", status, description, **parameters)
    error = ask(url)
    assert type(error) is expected
    assert TOKEN not in str(error)
    if isinstance(error, ChannelPaused):
        assert error.seconds == 7.0
    if isinstance(error, DeliveryRefused):
        assert error.kind == kind


def test_a_platform_that_is_not_there_may_be_tried_again() -> None:
    error = ask("http://127.0.0.1:9")
    assert type(error) is DeliveryFailed
    assert TOKEN not in str(error)


def test_59_no_call_takes_longer_than_allowed(server: tuple[FakeTelegram, str]) -> None:
    telegram, url = server
    telegram.delay["getMe"] = 5.0

    async def call() -> None:
        await Api(telegram_settings(url)).call(Bot.get_me, 0.2)

    with pytest.raises(DeliveryFailed, match="in time"):
        asyncio.run(call())
    telegram.delay.clear()


@pytest.mark.parametrize("conversation", ["web:1", "tg:x", "tg:", "5"])
def test_only_conversations_of_telegram_have_a_chat(conversation: str) -> None:
    assert chat_of("tg:-5") == -5
    with pytest.raises(DeliveryRefused):
        chat_of(conversation)


def test_an_answer_without_sense_is_a_failure_that_is_counted(
    server: tuple[FakeTelegram, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram, url = server
    # Else the message would be sent again and again for ever.
    monkeypatch.setattr(telegram, "do_getMe", lambda _given: {"first_name": "C-Bot"})
    assert type(ask(url)) is DeliveryFailed

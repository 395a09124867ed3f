"""Speaking to the Bot API: python-telegram-bot's client with our timeouts and our errors.

The client is made anew when the token in its file was replaced. Nothing here ever shows the
token: httpx prints addresses, which hold it, only below the level its logger is set to.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from bot.core.errors import BotError
from bot.settings import TelegramSettings
from bot.store import failures, holds
from connectors.channel import (
    ChannelPaused,
    ChannelStopped,
    DeliveryFailed,
    DeliveryRefused,
    ResidentUnreachable,
)

T = TypeVar("T")

#: No call takes longer, whatever the platform does; seconds.
CALL_SECONDS = 9.5
#: A long poll waits so long for something new.
POLL_SECONDS = 25

#: What a BadRequest says of a chat that is not there (any more).
_NO_CHAT = "chat not found"

#: The kinds of updates that are asked for.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")


class Api:
    """The Bot API for one bot."""

    def __init__(self, settings: TelegramSettings) -> None:
        for name in ("httpx", "httpcore", "telegram"):
            logging.getLogger(name).setLevel(logging.WARNING)
        # Its own method reads the updates at once, and fails for all when it cannot read one.
        warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'")
        self._settings = settings
        self._bot: Bot | None = None
        self._token = ""

    def bot(self) -> Bot:
        """Give the client for the token as it is now."""
        token = self._settings.token.current()
        if self._bot is None or token != self._token:
            url = self._settings.api_url
            self._token = token
            self._bot = Bot(
                token,
                base_url=f"{url}/bot",
                base_file_url=f"{url}/file/bot",
                request=_request(256),
                get_updates_request=_request(1),
            )
        return self._bot

    async def close(self) -> None:
        """Close the connections."""
        if self._bot is not None:
            await asyncio.gather(*(request.shutdown() for request in self._bot._request))

    async def call(self, method: Callable[[Bot], Awaitable[T]], seconds: float = CALL_SECONDS) -> T:
        """Call a method of the client.

        Raises:
            BotError: one of :mod:`connectors.channel`, by what the platform answered.
        """
        try:
            return await asyncio.wait_for(method(self.bot()), seconds)
        except asyncio.TimeoutError:
            raise DeliveryFailed("Telegram gives no answer in time") from None
        except TelegramError as error:
            raise self.named(error) from None
        except (KeyError, TypeError, ValueError) as error:
            # Telegram may have done it: tried a few times, and not for ever.
            raise DeliveryFailed(
                f"Telegram's answer has no sense: {type(error).__name__}"
            ) from None

    async def updates(self, offset: int | None) -> list[Any]:
        """Wait for updates; they are given as they came, for the client may not know them all.

        Raises:
            BotError: as :meth:`call`.
        """
        wanted: dict[str, Any] = {
            "timeout": POLL_SECONDS,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        if offset is not None:
            wanted["offset"] = offset
        found = await self.call(
            lambda bot: bot.do_api_request(
                "getUpdates", api_kwargs=wanted, read_timeout=POLL_SECONDS + 5
            ),
            POLL_SECONDS + 10,
        )
        if not isinstance(found, list):
            raise DeliveryFailed("Telegram gives no list of updates")
        return found

    def named(self, error: TelegramError) -> BotError:
        """Give what an error means for what was to be sent.

        The order matters: BadRequest is a NetworkError to the client, and is for good all the same.
        """
        told = str(error).replace(self._token, "…") if self._token else str(error)
        if isinstance(error, RetryAfter):
            return ChannelPaused(told, _seconds(error))
        if isinstance(error, Forbidden):
            return ResidentUnreachable(told, holds.BLOCKED)
        if isinstance(error, (InvalidToken, EndPointNotFound)):
            return ChannelStopped(f"Telegram does not know the token ({told})")
        if isinstance(error, Conflict):
            return DeliveryFailed(told)
        if isinstance(error, (ChatMigrated, BadRequest)):
            gone = isinstance(error, ChatMigrated) or _NO_CHAT in told.lower()
            return DeliveryRefused(told, failures.GONE if gone else failures.REFUSED)
        if isinstance(error, TimedOut):
            return DeliveryFailed("Telegram gives no answer in time")
        if isinstance(error, NetworkError):
            return DeliveryFailed(told)
        return DeliveryFailed(told)


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=4.0,
        read_timeout=8.0,
        write_timeout=5.0,
        pool_timeout=2.0,
    )


def _seconds(error: RetryAfter) -> float:
    # Its public attribute changes its type between versions.
    given: timedelta | int = error._retry_after
    return float(given.total_seconds() if isinstance(given, timedelta) else given)


def chat_of(conversation: str) -> int:
    """Give the chat of a conversation.

    Raises:
        DeliveryRefused: when it is none of Telegram.
    """
    prefix, _, number = conversation.partition(":")
    try:
        if prefix == "tg":
            return int(number)
    except ValueError:
        pass
    raise DeliveryRefused(f"{conversation[:20]} is no conversation on Telegram")


def conversation_of(chat: int) -> str:
    """Give the conversation of a chat."""
    return f"tg:{chat}"

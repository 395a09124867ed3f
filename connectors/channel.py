"""What a channel (the web page, Messenger, Telegram) must offer to the inbox and the outbox."""

from __future__ import annotations

from typing import Protocol

from bot.core.errors import BotError
from bot.store.outbox import Message


class DeliveryFailed(BotError):
    """The platform did not take a message now; it is tried again with growing delays."""


class DeliveryPostponed(DeliveryFailed):
    """The platform asks to wait; this is no failed attempt.

    ``seconds`` says how long nothing may be sent to this conversation.
    """

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class DeliveryRefused(BotError):
    """The platform will never take this message: it becomes a dead letter."""


class Channel(Protocol):
    """One way to reach residents."""

    @property
    def name(self) -> str:
        """The channel's name in the inbox and the outbox."""

    @property
    def stored_is_delivered(self) -> bool:
        """Whether residents fetch messages from the outbox themselves.

        Then they are stored as sent, and :meth:`deliver` only hands them on at once to those who
        listen.
        """

    async def deliver(self, message: Message) -> str | None:
        """Send one message; give the platform's id of it.

        Raises:
            DeliveryFailed: try again later.
            DeliveryRefused: never try again.
        """

    async def typing(self, conversation: str) -> None:
        """Show that an answer is being written; must not raise and must not take long."""

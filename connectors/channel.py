"""What a channel (the web page, Messenger, Telegram) must offer to the inbox and the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from starlette.routing import BaseRoute

from bot.core.errors import BotError
from bot.store import failures
from bot.store.inbox import Claimed
from bot.store.outbox import Message


class DeliveryFailed(BotError):
    """The platform did not take a message now; it is tried again with growing delays.

    After several attempts the message becomes a dead letter. ``wait``: the least seconds until the
    next one, as when it may turn out meanwhile that the message was taken.
    """

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class DeliveryPostponed(DeliveryFailed):
    """The platform asks to wait; this is no failed attempt.

    ``seconds`` says how long nothing may be sent to this conversation.
    """

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class ChannelPaused(DeliveryPostponed):
    """The platform asks to wait with everything: nothing is sent through this account meanwhile.

    ``alarm``: somebody should look, as when the page is restricted.
    """

    def __init__(self, message: str, seconds: float, *, alarm: bool = False) -> None:
        super().__init__(message, seconds)
        self.alarm = alarm


class ChannelStopped(BotError):
    """Nothing can be sent through this account until somebody acts: a token is no longer valid.

    One alarm is given; everything waits. It goes on when :meth:`Platform.probe` succeeds.
    """


class DeliveryRefused(BotError):
    """The platform will never take this message: it becomes a dead letter.

    ``kind`` is a word for it, one of those in :mod:`bot.store.failures`.
    """

    def __init__(self, message: str, kind: str = failures.REFUSED) -> None:
        super().__init__(message)
        self.kind = kind


class DeliveryHeld(BotError):
    """This message may go out only after the resident wrote again; it waits for that.

    ``reason`` is a short word for it, one of those in :mod:`bot.store.holds`.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class ResidentUnreachable(DeliveryHeld):
    """The resident blocked the bot or left: all their messages wait until they write again."""


@dataclass(frozen=True)
class Limits:
    """How much a platform takes: messages a second of one account, and of one conversation.

    A conversation may get ``burst`` at once. News for many go at ``bulk_per_second`` at most,
    so that answers always find room.
    """

    per_second: float
    bulk_per_second: float
    per_chat_second: float
    burst: int = 1


@dataclass(frozen=True)
class Reading:
    """What an event turned out to be when its turn came.

    Attributes:
        kind: text, payload or attachment, which the engine answers; ``own`` for what the
            connectors answer themselves with the text ``text_id``; ``nothing`` for what has no
            answer.
        body: what is stored of it and told to the engine.
        text_id: of what the connectors answer themselves.
        turn: more for the engine than the body's own key, such as ``edit_of``.
    """

    kind: str
    body: Mapping[str, Any]
    text_id: str | None = None
    turn: Mapping[str, Any] | None = None


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

    @property
    def limits(self) -> Limits | None:
        """How much may be sent; None for as much as there is."""

    async def deliver(self, message: Message) -> str | None:
        """Send one message within ten seconds; give the platform's id of it.

        Raises:
            DeliveryFailed: try again later.
            DeliveryPostponed: the same, at a time the platform told.
            ChannelPaused: the same for everything sent through the account.
            ChannelStopped: the account may not send at all.
            DeliveryRefused: never try again.
            DeliveryHeld: wait for the resident's next message.
            ResidentUnreachable: the same for all that goes to them.
        """

    async def typing(self, conversation: str) -> None:
        """Show that an answer is being written; must not raise and must not take long."""

    async def read(self, event: Claimed) -> Reading:
        """Make out an event of kind raw when its turn comes, such as fetching a photo.

        Raises:
            BotError: when it can never be made out: it becomes a dead letter.
            DeliveryFailed: not now; it is tried again.
        """


@runtime_checkable
class Platform(Channel, Protocol):
    """A channel whose messages go through somebody else's servers."""

    @property
    def account(self) -> str:
        """The page or bot that this process speaks for."""

    def routes(self) -> Sequence[BaseRoute]:
        """Give the routes that the platform calls."""

    async def start(self) -> None:
        """Begin to take events; must come back at once, also when the platform is away."""

    async def stop(self) -> None:
        """Take no more events."""

    async def probe(self) -> None:
        """Try whether the account may send again; asked now and then while it is stopped.

        Raises:
            BotError: it may not yet.
        """

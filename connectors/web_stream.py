"""Handing messages to the browsers that listen.

Everything handed on stands in the transcript already. A listener that missed something, or whose
message was stored by another process, reads it there; what is pushed here only spares that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager

from bot.store import conversations, transcript
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.transcript import Line
from connectors.waiting import within

log = logging.getLogger(__name__)

#: Lines read at a time.
PAGE = 50
#: Between two looks for messages stored by other processes, seconds.
LOOK_SECONDS = 1.0
#: Lines kept for a listener that is slow; beyond it reads them from the transcript.
MOST_PENDING = 50


class Listener:
    """One open stream or waiting request of a conversation."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.typing = False
        self.stale = True
        self.wake = asyncio.Event()

    def push(self, line: Line) -> None:
        """Hand over a new line."""
        if len(self.lines) >= MOST_PENDING:
            self.lines.clear()
            self.stale = True
        self.lines.append(line)
        self.wake.set()


class Streams:
    """The listeners of all conversations in this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: dict[str, set[Listener]] = {}
        self._newest: dict[str, int] = {}
        self._closing = False

    def count(self, conversation: str | None = None) -> int:
        """Give how many listen to a conversation, or to any."""
        if conversation is not None:
            return len(self._listeners.get(conversation, ()))
        return sum(map(len, self._listeners.values()))

    def close(self) -> None:
        """End every stream; those that come later end at once."""
        self._closing = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.wake.set()

    def push(self, line: Line) -> None:
        """Hand a line just stored to all who listen to its conversation."""
        if line.conversation not in self._listeners:
            return
        newest = self._newest.get(line.conversation, 0)
        self._newest[line.conversation] = max(newest, line.position)
        for listener in self._listeners[line.conversation]:
            listener.push(line)

    def typing(self, conversation: str) -> None:
        """Tell all who listen that an answer is being written."""
        for listener in self._listeners.get(conversation, ()):
            listener.typing = True
            listener.wake.set()

    async def follow(
        self, conversation: str, after: int, pause: float
    ) -> AsyncGenerator[list[Line] | None, None]:
        """Give the lines after a position as they come, without gaps and each once.

        Yields:
            Lines in their order; an empty list for the typing sign; None when nothing came for
            ``pause`` seconds. Ends when the streams are closed.
        """
        with self._listen(conversation) as listener:
            while not self._closing:
                lines = await self._lines(listener, conversation, after)
                if lines:
                    after = lines[-1].position
                    # An answer that is there is not being written any more.
                    listener.typing &= lines[-1].sender != "bot"
                    yield lines
                elif listener.typing:
                    listener.typing = False
                    yield []
                elif not await within(listener.wake, pause):
                    yield None

    async def look(self) -> None:
        """Find what other processes have stored for our listeners."""
        if not self._listeners:
            return
        newest = await self._database.read(conversations.last_positions, list(self._listeners))
        for conversation, position in newest.items():
            self._compare(conversation, position)

    def _compare(self, conversation: str, position: int) -> None:
        if position <= self._newest.get(conversation, 0):
            return
        self._newest[conversation] = position
        for listener in self._listeners.get(conversation, ()):
            listener.stale = True
            listener.wake.set()

    async def _lines(self, listener: Listener, conversation: str, after: int) -> list[Line]:
        """Give what is new for a listener, from what was pushed when that leaves no gap."""
        listener.wake.clear()
        pushed = [line for line in listener.lines if line.position > after]
        listener.lines.clear()
        if not listener.stale and _seamless(pushed, after):
            return pushed
        # Before reading: what is stored meanwhile makes it stale again.
        listener.stale = False
        try:
            lines = await self._database.read(transcript.after, conversation, after, PAGE)
        except StoreUnavailable as error:
            # The stream stays open; the next look of `look` finds what it missed.
            log.warning("a stream waits: %s", error)
            self._newest.pop(conversation, None)
            return []
        listener.stale |= len(lines) == PAGE
        return lines

    @contextmanager
    def _listen(self, conversation: str) -> Iterator[Listener]:
        listener = Listener()
        self._listeners.setdefault(conversation, set()).add(listener)
        try:
            yield listener
        finally:
            listeners = self._listeners[conversation]
            listeners.discard(listener)
            if not listeners:
                del self._listeners[conversation]
                self._newest.pop(conversation, None)


def _seamless(lines: list[Line], after: int) -> bool:
    return all(line.position == after + number for number, line in enumerate(lines, 1))

"""Storing what Messenger's webhook said, and what follows from it at once."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from bot.core.languages import by_letters
from bot.settings import MessengerSettings
from bot.store import conversations, holds, messenger, outbox
from bot.store.database import Database
from bot.store.inbox import Event
from bot.store.messenger import Part
from bot.store.outbox import Target
from connectors.inbox import InboxWorker
from connectors.limits import TokenBuckets
from connectors.messenger_attachments import MOST_PICTURES
from connectors.messenger_events import (
    CHANNEL,
    Acted,
    Changed,
    Control,
    Echo,
    Ignored,
    Item,
    Malformed,
    Said,
    address_of,
    conversation_of,
)
from connectors.metrics import Metrics
from connectors.turns import draft
from connectors.words import Words

log = logging.getLogger(__name__)

#: An event waits a moment for those sent before it; one that comes late, as after a failure,
#: waits longer, because then others are late as well. Seconds.
HOLD = 0.2
HOLD_LATE = 1.5
LATE = 5.0
#: Whoever writes too fast is told so once in so many seconds.
TOLD_SECONDS = 30.0
#: The page's own inbox, as an app.
PAGE_INBOX = "263902037430900"
#: What is kept of an event that cannot be read, characters.
MOST_RAW = 20_000
#: Said at the start and when the bot answers again after a person.
DISCLOSURE = "bot_speaking"


class Intake:
    """Takes the events of a conversation one after the other."""

    def __init__(
        self,
        settings: MessengerSettings,
        database: Database,
        worker: InboxWorker,
        words: Words,
        metrics: Metrics,
    ) -> None:
        self._settings = settings
        self._database = database
        self._worker = worker
        self._words = words
        self._metrics = metrics
        self._buckets = TokenBuckets()
        self._told = TokenBuckets(1, 1 / TOLD_SECONDS)
        self._listener: Callable[[str], None] | None = None

    def when_new(self, listener: Callable[[str], None]) -> None:
        """Call ``listener`` with the conversation of each new message."""
        self._listener = listener

    async def take(self, items: Sequence[Item]) -> None:
        """Store events, in their order.

        Raises:
            StoreUnavailable: when one could not be stored; Meta sends them all again.
        """
        for item in items:
            await self._take(item)

    async def _take(self, item: Item) -> None:
        if isinstance(item, Said):
            await self._said(item)
        elif isinstance(item, Echo):
            await self._echo(item)
        elif isinstance(item, Changed):
            await self._changed(item)
        elif isinstance(item, Control):
            await self._control(item)
        elif isinstance(item, Acted):
            await self._acted(item)
        elif isinstance(item, Malformed):
            await self._malformed(item)
        elif isinstance(item, Ignored):
            log.debug("an event of Messenger needs nothing: %s", item.what)

    async def _said(self, item: Said) -> None:
        event, now = item.event, time.time()
        if event.account not in self._settings.pages:
            log.error("a message to the page %s, for which no token is set", event.account)
            return
        if item.standby:
            await self._database.run(_hush, event.conversation, event.account, event.sent_at, now)
            await self._worker.accept(event)
            return
        back = await self._database.read(messenger.is_quiet, event.conversation)
        if back:
            back = await self._database.run(messenger.speak, event.conversation, event.sent_at, now)
        hold = HOLD_LATE if now - event.sent_at > LATE else HOLD
        added = await self._worker.accept(replace(self._bounded(event), hold=hold))
        if not added.new:
            return
        self._metrics.messages.add()
        if back or (added.position == 1 and not _greets(event)):
            await self._disclose(event)
        if self._listener is not None:
            self._listener(event.conversation)

    def _bounded(self, event: Event) -> Event:
        """Give the event, or one that is answered politely once when they come too fast."""
        if not self._buckets.take(event.conversation):
            return event
        told = bool(self._told.take(event.conversation))
        return replace(event, kind="raw", raw={"silent": True} if told else {"own": "too_many"})

    async def _disclose(self, event: Event) -> None:
        """Tell who is speaking, before the answer."""
        known = await self._database.read(conversations.language, event.conversation)
        spoken = (known,) if known else by_letters(str(event.body.get("text") or ""))
        try:
            said = [self._words.reply(DISCLOSURE, language) for language in spoken]
        except KeyError:
            log.error("the texts lack %s", DISCLOSURE)
            return
        target = Target(event.channel, event.account, event.conversation)
        key = f"speaks:{hashlib.sha256(f'{event.account}|{event.ext_id}'.encode()).hexdigest()}"
        reply = replace(said[0], text="\n".join(each.text for each in said))
        await self._database.run(outbox.add_notice, target, key, draft(reply), time.time())

    async def _echo(self, echo: Echo) -> None:
        now = time.time()
        part = _part(echo)
        if part is not None:
            if await self._database.run(messenger.taken, part, now):
                log.info("message %d is settled by its echo", part.outbox_id)
            return
        if echo.page not in self._settings.pages or _by_our_app(echo, self._settings.app_id):
            return
        target = Target(CHANNEL, echo.page, echo.conversation)
        kept = await self._database.run(messenger.said_by_staff, target, echo.mid, echo.text, now)
        if not kept:
            return
        log.info("a person answered in the page's inbox")
        pause = self._settings.staff_pause
        if pause:
            await self._database.run(messenger.hush, echo.conversation, echo.at, now + pause)

    async def _changed(self, change: Changed) -> None:
        if change.text is None:
            ids = [change.mid, *(f"{change.mid}#{n}" for n in range(1, MOST_PICTURES + 1))]
            if await self._database.run(messenger.taken_back, change.page, ids, time.time()):
                # A form that waits for what comes after it forgets it too.
                await self._worker.accept(_taken_back(change))
            return
        answered = await self._database.run(messenger.edited, change.page, change.mid, change.text)
        if answered and change.text:
            await self._worker.accept(_edit(change))

    async def _control(self, control: Control) -> None:
        if control.page not in self._settings.pages:
            return
        now = time.time()
        ours = control.owner is not None and (
            control.owner == self._settings.app_id
            if self._settings.app_id
            else control.owner != PAGE_INBOX
        )
        if ours:
            await self._database.run(messenger.resume, control.conversation, now)
        else:
            await self._database.run(_hush, control.conversation, control.page, control.at, now)

    async def _acted(self, item: Acted) -> None:
        page, _psid = address_of(item.conversation)
        if page not in self._settings.pages:
            return
        await self._database.run(_heard, item.conversation, page, item.at, time.time())

    async def _malformed(self, item: Malformed) -> None:
        """Keep what cannot be read as a dead letter, for people to look at."""
        # Escaped: it may hold what no database takes.
        raw = json.dumps(item.raw)[:MOST_RAW]
        log.error("an event of Messenger cannot be read: %s", item.why)
        page = item.page if item.page in self._settings.pages else self._settings.pages[0]
        event = Event(
            CHANNEL,
            page,
            f"malformed:{hashlib.sha256(raw.encode()).hexdigest()}",
            conversation_of(page, "0"),
            "raw",
            {},
            time.time(),
            raw={"malformed": item.why, "event": raw},
            heard=False,
        )
        await self._worker.accept(event)


def _edit(change: Changed) -> Event:
    """Give an edit as an event: the engine knows whether it still counts."""
    return Event(
        CHANNEL,
        change.page,
        f"{change.mid}#edit{change.number}",
        change.conversation,
        "raw",
        {"text": change.text},
        change.at,
        raw={"edit_of": change.mid},
        rank=change.at,
        hold=HOLD,
    )


def _taken_back(change: Changed) -> Event:
    """Give a message taken back as an event: the engine knows whether it still counts."""
    return Event(
        CHANNEL,
        change.page,
        f"{change.mid}#unsent",
        change.conversation,
        "raw",
        {"unsent": True},
        change.at,
        raw={"taken_back": change.mid},
        rank=change.at,
        hold=HOLD,
    )


def _greets(event: Event) -> bool:
    """Tell whether the answer says anyway that a bot is speaking."""
    return event.body.get("payload") == "act:greet"


def _part(echo: Echo) -> Part | None:
    """Give which of our messages an echo is of; None when it is none of ours."""
    name, *numbers = echo.metadata.split(":")
    if name != "cbot" or len(numbers) != 3 or not all(n.isascii() and n.isdigit() for n in numbers):
        return None
    id, number, parts = (int(n[:9]) for n in numbers)
    return Part(id, echo.conversation, number, parts, echo.mid)


def _by_our_app(echo: Echo, app_id: str | None) -> bool:
    return app_id is not None and echo.app_id == app_id


def _heard(connection: Connection, conversation: str, page: str, at: float, now: float) -> None:
    """Note what a resident did without a word; it lets through what was held for them."""
    place = conversations.take(connection, conversation, CHANNEL, page, 0, now, min(at, now))
    if place.has_held:
        holds.release(connection, conversation, now)


def _hush(connection: Connection, conversation: str, page: str, since: float, now: float) -> None:
    conversations.take(connection, conversation, CHANNEL, page, 0, now)
    messenger.hush(connection, conversation, since)

"""Taking updates: by asking Telegram again and again, or by being called. Never both.

An update is stored before Telegram is told that it arrived: by the answer to its call, or by the
next question, which names the first update that is still wanted.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.errors import BotError, MissingError
from bot.settings import TelegramSettings
from bot.store import channels
from bot.store.database import Database
from bot.store.inbox import Event
from connectors.alarms import stopped
from connectors.bodies import Refused, parse_json, read_body
from connectors.channel import ChannelPaused, ChannelStopped
from connectors.inbox import InboxWorker
from connectors.limits import Floods
from connectors.metrics import Metrics
from connectors.telegram_api import Api
from connectors.telegram_updates import CHANNEL, WEBHOOK_SECONDS, callback_id, events_of
from connectors.waiting import forever

log = logging.getLogger(__name__)

HEADER = "x-telegram-bot-api-secret-token"
#: One process asks for updates; if it dies another one does after so many seconds.
OWNED_SECONDS = 10.0
#: How often it says that it lives, and others look whether it does; seconds.
OWN_SECONDS = 3.0
#: Seconds before the next question after 1, 2, … failures.
PAUSES = (1.0, 2.0, 5.0, 10.0, 15.0)
#: A button's press is acknowledged within this; seconds.
ANSWER_SECONDS = 1.5

Json = Mapping[str, Any]


class Receiver:
    """Takes updates and stores them; ``owner`` names this process among all."""

    def __init__(
        self,
        settings: TelegramSettings,
        api: Api,
        database: Database,
        worker: InboxWorker,
        metrics: Metrics,
        owner: str,
    ) -> None:
        self._settings = settings
        self._api = api
        self._database = database
        self._worker = worker
        self._metrics = metrics
        self._owner = owner
        self._floods = Floods()
        self._tasks: list[asyncio.Task[None]] = []
        self._asks = False
        self._answers: set[asyncio.Task[None]] = set()

    @property
    def polls(self) -> bool:
        """Whether this bot asks for updates rather than being called."""
        return self._settings.mode == "polling"

    def routes(self) -> Sequence[BaseRoute]:
        """Give the webhook's route; none when Telegram is asked instead."""
        if self.polls:
            return []
        return [Route("/webhooks/telegram", self.webhook, methods=["POST"])]

    def start(self) -> None:
        """Begin to ask, if that is the way; comes back at once."""
        if self.polls:
            steps = (self._poll(), forever("staying the one who asks", self._stay, OWN_SECONDS))
            self._tasks = [asyncio.create_task(step) for step in steps]

    async def stop(self) -> None:
        """Take no more updates."""
        ending = [*self._tasks, *self._answers]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        if self._tasks:
            await self._disown()

    async def webhook(self, request: Request) -> Response:
        """Store the update of one call."""
        start = time.perf_counter()
        self._check_secret(request)
        update = parse_json(await read_body(request))
        await self._take(update, WEBHOOK_SECONDS)
        self._metrics.acknowledgements.observe(time.perf_counter() - start)
        return JSONResponse({"ok": True})

    def _check_secret(self, request: Request) -> None:
        given = request.headers.get(HEADER, "").encode()
        # All are compared, so that the time tells nothing.
        fits = [
            hmac.compare_digest(given, secret.encode()) for secret in self._settings.secret.valid()
        ]
        if not any(fits):
            raise Refused(403, "wrong_secret", "The secret is not the one that was set.")

    async def _take(self, update: Json, hold: float = 0.0) -> None:
        """Store an update, and acknowledge the press of a button.

        Raises:
            StoreUnavailable: when it could not be stored.
        """
        now = time.time()
        for event in events_of(update, self._settings.account, now, hold):
            limited = self._limited(event)
            if limited is not None:
                added = await self._worker.accept(limited)
                self._metrics.messages.add(added.new)
        id = callback_id(update)
        if id is not None:
            task = asyncio.create_task(self._answer(id))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    def _limited(self, event: Event) -> Event | None:
        """Give the event; of a flood only a word of ours, once in a while."""
        verdict = self._floods.judge(event.conversation)
        if verdict == Floods.PASS:
            return event
        if verdict == Floods.DROP:
            return None
        return Event(
            event.channel,
            event.account,
            event.ext_id,
            event.conversation,
            "raw",
            {},
            event.sent_at,
            {"own": "too_many"},
        )

    async def _answer(self, id: str) -> None:
        """End the waiting sign on a button; the answer itself comes as a message."""
        try:
            await self._api.call(lambda bot: bot.answer_callback_query(id), ANSWER_SECONDS)
        except BotError as error:
            # Too old, or Telegram is away: the sign ends by itself.
            log.info("the press of a button could not be acknowledged: %s", error)

    async def _poll(self) -> None:
        """Ask for updates until cancelled."""
        prepared = ""
        offset: int | None = None
        failures = 0
        while True:
            try:
                self._asks = await self._own()
                if not self._asks:
                    # Another process does.
                    prepared, offset = "", None
                    await asyncio.sleep(OWN_SECONDS)
                    continue
                token = self._settings.token.current()
                if prepared != token:
                    # A webhook that is still set would get the updates instead.
                    await self._api.call(lambda bot: bot.delete_webhook())
                    prepared = token
                    await self._works()
                updates = await self._api.updates(offset)
                offset = await self._take_all(updates)
                failures = 0
            except (BotError, MissingError) as error:
                prepared = ""
                await self._rest(error, failures)
                failures += 1
            except Exception:
                log.exception("asking Telegram failed")
                await asyncio.sleep(PAUSES[-1])

    async def _take_all(self, updates: Sequence[Any]) -> int | None:
        """Store updates in their order; give the number of the first that is wanted next.

        None when there were none: a bot that was idle for a week gets numbers from a new start,
        which a number kept from before must not hide.
        """
        next_number = None
        for update in updates:
            known = update if isinstance(update, Mapping) else {"unknown": update}
            try:
                await self._take(known)
            except MissingError:
                raise
            except Exception:
                # It would come again and again, and nothing after it.
                log.exception("an update could not be stored and is left out")
            number = known.get("update_id")
            if isinstance(number, int):
                next_number = number + 1
        return next_number

    async def _rest(self, error: BotError, failures: int) -> None:
        if isinstance(error, ChannelStopped):
            await stopped(
                self._database, self._metrics, CHANNEL, self._settings.account, str(error)
            )
        else:
            log.warning("Telegram gives no updates: %s", error)
        pause = PAUSES[min(failures, len(PAUSES) - 1)]
        if isinstance(error, ChannelPaused):
            pause = max(pause, error.seconds)
        await asyncio.sleep(pause)

    async def _works(self) -> None:
        """Let what waits be sent when the token is known again."""
        account = self._settings.account
        if await self._database.run(channels.resume, CHANNEL, account):
            log.warning("Telegram works again; what waited is sent now")

    async def _stay(self) -> None:
        """Say that this process lives while it waits for updates."""
        if self._asks:
            self._asks = await self._own()

    async def _own(self) -> bool:
        return await self._database.run(
            channels.own, CHANNEL, self._settings.account, self._owner, OWNED_SECONDS, time.time()
        )

    async def _disown(self) -> None:
        try:
            await self._database.run(channels.disown, CHANNEL, self._settings.account, self._owner)
        except MissingError as error:
            log.warning("another process asks Telegram only later: %s", error)

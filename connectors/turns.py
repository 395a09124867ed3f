"""One event and its answer: what is asked of the engine and what is made of its outcome."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.errors import BotError, EngineUnavailable
from bot.core.replies import Reply
from bot.store import conversations
from bot.store.database import Database
from bot.store.inbox import Claimed
from bot.store.outbox import Draft
from connectors.channel import Channel, DeliveryFailed, DeliveryPostponed, Reading
from connectors.emergency import Emergency
from connectors.engine_client import EngineClient, Turn, TurnFailed, TurnRejected
from connectors.metrics import Metrics
from connectors.words import Words

log = logging.getLogger(__name__)

#: After so many failed attempts an event becomes a dead letter.
MOST_ATTEMPTS = 5
#: Seconds before the next attempt, after 1, 2, … failed ones.
DELAYS = (0.5, 1.0, 2.0, 4.0)
#: The same while the engine is away, which is no failed attempt; the longer it lasts, the slower.
AWAY_SECONDS = 0.2
LONGEST_AWAY_SECONDS = 3.0


@dataclass(frozen=True)
class Retry:
    """Try the event again in ``delay`` seconds; ``counted`` when this was a failed attempt."""

    delay: float
    counted: bool
    error: str


@dataclass(frozen=True)
class Outcome:
    """The event's replies; ``error`` when it was given up, ``event`` as it was made out."""

    replies: Sequence[Draft]
    language: str | None = None
    municipality: str | None = None
    error: str | None = None
    event: Claimed | None = None


def message_id(event: Claimed, ext_id: str | None = None) -> str:
    """Give the id under which the engine knows the event, the same in every attempt.

    Args:
        ext_id: of another event of the same account.
    """
    name = f"{event.channel}\0{event.account}\0{ext_id or event.ext_id}"
    return hashlib.sha256(name.encode()).hexdigest()[:32]


class Answerer:
    """Answers events through the engine, and itself where the engine has no part."""

    def __init__(
        self,
        database: Database,
        engine: EngineClient,
        words: Words,
        metrics: Metrics,
        municipality: str,
        channels: Mapping[str, Channel],
    ) -> None:
        self._database = database
        self._engine = engine
        self._words = words
        self._metrics = metrics
        self._municipality = municipality
        self._channels = channels
        self._emergency = Emergency(database, words)

    async def answer(self, event: Claimed) -> Outcome | Retry:
        """Answer one event; what cannot be answered ends with an apology."""
        if event.attempts >= MOST_ATTEMPTS:
            return await self._give_up(event, "its worker died every time")
        reading = await self.read(event)
        if not isinstance(reading, Reading):
            return reading
        event = replace(event, kind=reading.kind, body=reading.body)
        if reading.kind == "nothing":
            return Outcome([], event=event)
        if reading.text_id is not None:
            return Outcome(await self._own(reading.text_id, event), event=event)
        outcome = await self._ask(event, reading.turn or {})
        return replace(outcome, event=event) if isinstance(outcome, Outcome) else outcome

    async def read(self, event: Claimed) -> Reading | Outcome | Retry:
        """Make out what the event is; what nobody can make out is given up without a word."""
        if event.kind == "expired":
            return Reading(event.kind, event.body, "button_expired")
        if event.kind != "raw":
            return Reading(event.kind, event.body)
        try:
            return await self._channels[event.channel].read(event)
        except DeliveryPostponed as error:
            return Retry(error.seconds, False, str(error))
        except DeliveryFailed as error:
            return await self._failed(event, str(error))
        except BotError as error:
            log.error("event %d cannot be made out: %s", event.id, error)
            return Outcome([], error=str(error))

    async def _ask(self, event: Claimed, more: Mapping[str, object]) -> Outcome | Retry:
        start = time.perf_counter()
        try:
            answer = await self._engine.turn(self._turn(event, more))
        except EngineUnavailable as error:
            waited = max(0.0, time.time() - event.created_at)
            delay = min(LONGEST_AWAY_SECONDS, AWAY_SECONDS + waited / 20)
            return Retry(delay, False, str(error))
        except TurnRejected as error:
            return await self._give_up(event, str(error))
        except TurnFailed as error:
            return await self._failed(event, str(error))
        self._metrics.turns.observe(time.perf_counter() - start)
        above = await self._emergency.above(event.conversation, answer.language)
        replies = [*above, *map(draft, answer.replies)]
        return Outcome(replies, answer.language, answer.municipality)

    async def _own(self, text_id: str, event: Claimed) -> list[Draft]:
        """Give one of the bot's own texts in the language the conversation was last in."""
        language = await self._database.read(conversations.language, event.conversation)
        try:
            reply = self._words.reply(text_id, language or event.body.get("locale"))
        except KeyError:
            log.error("the texts lack %s", text_id)
            return []
        return [draft(reply)]

    def _turn(self, event: Claimed, more: Mapping[str, object]) -> Turn:
        content = {key: event.body[key] for key in (event.kind, "caption") if key in event.body}
        locale = event.body.get("locale")
        return Turn(
            conversation=event.conversation,
            message_id=message_id(event),
            channel=event.channel,
            municipality=self._municipality,
            locale=locale if isinstance(locale, str) else None,
            content={**content, **more},
        )

    async def _failed(self, event: Claimed, error: str) -> Outcome | Retry:
        if event.attempts + 1 >= MOST_ATTEMPTS:
            return await self._give_up(event, error)
        log.warning("event %d failed, attempt %d: %s", event.id, event.attempts + 1, error)
        return Retry(DELAYS[min(event.attempts, len(DELAYS) - 1)], True, error)

    async def _give_up(self, event: Claimed, error: str) -> Outcome:
        log.error("event %d is given up: %s", event.id, error)
        return Outcome(await self._own("apology", event), error=error)


def draft(reply: Reply) -> Draft:
    """Give a reply as a message to store."""
    return Draft(reply.to_json())

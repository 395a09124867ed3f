"""What is kept after a turn without the resident waiting for it: misses and feedback.

Notes are taken from the tracker at once and written by a task of their own. When the database
is away, or more waits than can be written, a note is dropped: the answer matters more.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Optional, Union

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core.asking_opinion import UP
from bot.core.errors import MissingError
from bot.core.languages import DEFAULT
from bot.core.masking import mask
from bot.engine import feedback
from bot.engine.turns import Turn, TurnResult
from bot.nlu.outcome import NOT_UNDERSTOOD, OFFERED, OUTCOME
from bot.store import feedback as verdicts
from bot.store import misses
from bot.store.database import Database
from bot.store.feedback import Verdict
from bot.store.misses import Missed

log = logging.getLogger(__name__)

#: Notes that wait to be written, and message ids that are remembered as noted.
MOST_WAITING, MOST_REMEMBERED = 1_000, 5_000


@dataclass(frozen=True)
class _Explained:
    """A bad answer of which the resident now said what was bad."""

    missed: Missed


Note = Union[Missed, Verdict, _Explained]


class Aftermath:
    """Takes notes of turns and writes them.

    Args:
        database: where they are kept.
        secret: the key of the residents' hashes.
    """

    def __init__(self, database: Database, secret: str) -> None:
        self._database = database
        self._secret = secret.encode()
        self._waiting: asyncio.Queue[Note] = asyncio.Queue(MOST_WAITING)
        self._noted: OrderedDict[str, None] = OrderedDict()

    def note(
        self,
        turn: Turn,
        result: TurnResult,
        tracker: Optional[DialogueStateTracker],
        model: str,
    ) -> None:
        """Take a note of a turn that was answered; a repeated one counts once."""
        if tracker is None or turn.message_id in self._noted:
            return
        self._noted[turn.message_id] = None
        while len(self._noted) > MOST_REMEMBERED:
            self._noted.popitem(last=False)
        try:
            for note in self._notes(turn, result, tracker, model.removesuffix(".tar.gz")):
                self._waiting.put_nowait(note)
        except asyncio.QueueFull:
            log.warning("notes of turns are dropped: the database does not keep up")

    async def write(self) -> None:
        """Write notes for as long as the process lives."""
        while True:
            note = await self._waiting.get()
            try:
                await self._write(note)
            except MissingError as error:
                log.warning("a note of a turn is dropped: %s", error)
            except Exception:
                log.exception("a note of a turn could not be written")
            finally:
                self._waiting.task_done()

    async def settled(self) -> None:
        """Wait until every note is written."""
        await self._waiting.join()

    async def _write(self, note: Note) -> None:
        if isinstance(note, Verdict):
            await self._database.run(verdicts.record, note)
        elif isinstance(note, _Explained):
            await self._database.run(misses.explain, note.missed)
        else:
            await self._database.run(misses.record, note)

    def _notes(
        self, turn: Turn, result: TurnResult, tracker: DialogueStateTracker, model: str
    ) -> list[Note]:
        pressed = feedback.pressed(turn.payload)
        if pressed is not None:
            return self._of_feedback(turn, result, tracker, model, pressed.arguments)
        parsed: Any = tracker.latest_message.parse_data if tracker.latest_message else {}
        outcome = parsed.get(OUTCOME)
        answered = any(reply.service for reply in result.replies)
        if turn.text is None or answered or tracker.active_loop:
            return []
        if outcome not in (OFFERED, NOT_UNDERSTOOD):
            return []
        return [self._missed(turn, result, parsed, str(outcome), model, turn.text)]

    def _of_feedback(
        self,
        turn: Turn,
        result: TurnResult,
        tracker: DialogueStateTracker,
        model: str,
        arguments: tuple[str, ...],
    ) -> list[Note]:
        about = feedback.asked_about(tracker)
        if not about:
            return []
        service, reason = str(about["service"]), next(iter(arguments[1:]), None)
        name = f"{turn.conversation}\0{about['message_id']}"
        parsed = _asked(tracker, str(about["message_id"]))
        verdict = Verdict(
            municipality=result.municipality,
            answer=self._hash(name),
            service=service,
            language=_language(parsed),
            channel=turn.channel,
            verdict=arguments[0],
            model=model,
            reason=reason,
        )
        text = parsed.get("text")
        if arguments[0] == UP or not text:
            return [verdict]
        missed = self._missed(turn, result, parsed, misses.FEEDBACK, model, text, service, reason)
        return [verdict, missed if reason is None else _Explained(missed)]

    def _missed(
        self,
        turn: Turn,
        result: TurnResult,
        parsed: Any,
        kind: str,
        model: str,
        text: str,
        service: Optional[str] = None,
        reason: Optional[str] = None,
    ) -> Missed:
        catalogue = library.catalogue()
        guesses = [
            {"label": guess["name"], "confidence": round(guess["confidence"], 4)}
            for guess in parsed.get("intent_ranking") or []
            if guess["name"] in catalogue
        ]
        return Missed(
            municipality=result.municipality,
            kind=kind,
            text=mask(text).text,
            language=_language(parsed),
            resident=self._hash(turn.conversation),
            model=model,
            guesses=guesses,
            service=service,
            reason=reason,
        )

    def _hash(self, name: str) -> str:
        return hmac.new(self._secret, name.encode(), hashlib.sha256).hexdigest()[:32]


def _asked(tracker: DialogueStateTracker, message_id: str) -> Any:
    """Give what was understood of an earlier message, with its text; empty when it is gone."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered) and event.message_id == message_id:
            return {**(event.parse_data or {}), "text": event.text}
    return {}


def _language(parsed: Any) -> str:
    """Give how a message is written: Georgian in Latin letters is a way of its own."""
    found = parsed.get("language") or {}
    code = str(found.get("code") or DEFAULT)
    return "ka-Latn" if code == "ka" and found.get("script") == "Latn" else code

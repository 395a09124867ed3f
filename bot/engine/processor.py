"""Rasa's message processor with the few changes that a city's bot needs.

- Models load through `bot.engine.model`: no TensorFlow, no second reading of the domain.
- The language of the answer is settled with each message.
- Sessions are bounded: a long conversation begins a new session, and a new session carries
  over the last value of each slot instead of every value it ever had.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union

from rasa.core.actions.action import Action, ActionSessionStart
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.forms.state import KEPT_SECONDS
from bot.core.language_choice import answer_language
from bot.engine import model
from bot.engine.alarm import alarmed, warn
from bot.engine.calculating import answered
from bot.engine.context import Understand, in_context
from bot.engine.light import LightAction, LightForm
from bot.engine.returning import returned
from bot.engine.telling import tell
from bot.engine.untangling import untangled

#: Events after which a session ends even without a pause. A turn costs more the longer the
#: session is; at some 7 events a turn this keeps about the last 15 turns.
MOST_EVENTS = 110
#: In a form so many words show the language somebody writes in.
_WORDS_OF_A_LANGUAGE = 5
#: Messages whose meaning is worked out side by side; each takes a core.
_UNDERSTOOD_AT_ONCE = 2


class SessionStart(ActionSessionStart):
    """Begins a session with the last value of each slot.

    Stock Rasa carries over every SlotSet event of the past, so that the sessions of a resident
    who returns often grow for ever.
    """

    @staticmethod
    def _slot_set_events_from_tracker(tracker: DialogueStateTracker) -> List[SlotSet]:
        return [
            SlotSet(name, slot.value)
            for name, slot in tracker.slots.items()
            if slot.value is not None and name != REQUESTED_SLOT
        ]


class Processor(MessageProcessor):
    """Handles one message of one conversation."""

    def __init__(self, *args: Any, stock_parts: bool = False, **kwargs: Any) -> None:
        """Load the model; ``stock_parts`` keeps Rasa's own graph runner and rule policy."""
        self._stock_parts = stock_parts
        self._understanding = ThreadPoolExecutor(_UNDERSTOOD_AT_ONCE, "understanding")
        super().__init__(*args, **kwargs)

    def _load_model(self, model_path: Union[str, Path]) -> Tuple[str, ModelMetadata, GraphRunner]:
        path = Path(model_path)
        with tempfile.TemporaryDirectory() as directory:
            metadata, runner = model.load(path, Path(directory), self._stock_parts)
        return path.name, metadata, runner

    def _get_action(self, action_name: str) -> Optional[Action]:
        if action_name == ACTION_SESSION_START_NAME:
            return SessionStart()
        if action_name in self.domain.user_actions:
            return LightAction(action_name, self.action_endpoint)
        if action_name in self.domain.form_names:
            return LightForm(action_name, self.action_endpoint)
        return super()._get_action(action_name)

    def _has_session_expired(self, tracker: DialogueStateTracker) -> bool:
        if tracker.active_loop and _silent_for(tracker) < KEPT_SECONDS:
            # Who comes back to a form after lunch finds it where it was.
            return False
        too_long = len(tracker.events) > MOST_EVENTS
        return too_long or super()._has_session_expired(tracker)

    async def parse_message(
        self,
        message: UserMessage,
        tracker: Optional[DialogueStateTracker] = None,
        only_output_properties: bool = True,
    ) -> Dict[str, Any]:
        """Understand a message, in a conversation in the light of what was said before it.

        What answers a calculator's question is no new question.
        """
        text = message.text or ""
        alone = DialogueStateTracker.from_events(message.sender_id, [])

        async def understand(text: str) -> Dict[str, Any]:
            # In a thread: the encoder takes some 30 ms, in which the others are not kept waiting.
            parse_data: Dict[str, Any] = await asyncio.get_running_loop().run_in_executor(
                self._understanding,
                self._parse_message_with_graph,
                UserMessage(text, sender_id=message.sender_id),
                tracker or alone,
                only_output_properties,
            )
            return parse_data

        parse_data = await understand(text)
        self._update_full_retrieval_intent(parse_data)
        self._check_for_unseen_features(parse_data)
        if tracker is None:
            return parse_data
        meant = await self._in_conversation(parse_data, text, tracker, understand)
        return alarmed(meant, text, in_a_form=bool(tracker.active_loop))

    async def _in_conversation(
        self,
        parse_data: Dict[str, Any],
        text: str,
        tracker: DialogueStateTracker,
        understand: Understand,
    ) -> Dict[str, Any]:
        reckoned = answered(parse_data, text, tracker)
        if reckoned is not parse_data or tracker.active_loop:
            return reckoned
        again = await returned(parse_data, text, tracker, understand)
        if again is not None:
            return again
        return await in_context(
            await untangled(parse_data, text, understand), text, tracker, understand
        )

    async def _handle_message_with_tracker(
        self, message: UserMessage, tracker: DialogueStateTracker
    ) -> None:
        told = message.metadata or {}
        # A town the resident chose by hand goes before the one this deployment serves.
        town = tracker.get_slot("municipality_choice") or told.get("municipality")
        # It is kept with the message: the figures of each town are counted by it.
        message.metadata = {**told, "town": town} if town else told
        await super()._handle_message_with_tracker(message, tracker)
        parse_data = tracker.latest_message.parse_data if tracker.latest_message else {}
        settled = [
            SlotSet(name, value)
            for name, value in _settled_slots(parse_data, message.metadata, tracker)
            if tracker.get_slot(name) != value
        ]
        events: List[Event] = list(settled)
        tracker.update_with_events(events, self.domain)
        if message.output_channel is not None:
            await tell(tracker, message.output_channel, self.domain)
            await warn(tracker, message.output_channel, self.domain)


def language_counts(tracker: DialogueStateTracker, text: Any) -> bool:
    """Tell whether the language of a message may change that of the conversation.

    Names, streets and sums that answer a form are written in any letters.
    """
    return not tracker.active_loop or len(str(text or "").split()) >= _WORDS_OF_A_LANGUAGE


def _silent_for(tracker: DialogueStateTracker) -> float:
    """Give the seconds since the last message of the resident."""
    latest = tracker.latest_message
    return time.time() - latest.timestamp if latest and latest.timestamp else 0.0


def _settled_slots(
    parse_data: Any, metadata: Any, tracker: DialogueStateTracker
) -> List[Tuple[str, str]]:
    found = parse_data.get("language") or {}
    language = answer_language(
        detected=found.get("code"),
        sure=bool(found.get("sure")) and language_counts(tracker, parse_data.get("text")),
        chosen=tracker.get_slot("language_choice"),
        previous=tracker.get_slot("language"),
        hint=metadata.get("locale"),
    )
    slots = [("language", language)]
    if town := metadata.get("town"):
        slots.append(("municipality", town))
    return slots


class CityAgent(Agent):
    """Rasa's agent around :class:`Processor`."""

    #: Keep Rasa's own graph runner and rule policy, to compare.
    stock_parts = False

    @staticmethod
    def _create_tracker_store(
        store: Optional[TrackerStore], domain: Optional[Domain]
    ) -> TrackerStore:
        # Without Rasa's fail-safe wrapper: it hides a database that is away, answers all the
        # same and never reads those conversations back. Here the message waits instead.
        if store is None:
            raise ValueError("the agent needs a tracker store")
        store.domain = domain
        return store

    def load_model(self, model_path: Union[str, Path], fingerprint: Optional[str] = None) -> None:
        """Load the model at ``model_path``.

        Raises:
            MissingError: when there is no readable model.
        """
        self.processor = Processor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
            stock_parts=self.stock_parts,
        )
        self.domain = self.processor.domain
        self.tracker_store.domain = self.domain
        self._set_fingerprint(fingerprint)

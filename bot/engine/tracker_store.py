"""Conversations kept in memory and written through to the database.

Stock Rasa reads a conversation from the database and replays it for every message; here the
live tracker stays in a bounded cache and a turn writes only its new events, in one
transaction. That is right as long as one engine owns a conversation at a time (connectors
route by its id) and a tracker leaves the cache whenever a turn or a save fails.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any, Dict, Iterable, List, Optional

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.store import events as stored
from bot.store.database import Database

#: Conversations kept in memory; an idle one costs some 100 kB.
CAPACITY = 500


class WriteThroughStore(TrackerStore):
    """A tracker store with the latest conversations in memory."""

    def __init__(
        self, database: Database, domain: Optional[Domain] = None, capacity: int = CAPACITY
    ) -> None:
        """Take the database, whose tables are there already."""
        super().__init__(domain)
        self._database = database
        self._capacity = capacity
        self._live: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._saved: Dict[str, int] = {}

    @property
    def database(self) -> Optional[Database]:
        """Where conversations are kept; None when only in memory."""
        return self._database

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Give the live tracker, read from the database when it is not in memory.

        Raises:
            StoreUnavailable: when the database is away; no blank conversation is begun then.
        """
        tracker = self._live.get(sender_id)
        if tracker is not None:
            self._live.move_to_end(sender_id)
            return tracker
        rows = await self._database.read(stored.latest_session, sender_id)
        if not rows:
            return None
        tracker = self.init_tracker(sender_id)
        for data in rows:
            tracker.update(Event.from_parameters(json.loads(data)), self.domain)
        self._keep(tracker)
        self._saved[sender_id] = len(tracker.events)
        return tracker

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """Begin a conversation in memory; it is written with the first turn's events."""
        tracker = self.init_tracker(sender_id)
        self._keep(tracker)
        self._saved[sender_id] = 0
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that came since the last save, in one transaction.

        Raises:
            StoreUnavailable: when they could not be written; the tracker is dropped from
                memory, so that the next turn starts from what is stored.
        """
        sender_id = tracker.sender_id
        events = list(tracker.events)
        new = events[self._saved.get(sender_id, 0) :]
        try:
            await self._database.run(stored.append, sender_id, [_to_store(e) for e in new])
        except BaseException:
            self.evict(sender_id)
            raise
        self._saved[sender_id] = len(events)
        if any(isinstance(event, SessionStarted) for event in new):
            # The next turn reads only the new session: what went before is history.
            self.evict(sender_id)

    async def forget(self, sender_id: str) -> None:
        """Erase the conversation's events, in memory and in the database."""
        await self._database.run(stored.forget, sender_id)
        self.evict(sender_id)

    def evict(self, sender_id: str) -> None:
        """Forget the tracker in memory."""
        self._live.pop(sender_id, None)
        self._saved.pop(sender_id, None)

    def clear(self) -> None:
        """Forget all trackers in memory, as a new model needs it."""
        self._live.clear()
        self._saved.clear()

    async def keys(self) -> Iterable[str]:
        """List the conversations in memory."""
        return list(self._live)

    def _keep(self, tracker: DialogueStateTracker) -> None:
        self._live[tracker.sender_id] = tracker
        while len(self._live) > self._capacity:
            oldest, _ = self._live.popitem(last=False)
            self._saved.pop(oldest, None)


def _to_store(event: Event) -> stored.StoredEvent:
    data: Dict[str, Any] = event.as_dict()
    intent = (data.get("parse_data") or {}).get("intent") or {}
    return stored.StoredEvent(
        type_name=event.type_name,
        timestamp=data["timestamp"],
        intent_name=intent.get("name"),
        action_name=data.get("name"),
        data=json.dumps(data, ensure_ascii=False),
    )


class MemoryStore(WriteThroughStore):
    """Conversations in memory alone, for `cbot chat`."""

    def __init__(self, domain: Optional[Domain] = None) -> None:
        """Begin empty."""
        super().__init__(database=None, domain=domain, capacity=1_000_000)  # type: ignore[arg-type]

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Give the tracker, None when the conversation is new."""
        return self._live.get(sender_id)

    async def forget(self, sender_id: str) -> None:
        """Erase the conversation."""
        self.evict(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker; of several sessions only the last."""
        events: List[Event] = list(tracker.events)
        starts = [n for n, event in enumerate(events) if isinstance(event, SessionStarted)]
        if len(starts) > 1:
            fresh = self.init_tracker(tracker.sender_id)
            for event in events[starts[-1] :]:
                fresh.update(event, self.domain)
            self._keep(fresh)

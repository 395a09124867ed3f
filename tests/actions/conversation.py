"""A conversation as an action finds it: its slots and the latest message, understood already."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


def tracker(
    intent: str = "", text: str = "", slots: dict[str, Any] | None = None, **entities: Any
) -> Tracker:
    """Give a tracker whose latest message has the ``entities`` by name, or several of a name."""
    latest = {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [],
        "entities": [
            {"entity": name, "value": value}
            for name, given in entities.items()
            for value in (given if isinstance(given, list) else [given])
        ],
    }
    known = {"language": "en", "municipality": "rustavi", **(slots or {})}
    return Tracker("web:a", known, latest, [], False, None, {}, "action_listen")


def run(action: Action, tracker: Tracker) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Run an action; give its messages and the slots it sets."""
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    return dispatcher.messages, slots

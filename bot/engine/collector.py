"""The output channel of a turn: keeps the bot's messages as replies."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.replies import Reply


class Collector(OutputChannel):
    """Collects whole messages; Rasa's own collector splits texts at blank lines."""

    def __init__(self, channel: str) -> None:
        """Begin with no reply; ``channel`` is the resident's channel."""
        self._channel = channel
        self.replies: List[Reply] = []

    def name(self) -> str:
        """Give the resident's channel, which channel-specific texts go by."""
        return self._channel

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Keep a message."""
        self.replies.append(reply_from(message))


def reply_from(message: Mapping[str, Any]) -> Reply:
    """Read a reply from a message of Rasa's: text, buttons, and the rest under ``custom``."""
    custom = message.get("custom") or {}
    return Reply.from_json(
        {**custom, "text": message.get("text"), "buttons": message.get("buttons")}
    )


def uttered(message: Mapping[str, Any], **more: Any) -> BotUttered:
    """Give the event that a message leaves in the tracker; ``more`` are values of its own."""
    data = {"buttons": message["buttons"], "custom": message["custom"]}
    return BotUttered(text=message["text"], data=data, **more)


def replies_to(tracker: DialogueStateTracker, message_id: str) -> List[Reply] | None:
    """Give what was answered to a message, from the tracker; None when it was not handled yet.

    This makes a turn safe to repeat: a message that comes again gets the same answer and
    changes nothing.
    """
    events = list(tracker.events)
    for number in range(len(events) - 1, -1, -1):
        event = events[number]
        if isinstance(event, UserUttered) and event.message_id == message_id:
            break
    else:
        return None
    replies = []
    for event in events[number + 1 :]:
        if isinstance(event, UserUttered):
            break
        # A notice that was sent later answers nothing.
        if isinstance(event, BotUttered) and "notice" not in (event.metadata or {}):
            replies.append(reply_from(event.message()))
    return replies

"""Short-hands for the tests of the store."""

from __future__ import annotations

from bot.store.inbox import Event, Lease
from bot.store.outbox import Draft

ME = Lease("me", 10.0)
YOU = Lease("you", 10.0)
WEB = ["web"]


def said(conversation: str, ext_id: str, text: str = "რა ღირს დასუფთავება?") -> Event:
    """Give a message of a resident."""
    return Event("web", conversation, ext_id, conversation, "text", {"text": text}, 99.0)


def reply(text: str) -> Draft:
    """Give a reply to store."""
    return Draft({"text": text})

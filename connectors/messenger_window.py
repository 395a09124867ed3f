"""Whether, and as what, Messenger lets a message through: 24 hours, 7 days, and after.

Counted from the resident's last action as we know it, never from our own messages. What nothing
allows is held until the resident writes again.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.store import holds
from bot.store.outbox import Message
from connectors.channel import DeliveryHeld

DAY = 86_400.0
#: Anything may be sent within a day, a person's own answer within seven.
ANYTHING = 1 * DAY
HUMAN = 7 * DAY
#: Our clock and Meta's need not agree, and sending takes time; seconds.
MARGIN = 60.0

RESPONSE, UPDATE, MESSAGE_TAG, UTILITY = "RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"
HUMAN_AGENT = "HUMAN_AGENT"


@dataclass(frozen=True)
class Way:
    """How a message goes out."""

    messaging_type: str
    tag: str | None = None


def choose(
    message: Message,
    heard_at: float | None,
    now: float,
    *,
    human_agent: bool,
    utility: bool,
) -> Way:
    """Give the way on which a message may go out now.

    Args:
        heard_at: when the resident did something last.
        human_agent, utility: what Meta granted to the page's app.

    Raises:
        DeliveryHeld: none.
    """
    age = now - heard_at if heard_at is not None else float("inf")
    notice = message.kind == "notice"
    if age <= ANYTHING - MARGIN:
        return Way(UPDATE if notice else RESPONSE)
    # Only what a person wrote may say so; the bot's own words never do.
    if message.author == "person" and human_agent and age <= HUMAN - MARGIN:
        return Way(MESSAGE_TAG, HUMAN_AGENT)
    if notice and utility:
        return Way(UTILITY)
    raise DeliveryHeld("more than a day since the resident wrote", holds.WINDOW)


def is_open(heard_at: float | None, now: float) -> bool:
    """Tell whether anything may be sent."""
    return heard_at is not None and now - heard_at <= ANYTHING

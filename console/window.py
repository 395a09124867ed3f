"""How long a resident can still be written to, as their platform has it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import Settings
from bot.store.conversations import Contact

HOUR = 3600.0
#: Messenger takes anything for a day after the resident's last message, a person's own words for
#: a week where Meta allowed it.
ANYTHING, BY_A_PERSON = 24 * HOUR, 7 * 24 * HOUR


@dataclass(frozen=True)
class Window:
    """What becomes of a message sent now.

    ``state`` is open (goes out), person (goes out as a person's own words), template (goes out as
    a notice that Meta approved), held (waits for the resident's next message, within the week),
    closed (the same, after it) or unreachable. ``until`` is when it changes, None for never.
    """

    state: str
    until: float | None = None

    @property
    def waits(self) -> bool:
        """Whether the message would not reach them now, so that another way may be better."""
        return self.state in ("held", "closed", "unreachable")


def window(contact: Contact, settings: Settings, now: float, *, by_a_person: bool) -> Window:
    """Tell how a resident can be written to now.

    Args:
        settings: what Meta granted to this deployment.
        by_a_person: whether what is written goes out as a person's own words; news of a
            submission are the bot's.
    """
    if contact.unreachable:
        return Window("unreachable")
    if contact.channel != "messenger":
        return Window("open")
    heard_at, granted = contact.heard_at or 0.0, settings.messenger
    if now - heard_at <= ANYTHING:
        return Window("open", heard_at + ANYTHING)
    within = now - heard_at <= BY_A_PERSON
    if by_a_person and within and granted is not None and granted.human_agent:
        return Window("person", heard_at + BY_A_PERSON)
    if granted is not None and granted.utility_template is not None:
        return Window("template")
    return Window("held", heard_at + BY_A_PERSON) if within else Window("closed")

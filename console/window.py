"""How long a resident can still be written to, as their platform has it."""

from __future__ import annotations

from dataclasses import dataclass

HOUR = 3600.0
#: Messenger takes anything for a day after the resident's last message, a person's own words for
#: a week where Meta allowed it.
ANYTHING, BY_A_PERSON = 24 * HOUR, 7 * 24 * HOUR


@dataclass(frozen=True)
class Window:
    """``state`` is open, person or closed; ``until`` when it changes, None for never."""

    state: str
    until: float | None = None


def window(channel: str, seen_at: float, now: float) -> Window:
    """Tell how a resident can be written to now.

    Args:
        channel: where they write.
        seen_at: when they wrote last.
    """
    if channel != "messenger":
        return Window("open")
    for state, seconds in (("open", ANYTHING), ("person", BY_A_PERSON)):
        if now - seen_at <= seconds:
            return Window(state, seen_at + seconds)
    return Window("closed")

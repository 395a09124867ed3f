"""What a message leads to: the form after it, what is told, and how it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.forms.state import State

#: What a step may end with.
ASK, SEND, CANCEL, INTERRUPT = "ask", "send", "cancel", "interrupt"
SWITCH, FOLLOW = "switch", "follow"


@dataclass(frozen=True)
class Note:
    """A sentence for the resident: a text and what fills it."""

    text_id: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """The form after a message.

    ``notes`` are told before the question; a ``failed`` step's note says itself what to do.
    ``value`` goes with the outcome: the kind of another form, the code to follow.
    """

    state: State
    outcome: str = ASK
    notes: tuple[Note, ...] = ()
    failed: bool = False
    value: Any = None

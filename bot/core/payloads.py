"""What a button says when it is pressed: a verb and its arguments, joined by colons.

Payloads are the bot's own: a text typed by a resident is never read as one, and a connector
hands one over only when it issued it to that conversation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Verbs and how many arguments each takes.
VERBS = {
    "service": 1,  # service:<catalogue id>[:<town>]     the card of a service
    "attribute": 2,  # attribute:<catalogue id>:<name>[:<town>]  one attribute of it
    "topic": 1,  # topic:<topic>                         the services of a topic
    "act": 1,  # act:<dialogue act>                      as if the resident had said it
    "language": 1,  # language:<code>                    answer in this language from now on
    "town": 1,  # town:<municipality>                    answer for this town from now on
    "feedback": 1,  # feedback:up|down[:reason]          what the resident thinks of an answer
    "none_of_these": 0,  # none of the services offered is meant
}
#: How many arguments more a verb may have: another town than the conversation's.
OPTIONAL = {"service": 1, "attribute": 1, "feedback": 1}

_SHAPE = re.compile(r"[a-z_]+(?::[a-zA-Z0-9_.\-]+)*\Z")
MAX_LENGTH = 120


@dataclass(frozen=True)
class Payload:
    """A button's message: ``verb`` with its ``arguments``."""

    verb: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ":".join((self.verb, *self.arguments))


def parse(text: str) -> Payload | None:
    """Read a payload; None when verb, shape or number of arguments are not ours."""
    if len(text) > MAX_LENGTH or not _SHAPE.match(text):
        return None
    verb, *arguments = text.split(":")
    needed = VERBS.get(verb)
    if needed is None or not needed <= len(arguments) <= needed + OPTIONAL.get(verb, 0):
        return None
    return Payload(verb, tuple(arguments))

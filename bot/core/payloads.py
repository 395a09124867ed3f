"""What a button says when it is pressed: a verb and its arguments, joined by colons.

Payloads are the bot's own: a text typed by a resident is never read as one, and a connector
hands one over only when it issued it to that conversation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Verbs and how many arguments each takes: a number, or the least and the most.
VERBS: Mapping[str, int | tuple[int, int]] = {
    "service": (1, 2),  # service:<catalogue id>[:<town>]  the card of a service
    "attribute": (2, 3),  # attribute:<catalogue id>:<name>[:<town>]  one attribute of it
    "topic": 1,  # topic:<topic>                         the services of a topic
    "act": 1,  # act:<dialogue act>                      as if the resident had said it
    "language": 1,  # language:<code>                    answer in this language from now on
    "calculate": (1, 2),  # calculate:<name>[:<answer or town>]  work something out
    "town": 1,  # town:<municipality>                    answer for this town from now on
    "feedback": (1, 2),  # feedback:up|down[:reason]          what the resident thinks of an answer
    "none_of_these": 0,  # none of the services offered is meant
    "start": 1,  # start:idea|problem|co_funding|status|my_data     begin that
    "form": (1, 2),  # form:<command>[:value], form:<question>:<value>   inside a form
    "attachment": (1, 2),  # attachment:problem|idea|none, attachment:add:<code>  what it is about
    "programme": 1,  # programme:<id>                    begin the form of a programme
    "remind": 1,  # remind:<programme kind>              tell me when one opens
    "submission": 2,  # submission:<what>:<code>         something with one's own submission
    "rate": (1, 3),  # rate:<command>[:initiative[:value]]  in a round of ratings
    "my_data": 1,  # my_data:erase|keep                  the answer to "erase everything?"
}
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
    if verb not in VERBS:
        return None
    allowed = VERBS[verb]
    least, most = (allowed, allowed) if isinstance(allowed, int) else allowed
    if not least <= len(arguments) <= most:
        return None
    return Payload(verb, tuple(arguments))

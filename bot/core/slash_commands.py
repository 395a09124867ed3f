"""Commands that begin with a slash: in Telegram's menu, and typed by residents anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: What the commands of the menu stand for; no other text starting with / means anything.
COMMANDS: Mapping[str, str] = {
    "start": "act:greet",
    "menu": "act:help",
    "idea": "start:idea",
    "problem": "start:problem",
    "cofunding": "start:co_funding",
    "status": "start:status",
    "language": "act:change_language",
    "privacy": "act:privacy",
    "mydata": "start:my_data",
    "deletemydata": "act:delete_my_data",
    "cancel": "act:cancel",
}
#: The same by other names that people try.
_SAME = {"help": "menu", "stop": "cancel"}

_COMMAND = re.compile(r"/([a-z_]{1,32})(?:@[A-Za-z0-9_]{1,40})?(?:\s.*)?\Z", re.DOTALL)


def command_in(text: str) -> tuple[str, str] | None:
    """Give the command a text is, and the payload it stands for; None when it is none."""
    found = _COMMAND.match(text)
    if found is None:
        return None
    name = found.group(1)
    payload = COMMANDS.get(_SAME.get(name, name))
    return (name, payload) if payload is not None else None

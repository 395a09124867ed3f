"""Ports for servers that are started later, or again and again."""

from __future__ import annotations

import contextlib
import random
import socket

#: Below those that Linux gives to outgoing connections, one of which could otherwise sit on the
#: port of a server while it is away.
FIRST, LAST = 12_000, 32_000


def free_ports(count: int) -> list[int]:
    """Give so many ports that nobody has just now."""
    with contextlib.ExitStack() as stack:
        found: list[int] = []
        while len(found) < count:
            probe = stack.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", random.randint(FIRST, LAST)))
                found.append(int(probe.getsockname()[1]))
        return found


def free_port() -> int:
    """Give a port that nobody has just now."""
    return free_ports(1)[0]

"""placeholder until the other branch brings it"""

from __future__ import annotations


def erase(connection, conversation, now):
    return "X"

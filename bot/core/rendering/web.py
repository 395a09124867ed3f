"""A reply as the web page gets it; the page's scripts lay it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def content(body: Mapping[str, Any], sign: Callable[[str], str]) -> dict[str, Any]:
    """Give what stands below the text of a message.

    Args:
        body: a reply's JSON form.
        sign: gives the token that stands for a payload in this conversation.
    """
    return {
        "buttons": [
            {"title": button["title"], "payload": sign(button["payload"])}
            for button in body.get("buttons") or ()
        ],
        "service": body.get("service"),
        "sources": body.get("sources") or [],
        "links": body.get("links") or [],
        "images": body.get("images") or [],
        "checked_on": body.get("checked_on"),
        "asks": body.get("asks"),
    }

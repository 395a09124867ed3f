"""What comes with a message on Messenger: pictures, places, links, numbers, and the unreadable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.bodies import clean

#: Pictures of one message that are kept; Messenger lets people send up to 30 at once.
MOST_PICTURES = 10
#: What Messenger calls them, and what a turn does.
_UNSUPPORTED = {"audio": "voice", "video": "video", "reel": "video", "ig_reel": "video"}
_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{7,20}\Z")
#: Georgia's, before the nine digits of a number.
_COUNTRY = "995"


def own_number(quick: Any, words: Any) -> str | None:
    """Give the digits of the number that a resident sent with Messenger's own quick reply."""
    payload = quick.get("payload") if isinstance(quick, dict) else None
    if payload != words or not isinstance(payload, str) or not _NUMBER.match(payload):
        return None
    digits = re.sub(r"\D", "", payload)
    return digits.removeprefix(_COUNTRY) if len(digits) == len(_COUNTRY) + 9 else digits


def shared(attachment: Mapping[str, Any]) -> str:
    """Give the address in a link that was shared, such as a place on a map."""
    if attachment.get("type") != "fallback":
        return ""
    payload = attachment.get("payload")
    url = attachment.get("url") or (payload.get("url") if isinstance(payload, dict) else None)
    title = attachment.get("title")
    parts = [clean(part).strip() for part in (title, url) if isinstance(part, str)]
    return "\n".join([*parts[:-1], _unwrapped(parts[-1])]) if parts else ""


def _unwrapped(url: str) -> str:
    """Give the address behind Facebook's own, which counts clicks."""
    parts = urlsplit(url)
    if parts.netloc in ("l.facebook.com", "lm.facebook.com"):
        return (parse_qs(parts.query).get("u") or [url])[0]
    return url


def attachment_of(
    message: Mapping[str, Any], attachments: Sequence[Mapping[str, Any]]
) -> tuple[list[str], dict[str, Any] | None]:
    """Give the addresses of a message's pictures; else what a turn may carry of the rest."""
    pictures: list[str] = []
    refused: str | None = None
    for one in attachments:
        kind, payload = one.get("type"), one.get("payload")
        payload = payload if isinstance(payload, dict) else {}
        if kind == "location":
            place = _place(payload)
            if place is not None:
                return [], place
        url = payload.get("url")
        sticker = kind == "sticker" or payload.get("sticker_id") or message.get("sticker_id")
        if kind == "image" and not sticker and isinstance(url, str):
            pictures.append(url)
        elif kind != "fallback":
            refused = "sticker" if sticker else _UNSUPPORTED.get(str(kind), "file")
    return pictures[:MOST_PICTURES], {"type": "unsupported", "what": refused} if refused else None


def _place(payload: Mapping[str, Any]) -> dict[str, Any] | None:
    coordinates = payload.get("coordinates")
    if not isinstance(coordinates, dict):
        return None
    lat, lon = coordinates.get("lat"), coordinates.get("long")
    for value, most in ((lat, 90), (lon, 180)):
        if not isinstance(value, (int, float)) or isinstance(value, bool) or abs(value) > most:
            return None
    return {"type": "location", "lat": lat, "lon": lon}

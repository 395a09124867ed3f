"""Messages as the web page reads them, and the page's messages as the inbox stores them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from bot.core import payloads
from bot.core.languages import NAMES
from bot.core.rendering.web import content
from bot.store.inbox import Added, Event
from bot.store.outbox import Message
from bot.store.transcript import Line
from connectors.bodies import Refused, clean
from connectors.signing import sign, verify

#: The most characters of one message that is passed on.
MOST_CHARACTERS = 20_000
#: The most characters of a button's title that is shown again.
MOST_TITLE = 80

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")


def item(line: Line, secret: str) -> dict[str, Any]:
    """Give a line of the transcript in the page's form.

    ``client_id`` is the id under which the page sent it, None for the bot's.
    """
    return {
        "id": line.position,
        "client_id": line.ext_id,
        "from": line.sender,
        "at": datetime.fromtimestamp(line.created_at, timezone.utc).isoformat(
            timespec="milliseconds"
        ),
        "text": _words(line),
        "attachment": _attachment(line),
        **content(line.body, lambda payload: sign(secret, line.conversation, payload)),
    }


def _attachment(line: Line) -> dict[str, Any] | None:
    """Give what the resident sent beside words: a photo by its id, or a place."""
    sent = line.body.get("attachment")
    if line.sender != "resident" or not isinstance(sent, Mapping):
        return None
    if sent.get("type") == "image":
        return {"type": "image", "id": sent.get("media_id")}
    return dict(sent)


def _words(line: Line) -> str:
    """Give what was said; of a button pressed, its title."""
    if line.sender == "resident" and line.kind != "text":
        return str(line.body.get("title") or "")
    return str(line.body.get("text") or "")


def line_of_event(event: Event, added: Added, now: float) -> Line:
    """Give the transcript's line of an event just stored."""
    return Line(
        event.conversation, added.position, "resident", event.kind, event.body, now, event.ext_id
    )


def line_of_message(message: Message) -> Line:
    """Give the transcript's line of a reply just stored."""
    return Line(
        message.conversation,
        message.position,
        "bot",
        message.kind,
        message.body,
        message.created_at,
        None,
    )


def event_of(data: Mapping[str, Any], conversation: str, secret: str, now: float) -> Event:
    """Read a message of the page.

    Args:
        data: ``{"id", "locale"?}`` with ``{"text", "caption"?}``, ``{"payload", "title"?}`` or
            ``{"location": {"lat", "lon"}}``.

    Raises:
        Refused: with status 400, when it is none of them.
    """
    id = checked_id(data.get("id"))
    if "payload" in data:
        kind, body = _press(data, conversation, secret)
    elif "location" in data:
        kind, body = "attachment", {"attachment": _place(data)}
    else:
        kind, body = "text", {"text": _text(data.get("text"))}
        if data.get("caption") is True:
            body["caption"] = True
    return event(id, conversation, kind, body, data.get("locale"), now)


def event(
    id: str, conversation: str, kind: str, body: dict[str, Any], locale: object, now: float
) -> Event:
    """Give what the page sent as an event, with the page's language when it is one of ours."""
    if isinstance(locale, str) and locale in NAMES:
        body = {**body, "locale": locale}
    # Ids are the page's own choice, so they are kept apart by conversation.
    return Event("web", conversation, id, conversation, kind, body, now)


def checked_id(id: object) -> str:
    """Give the id that the page chose for a message.

    Raises:
        Refused: with status 400, when it is no usable one.
    """
    if not isinstance(id, str) or not _ID.match(id):
        raise _bad("id", "Give an id of 8 to 64 letters, digits, - or _.")
    return id


def _place(data: Mapping[str, Any]) -> dict[str, Any]:
    location = data["location"]
    if not isinstance(location, dict) or "text" in data:
        raise _bad("location", "Give location as an object with lat and lon, without text.")
    lat, lon = location.get("lat"), location.get("lon")
    if not _within(lat, 90) or not _within(lon, 180):
        raise _bad("location", "Give lat and lon in degrees.")
    return {"type": "location", "lat": lat, "lon": lon}


def _within(value: object, most: int) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    # Written so that NaN fails as well.
    return -most <= value <= most


def _press(data: Mapping[str, Any], conversation: str, secret: str) -> tuple[str, dict[str, Any]]:
    token, title = data["payload"], data.get("title", "")
    if not isinstance(token, str) or not isinstance(title, str) or "text" in data:
        raise _bad("payload", "Give payload and title as strings, without text.")
    payload = verify(secret, conversation, token)
    shown = clean(title).strip()[:MOST_TITLE]
    if payload is None or payloads.parse(payload) is None:
        return "expired", {"title": shown}
    return "payload", {"payload": payload, "title": shown}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _bad("text", "Give text as a string.")
    text = clean(value).strip()
    if not text:
        raise Refused(400, "empty", "The message is empty.")
    if len(text) > MOST_CHARACTERS:
        raise Refused(400, "too_long", f"Write at most {MOST_CHARACTERS} characters.")
    return text


def _bad(field: str, message: str) -> Refused:
    return Refused(400, f"bad_{field}", message)

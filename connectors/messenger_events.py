"""What Messenger's webhook says, read event by event.

Pure: a body in, items out. What is not ours to act on is named :class:`Ignored`, what cannot be
read :class:`Malformed`; neither ever stops the other events of a batch.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from bot.core.rendering.splitting import shorten
from bot.store.inbox import Event
from connectors.bodies import clean
from connectors.messenger_attachments import attachment_of, own_number, shared

CHANNEL = "messenger"
#: The payload of a question on the start page: it counts as if the resident had typed its title,
#: which anybody may.
ASK = "ask"
#: Longer texts get a polite answer instead of a turn.
MOST_CHARACTERS = 20_000
#: What is kept of those.
MOST_SHOWN = 500
#: The most characters of a button's title that is kept.
MOST_TITLE = 80
#: A message's id that is longer than this is replaced by its hash.
_LONGEST_ID = 200
#: The most characters of what holds a message's pictures together.
MOST_ALBUM = 120
#: A batch holds up to 1000 events.
_MOST_EVENTS = 1000

_ID = re.compile(r"[0-9]{1,40}\Z")
#: Events that need nothing from us.
_IGNORED = (
    "delivery",
    "read",
    "account_linking",
    "policy_enforcement",
    "policy-enforcement",
    "request_thread_control",
    "app_roles",
    "response_feedback",
    "messaging_feedback",
)
#: Something a resident did without a word: it opens the window for notices.
_ACTIONS = ("reaction", "referral", "optin")


@dataclass(frozen=True)
class Said:
    """A resident's message or button; ``standby`` when another app answers the conversation."""

    event: Event
    standby: bool = False


@dataclass(frozen=True)
class Acted:
    """A resident did something that needs no answer."""

    conversation: str
    at: float


@dataclass(frozen=True)
class Echo:
    """The page said something: the bot itself, a person in the page's inbox, another app."""

    page: str
    conversation: str
    mid: str
    at: float
    text: str
    metadata: str
    app_id: str


@dataclass(frozen=True)
class Changed:
    """A resident edited a message for the ``number``-th time, or took it back (``text`` None)."""

    page: str
    conversation: str
    mid: str
    text: str | None
    at: float
    number: int = 0


@dataclass(frozen=True)
class Control:
    """Another app, or this one again, answers the conversation from now on."""

    conversation: str
    page: str
    at: float
    owner: str | None


@dataclass(frozen=True)
class Ignored:
    """Nothing for us; ``what`` names the kind of event."""

    what: str


@dataclass(frozen=True)
class Malformed:
    """An event that cannot be read: kept aside for people to look at."""

    page: str
    why: str
    raw: Any


Item = Union[Said, Acted, Echo, Changed, Control, Ignored, Malformed]
#: Gives the payload behind a button's token in a conversation; None when we did not issue it.
Verify = Callable[[str, str], "str | None"]


class _Unreadable(Exception):
    """Says what is wrong with an event."""


def conversation_of(page: str, psid: str) -> str:
    """Give the conversation's id of a person at a page."""
    return f"fb:{page}:{psid}"


def address_of(conversation: str) -> tuple[str, str]:
    """Give page and person of a conversation."""
    _channel, page, psid = conversation.split(":")
    return page, psid


def read(body: Mapping[str, Any], verify: Verify, now: float) -> list[Item]:
    """Read a webhook's body: its events, those of one conversation in the order of their time."""
    items: list[tuple[float, Item]] = []
    entries = body.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            items.append((now, Malformed("", "an entry is no object", entry)))
            continue
        items.extend(_entry(entry, verify, now))
    # Python's sort keeps the order of those with one time.
    return [item for _at, item in sorted(items[:_MOST_EVENTS], key=lambda pair: pair[0])]


def _entry(entry: Mapping[str, Any], verify: Verify, now: float) -> Iterator[tuple[float, Item]]:
    page = str(entry.get("id") or "")
    for change in _list(entry.get("changes")):
        field = change.get("field") if isinstance(change, dict) else None
        yield now, Ignored(f"changes.{field}" if isinstance(field, str) else "changes")
    for name in ("messaging", "standby"):
        for raw in _list(entry.get(name)):
            at = _time(raw, now)
            try:
                for item in _event(page, raw, at, verify, standby=name == "standby"):
                    yield at, item
            except _Unreadable as error:
                yield at, Malformed(page, str(error), raw)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _time(raw: Any, now: float) -> float:
    value = raw.get("timestamp") if isinstance(raw, dict) else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e14:
        return min(value / 1000, now)
    return now


def _event(page: str, raw: Any, at: float, verify: Verify, standby: bool) -> Iterator[Item]:
    if not isinstance(raw, dict):
        raise _Unreadable("the event is no object")
    for what in _IGNORED:
        if what in raw:
            yield Ignored(what)
            return
    message = raw.get("message")
    if isinstance(message, dict) and message.get("is_echo"):
        yield _echo(page, raw, message, at)
        return
    conversation = conversation_of(_id(page, "page"), _id(_of(raw, "sender"), "sender"))
    if isinstance(message, dict):
        for event in _message(page, conversation, message, at, verify):
            yield event if isinstance(event, Changed) else Said(event, standby)
    elif isinstance(raw.get("postback"), dict):
        yield Said(_postback(page, conversation, raw["postback"], at, verify, standby), standby)
    elif isinstance(raw.get("message_edit"), dict):
        edit = raw["message_edit"]
        number = edit.get("num_edit")
        yield Changed(
            page,
            conversation,
            _mid(edit),
            _text(edit.get("text"))[:MOST_CHARACTERS],
            at,
            number if isinstance(number, int) else 0,
        )
    elif "pass_thread_control" in raw or "take_thread_control" in raw:
        yield _control(page, conversation, raw, at)
    elif any(what in raw for what in _ACTIONS):
        yield Acted(conversation, at)
    else:
        yield Ignored("+".join(sorted(set(map(str, raw)) - {"sender", "recipient", "timestamp"})))


def _of(raw: Mapping[str, Any], side: str) -> Any:
    person = raw.get(side)
    return person.get("id") if isinstance(person, dict) else None


def _id(value: Any, what: str) -> str:
    if not isinstance(value, str) or not _ID.match(value):
        raise _Unreadable(f"the {what}'s id is none")
    return value


def _mid(data: Mapping[str, Any]) -> str:
    mid = data.get("mid")
    if not isinstance(mid, str) or not mid or not mid.isprintable():
        raise _Unreadable("the message has no mid")
    return mid if len(mid) <= _LONGEST_ID else hashlib.sha256(mid.encode()).hexdigest()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Unreadable("the text is no string")
    return clean(value).strip()


def _echo(page: str, raw: Mapping[str, Any], message: Mapping[str, Any], at: float) -> Echo:
    conversation = conversation_of(_id(page, "page"), _id(_of(raw, "recipient"), "recipient"))
    text, metadata = message.get("text"), message.get("metadata")
    return Echo(
        page=page,
        conversation=conversation,
        mid=_mid(message),
        at=at,
        text=clean(text).strip() if isinstance(text, str) else "",
        metadata=metadata if isinstance(metadata, str) else "",
        app_id=str(message.get("app_id") or ""),
    )


def _control(page: str, conversation: str, raw: Mapping[str, Any], at: float) -> Control:
    passed = raw.get("pass_thread_control")
    if not isinstance(passed, dict):
        # It was taken away from us.
        return Control(conversation, page, at, None)
    owner = passed.get("new_owner_app_id")
    return Control(conversation, page, at, str(owner) if owner else None)


def _message(
    page: str, conversation: str, message: Mapping[str, Any], at: float, verify: Verify
) -> Iterator[Event | Changed]:
    mid = _mid(message)
    if message.get("is_deleted"):
        yield Changed(page, conversation, mid, None, at)
        return

    def event(
        kind: str,
        body: Mapping[str, Any],
        part: str = "",
        raw: Mapping[str, Any] | None = None,
        album: str | None = None,
    ) -> Event:
        ext_id = mid + part
        return Event(
            CHANNEL, page, ext_id, conversation, kind, body, at, raw=raw, rank=at, album=album
        )

    quick = message.get("quick_reply")
    phone = own_number(quick, message.get("text"))
    if phone is not None:
        yield event("attachment", {"attachment": {"type": "contact", "phone": phone}})
        return
    if isinstance(quick, dict):
        yield event(*_press(conversation, quick.get("payload"), message.get("text"), verify))
        return
    text = _text(message["text"]) if message.get("text") is not None else ""
    attachments = [one for one in _list(message.get("attachments")) if isinstance(one, dict)]
    if not text:
        text = "\n".join(filter(None, map(shared, attachments)))
    pictures, other = attachment_of(message, attachments)
    if len(text) > MOST_CHARACTERS:
        yield event("raw", {"text": shorten(text, MOST_SHOWN)}, raw={"own": "too_long"})
    elif text:
        yield event("text", {"text": text, **({"caption": True} if pictures else {})})
    body = {"attachment": {"type": "image"}}
    for number, url in enumerate(pictures, 1):
        album = mid[:MOST_ALBUM] if len(pictures) > 1 else None
        yield event("raw", body, f"#{number}", {"picture": url}, album)
    if not pictures and (other is not None or not text):
        body = {"attachment": other or {"type": "unsupported", "what": "file"}}
        yield event("attachment", body, "#1" if text else "")


def _postback(
    page: str,
    conversation: str,
    postback: Mapping[str, Any],
    at: float,
    verify: Verify,
    standby: bool,
) -> Event:
    payload, title = postback.get("payload"), postback.get("title")
    if standby and payload is None:
        # In standby Meta leaves the payload out; the title tells people what was pressed.
        kind, body = "text", {"text": _text(title)}
    else:
        kind, body = _press(conversation, payload, title, verify)
    if postback.get("mid") is not None:
        ext_id = _mid(postback)
    else:
        known = f"{conversation}\0{at}\0{payload}\0{title}"
        ext_id = f"postback:{hashlib.sha256(known.encode()).hexdigest()}"
    return Event(CHANNEL, page, ext_id, conversation, kind, body, at, rank=at)


def _press(conversation: str, token: Any, title: Any, verify: Verify) -> tuple[str, dict[str, Any]]:
    if not isinstance(token, str):
        raise _Unreadable("the button has no payload")
    shown = clean(title).strip()[:MOST_TITLE] if isinstance(title, str) else ""
    if token == ASK and shown:
        return "text", {"text": shown}
    payload = verify(conversation, token)
    if payload is None:
        return "expired", {"title": shown}
    return "payload", {"payload": payload, "title": shown}

"""What the Send API takes and what it refuses, with the real one's codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DEAD_TAGS = {"CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"}
TYPES = {"RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"}


@dataclass(frozen=True)
class Error:
    """An error as the Graph API words it."""

    code: int
    subcode: int | None = None
    message: str = "told to"
    status: int = 400
    headers: dict[str, str] = field(default_factory=dict)


def check_message(payload: dict[str, Any], granted: set[str]) -> Error | None:
    """Give the error for a message that breaks a rule."""
    kind = payload.get("messaging_type")
    if kind not in TYPES:
        return Error(100, 2018065, "(#100) Param messaging_type must be one of {RESPONSE, …}")
    tag = payload.get("tag")
    if tag in DEAD_TAGS:
        return Error(100, 1893061, "(#100) This message tag is no longer supported.")
    if kind == "MESSAGE_TAG" and (tag != "HUMAN_AGENT" or "human_agent" not in granted):
        return Error(10, None, "(#10) To use 'Human Agent', your use must be reviewed.", 403)
    message = payload.get("message")
    if not isinstance(message, dict):
        return _bad("Param message must be an object")
    if kind == "UTILITY":
        if "utility" not in granted:
            return Error(10, None, "(#10) pages_utility_messaging is not granted", 403)
        template = message.get("template") or {}
        if not {"name", "language"} <= set(template):
            return _bad("message.template needs name and language")
        return None
    return _check_content(message)


def _bad(message: str) -> Error:
    return Error(100, None, f"(#100) {message}")


def _check_content(message: dict[str, Any]) -> Error | None:
    if len(message.get("metadata", "")) >= 1000:
        return _bad("metadata is too long")
    text = message.get("text")
    if text is not None and not 0 < _units(text) < 2000:
        return Error(100, 2018110, "(#100) Length of param message[text] must be less than 2000")
    for reply in message.get("quick_replies", ()):
        if reply["content_type"] in ("user_phone_number", "user_email"):
            continue
        if _units(reply["title"]) > 20 or len(reply["payload"]) > 1000:
            return _bad("a quick reply is too long")
    if not len(message.get("quick_replies", ())) <= 13:
        return _bad("at most 13 quick replies")
    attachment = message.get("attachment")
    if (text is None) == (attachment is None):
        return _bad("a message has either text or an attachment")
    if attachment is None or attachment["type"] == "image":
        return None
    return _check_template(attachment["payload"])


def _check_template(template: dict[str, Any]) -> Error | None:
    if template["template_type"] == "button":
        if not 0 < _units(template["text"]) <= 640:
            return _bad("a button template's text has at most 640 characters")
        return _check_buttons(template["buttons"])
    cards = template["elements"]
    if not 0 < len(cards) <= 10:
        return _bad("1 to 10 elements")
    for card in cards:
        if not 0 < _units(card["title"]) <= 80:
            return _bad("an element's title has at most 80 characters")
        wrong = _check_buttons(card["buttons"])
        if wrong is not None:
            return wrong
    return None


def _check_buttons(buttons: list[dict[str, Any]]) -> Error | None:
    if not 0 < len(buttons) <= 3:
        return _bad("1 to 3 buttons")
    for button in buttons:
        if not 0 < _units(button["title"]) <= 20:
            return _bad("a button's title has at most 20 characters")
        if len(button.get("payload", "")) > 1000:
            return _bad("a payload is too long")
    return None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2

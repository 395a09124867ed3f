"""A reply as the messages that Telegram takes: plain text and buttons under the last of them.

Text is never marked up, so whatever residents write is shown as they wrote it. A button carries
no payload but its place, in hexadecimal: the number of the message in the outbox and its number
in the message. What it stands for is looked up there, and only for its own conversation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.core.replies import CONTACT, LOCATION, Button, Link, Reply
from connectors.small_print import with_sources
from connectors.splitting import shorten, split

#: Telegram's limits: a text in UTF-16 units, a title that still looks well, buttons of a message.
TEXT = 4_096
TITLE = 60
MOST_BUTTONS = 100
#: Two buttons share a row when both are as short as this.
SHORT = 16

_PLACE = re.compile(r"([0-9a-f]{1,12})\.([0-9]{1,2})\Z")


Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True)
class Part:
    """One message: a text with buttons below it, or a picture."""

    text: str
    keyboard: Keyboard | None = None
    picture: str | None = None


@dataclass(frozen=True)
class Labels:
    """The words around a reply, in the resident's language.

    ``source`` stands before a source. ``share`` says that the telephone may answer, ``button``
    is what is pressed for that.
    """

    source: str = ""
    share: str = ""
    button: str = ""


def render(reply: Reply, number: int, labels: Labels | None = None) -> list[Part]:
    """Give the messages of a reply, in their order; none when it says nothing.

    Args:
        number: the message's in the outbox.
    """
    labels = labels or Labels()
    parts = [Part("", picture=url) for url in reply.images if url.startswith("https://")]
    parts += [Part(part) for part in split(with_sources(reply, labels.source), TEXT)]
    rows = _rows(reply.buttons, number) + _links(reply.links)
    if rows:
        last = parts.pop() if parts and parts[-1].picture is None else Part("…")
        parts.append(Part(last.text, InlineKeyboardMarkup(rows[:MOST_BUTTONS])))
    if reply.asks and labels.button and parts:
        # A message has room for one kind of buttons only.
        free = parts[-1].keyboard is None and parts[-1].picture is None
        words = parts.pop().text if free else labels.share
        parts.append(Part(words, _telephone(reply.asks, labels.button)))
    return parts


def _telephone(asks: str, title: str) -> ReplyKeyboardMarkup:
    button = KeyboardButton(
        title, request_location=asks == LOCATION, request_contact=asks == CONTACT
    )
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


def button_of(data: str) -> tuple[int, int] | None:
    """Read the place that a button carries: the message's number and the button's."""
    found = _PLACE.match(data)
    return (int(found.group(1), 16), int(found.group(2))) if found else None


def _rows(buttons: Sequence[Button], number: int) -> list[list[InlineKeyboardButton]]:
    made = [
        InlineKeyboardButton(shorten(button.title, TITLE), callback_data=f"{number:x}.{index}")
        for index, button in enumerate(buttons[:MOST_BUTTONS])
    ]
    rows: list[list[InlineKeyboardButton]] = []
    for button in made:
        short = len(button.text) <= SHORT
        if short and rows and len(rows[-1]) == 1 and len(rows[-1][0].text) <= SHORT:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


def _links(links: Sequence[Link]) -> list[list[InlineKeyboardButton]]:
    return [
        [InlineKeyboardButton(shorten(link.title, TITLE), url=link.url)]
        for link in links
        if link.url.startswith("https://")
    ]

"""A reply as the messages that Telegram takes: plain text and buttons under the last of them.

Text is never marked up, so whatever residents write is shown as they wrote it. A button carries
no payload but its place, in hexadecimal: the number of the message in the outbox and its number
in the message. What it stands for is looked up there, and only for its own conversation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.rendering.small_print import with_sources
from bot.core.rendering.splitting import shorten, split
from bot.core.replies import Button, Link, Reply

#: Telegram's limits: a text in UTF-16 units, a title that still looks well, buttons of a message.
TEXT = 4_096
TITLE = 60
MOST_BUTTONS = 100
#: Two buttons share a row when both are as short as this.
SHORT = 16

_PLACE = re.compile(r"([0-9a-f]{1,12})\.([0-9]{1,2})\Z")


@dataclass(frozen=True)
class Key:
    """A button below a message: ``place`` says which of ours it is, or ``url`` where it leads."""

    title: str
    place: str = ""
    url: str = ""


@dataclass(frozen=True)
class Telephone:
    """The button in place of the keyboard by which the telephone tells ``what`` by itself."""

    title: str
    what: str


@dataclass(frozen=True)
class Part:
    """One message: a text with rows of buttons or the telephone's one below it, or a picture."""

    text: str
    rows: tuple[tuple[Key, ...], ...] = ()
    telephone: Telephone | None = None
    picture: str | None = None

    @property
    def plain(self) -> bool:
        """Whether it has text alone, so that there is room below it."""
        return not self.rows and self.telephone is None and self.picture is None


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
    rows = (_rows(reply.buttons, number) + _links(reply.links))[:MOST_BUTTONS]
    if rows:
        last = parts.pop() if parts and parts[-1].plain else Part("…")
        parts.append(Part(last.text, tuple(rows)))
    if reply.asks and labels.button and parts:
        # A message has room for one kind of buttons only.
        words = parts.pop().text if parts[-1].plain else labels.share
        parts.append(Part(words, telephone=Telephone(labels.button, reply.asks)))
    return parts


def button_of(data: str) -> tuple[int, int] | None:
    """Read the place that a button carries: the message's number and the button's."""
    found = _PLACE.match(data)
    return (int(found.group(1), 16), int(found.group(2))) if found else None


def _rows(buttons: Sequence[Button], number: int) -> list[tuple[Key, ...]]:
    rows: list[tuple[Key, ...]] = []
    for index, button in enumerate(buttons[:MOST_BUTTONS]):
        key = Key(shorten(button.title, TITLE), f"{number:x}.{index}")
        alone = rows[-1][0] if rows and len(rows[-1]) == 1 else None
        if alone is not None and max(len(alone.title), len(key.title)) <= SHORT:
            rows[-1] = (alone, key)
        else:
            rows.append((key,))
    return rows


def _links(links: Sequence[Link]) -> list[tuple[Key, ...]]:
    return [
        (Key(shorten(link.title, TITLE), url=link.url),)
        for link in links
        if link.url.startswith("https://")
    ]

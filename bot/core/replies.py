"""What the engine gives back for one message: replies with buttons and sources.

The JSON form is the one of `cbot chat --jsonl`, of the engine's HTTP interface and of the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Button:
    """A choice offered to the resident; ``payload`` comes back when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True)
class Source:
    """Where a statement is written: shown as small print under the answer."""

    title: str
    url: str
    date: str


@dataclass(frozen=True)
class Link:
    """An official page or portal the resident may open."""

    title: str
    url: str


#: What a telephone may tell by itself: where it is, and its number.
LOCATION, CONTACT = "location", "contact"


@dataclass(frozen=True)
class Reply:
    """One bubble: plain text, at most a few buttons, and where it comes from.

    ``service`` is the catalogue id the text was taken from, or None for small talk.
    ``checked_on`` is the ISO date on which a person last compared it with its sources. ``asks``
    is what the resident's telephone may answer by itself where the channel has a way for that.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    service: str | None = None
    sources: tuple[Source, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[str, ...] = ()
    checked_on: str | None = None
    asks: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the reply as plain JSON values."""
        return {
            "text": self.text,
            "buttons": [{"title": b.title, "payload": b.payload} for b in self.buttons],
            "service": self.service,
            "sources": [{"title": s.title, "url": s.url, "date": s.date} for s in self.sources],
            "links": [{"title": link.title, "url": link.url} for link in self.links],
            "images": list(self.images),
            "checked_on": self.checked_on,
            **({"asks": self.asks} if self.asks else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reply:
        """Read what :meth:`to_json` wrote; unknown keys are ignored, missing ones are empty.

        Raises:
            KeyError: when a button, source or link lacks one of its fields.
        """
        return cls(
            text=str(data.get("text") or ""),
            buttons=tuple(Button(b["title"], b["payload"]) for b in data.get("buttons") or ()),
            service=data.get("service"),
            sources=tuple(
                Source(s["title"], s["url"], s["date"]) for s in data.get("sources") or ()
            ),
            links=tuple(Link(item["title"], item["url"]) for item in data.get("links") or ()),
            images=tuple(data.get("images") or ()),
            checked_on=data.get("checked_on"),
            asks=data.get("asks"),
        )

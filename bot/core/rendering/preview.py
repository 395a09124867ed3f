"""How an answer looks on each channel, for staff who are writing it.

Nothing is laid out here: what the channels send is made by the same functions, and only read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.rendering import messenger, telegram, web
from bot.core.rendering.splitting import length
from bot.core.replies import Reply

WEB, TELEGRAM, MESSENGER = "web", "telegram", "messenger"
#: How buttons look: under the text; in rows under it; as quick replies, gone with the next
#: message; on cards side by side.
UNDER, ROWS, QUICK, CARDS = "under", "rows", "quick", "cards"


@dataclass(frozen=True)
class Choice:
    """A button as it is shown, and its title as it was written."""

    title: str
    written: str
    url: str = ""

    @property
    def cut(self) -> bool:
        """Whether the title did not fit."""
        return self.title != self.written


@dataclass(frozen=True)
class Bubble:
    """One message on the resident's screen.

    ``rows`` are the buttons, of ``form``, as they stand side by side; ``sources`` and
    ``checked_on`` are small print that is no part of the text.
    """

    text: str
    form: str = ""
    rows: tuple[tuple[Choice, ...], ...] = ()
    picture: str = ""
    links: tuple[Choice, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    checked_on: str = ""

    @property
    def length(self) -> int:
        """How long the text is, as the platforms count."""
        return length(self.text)


@dataclass(frozen=True)
class Shown:
    """An answer on one channel; None for a limit that the channel has not."""

    channel: str
    bubbles: tuple[Bubble, ...]
    most_text: int | None
    most_title: int | None

    @property
    def cut(self) -> tuple[Choice, ...]:
        """The buttons whose titles did not fit."""
        return tuple(
            choice for bubble in self.bubbles for row in bubble.rows for choice in row if choice.cut
        )


def preview(reply: Reply, source_label: str) -> tuple[Shown, ...]:
    """Show an answer as the page, Telegram and Messenger do.

    Args:
        source_label: stands before a source, in the answer's language.
    """
    return (
        Shown(WEB, _on_the_page(reply), None, None),
        Shown(TELEGRAM, _on_telegram(reply, source_label), telegram.TEXT, telegram.TITLE),
        Shown(MESSENGER, _on_messenger(reply, source_label), messenger.TEXT, messenger.TITLE),
    )


def _on_the_page(reply: Reply) -> tuple[Bubble, ...]:
    shown = web.content(reply.to_json(), str)
    choices = tuple(Choice(button["title"], button["title"]) for button in shown["buttons"])
    links = tuple(Choice(link["title"], link["title"], link["url"]) for link in shown["links"])
    return (
        Bubble(
            reply.text,
            UNDER if choices else "",
            (choices,) if choices else (),
            links=tuple(link for link in links if link.url.startswith("https://")),
            sources=tuple((one["title"], _plain_date(one["date"])) for one in shown["sources"]),
            checked_on=_plain_date(shown["checked_on"] or ""),
        ),
    )


def _plain_date(iso: str) -> str:
    """Give 2026-05-29 as the page writes it, 29.05.2026; a year or a month as it is."""
    year, _, rest = iso.partition("-")
    month, _, day = rest.partition("-")
    return f"{day}.{month}.{year}" if day else iso


def _on_telegram(reply: Reply, source_label: str) -> tuple[Bubble, ...]:
    links = [link.title for link in reply.links if link.url.startswith("https://")]
    written = iter([*(button.title for button in reply.buttons), *links])
    return tuple(
        Bubble(
            part.text,
            ROWS if part.rows else "",
            tuple(
                tuple(Choice(key.title, next(written), key.url) for key in row) for row in part.rows
            ),
            part.picture or "",
        )
        for part in telegram.render(reply, 0, telegram.Labels(source_label))
    )


def _on_messenger(reply: Reply, source_label: str) -> tuple[Bubble, ...]:
    messages = messenger.render(reply, str, source_label)
    titles = [button.title for button in reply.buttons]
    written = iter([*titles, *(link.title for link in messenger.usable(reply.links))])
    return tuple(_of_message(message, written) for message in messages)


def _of_message(message: messenger.Message, written: Iterable[str]) -> Bubble:
    """Read a message of the Send API."""
    attached = message.get("attachment", {})
    content = attached.get("payload", {})
    if attached.get("type") == "image":
        return Bubble("", picture=content["url"])
    text = message.get("text") or content.get("text") or ""
    if "elements" in content:
        cards = [_choices(card["buttons"], written) for card in content["elements"]]
        return Bubble(text, CARDS, tuple(cards))
    if "buttons" in content:
        return Bubble(text, UNDER, (_choices(content["buttons"], written),))
    if "quick_replies" in message:
        return Bubble(text, QUICK, (_choices(message["quick_replies"], written),))
    return Bubble(text)


def _choices(buttons: Sequence[dict[str, Any]], written: Iterable[str]) -> tuple[Choice, ...]:
    # The telephone's own button has no title of ours.
    titled = [button for button in buttons if "title" in button]
    return tuple(
        Choice(button["title"], title, button.get("url", ""))
        for button, title in zip(titled, written, strict=False)
    )

"""A reply as the messages that Messenger takes.

Pure: a reply in, the ``message`` objects of the Send API out. Nothing is ever dropped: a text
that is too long becomes several messages, buttons beyond what one form holds go into the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.core.rendering.small_print import with_sources
from bot.core.rendering.splitting import shorten, split
from bot.core.replies import CONTACT, Button, Link, Reply

#: Messenger's limits. A text must stay under 2000 characters.
TEXT = 1_999
TEMPLATE_TEXT = 640
TEMPLATE_BUTTONS = 3
QUICK_REPLIES = 13
TITLE = 20
CARDS = 10
CARD_TITLE = 80

Message = dict[str, Any]
#: Messenger itself titles it with the number of the resident's profile.
_PHONE = {"content_type": "user_phone_number"}
#: Gives the token that stands for a payload in this conversation.
Sign = Callable[[str], str]


def render(reply: Reply, sign: Sign, source_label: str = "") -> list[Message]:
    """Give the messages of a reply, in their order; none when it says nothing.

    Up to three buttons stay under a short text; up to 13 are quick replies, which Messenger
    takes away with the next message; more are cards side by side.
    """
    links = usable(reply.links)
    choices = len(reply.buttons) + len(links)
    text = with_sources(reply, source_label)
    pictures = [_picture(url) for url in reply.images if url.startswith("https://")]
    # Messenger offers the resident's own number as a quick reply; a place it offers no more.
    phone = reply.asks == CONTACT
    if not phone and 0 < choices <= TEMPLATE_BUTTONS and 0 < len(text) <= TEMPLATE_TEXT:
        return [*pictures, _template(text, reply.buttons, links, sign)]
    text = "\n".join([text, *(f"{link.title}: {link.url}" for link in links)])
    parts: list[Message] = [{"text": part} for part in split(text, TEXT)]
    quick = [_PHONE] if phone else []
    quick += [_quick_reply(button, sign) for button in reply.buttons]
    if not quick:
        return [*pictures, *parts]
    if len(quick) <= QUICK_REPLIES:
        last = parts.pop() if parts else {"text": "…"}
        return [*pictures, *parts, {**last, "quick_replies": quick}]
    return [*pictures, *parts, *_carousels(reply.buttons, sign)]


def usable(links: Sequence[Link]) -> list[Link]:
    """Give the links that Messenger opens."""
    return [link for link in links if link.url.startswith(("https://", "http://"))]


def _picture(url: str) -> Message:
    return {"attachment": {"type": "image", "payload": {"url": url, "is_reusable": True}}}


def _template(text: str, buttons: Sequence[Button], links: Sequence[Link], sign: Sign) -> Message:
    items = [
        *(_postback(button, sign) for button in buttons),
        *(
            {"type": "web_url", "title": shorten(link.title, TITLE), "url": link.url}
            for link in links
        ),
    ]
    payload = {"template_type": "button", "text": text, "buttons": items}
    return {"attachment": {"type": "template", "payload": payload}}


def _postback(button: Button, sign: Sign) -> dict[str, str]:
    title = shorten(button.title, TITLE)
    return {"type": "postback", "title": title, "payload": sign(button.payload)}


def _quick_reply(button: Button, sign: Sign) -> dict[str, str]:
    title = shorten(button.title, TITLE)
    return {"content_type": "text", "title": title, "payload": sign(button.payload)}


def _carousels(buttons: Sequence[Button], sign: Sign) -> list[Message]:
    cards = [
        {
            "title": shorten(" · ".join(button.title for button in three), CARD_TITLE),
            "buttons": [_postback(button, sign) for button in three],
        }
        for three in _groups(buttons, TEMPLATE_BUTTONS)
    ]
    return [
        {
            "attachment": {
                "type": "template",
                "payload": {"template_type": "generic", "elements": list(page)},
            }
        }
        for page in _groups(cards, CARDS)
    ]


def _groups(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """Give the items in groups of at most ``size``, which differ by one at the most."""
    count = -(-len(items) // size)
    short, longer = divmod(len(items), count)
    groups, start = [], 0
    for number in range(count):
        end = start + short + (number < longer)
        groups.append(items[start:end])
        start = end
    return groups

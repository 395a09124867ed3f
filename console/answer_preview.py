"""What residents would read of an entry, on each channel, while it is being written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.core import answers, clock
from bot.core.asking_opinion import with_thumbs
from bot.core.errors import BotError
from bot.core.knowledge import ATTRIBUTES
from bot.core.knowledge_folder import Loaded
from bot.core.rendering import messenger
from bot.core.rendering.preview import preview
from bot.core.replies import Reply
from bot.core.ways_in import with_ways_in


def answer(
    loaded: Loaded,
    service: str,
    town: str,
    language: str,
    attribute: str | None = None,
    *,
    first: bool = False,
) -> Reply | None:
    """Give the answer of the bot to somebody who asks about a service; None when it has none.

    Args:
        first: whether it is the first of the day, under which the bot asks whether it helped.
    """
    with suppress(KeyError, BotError):
        card = answers.card(
            loaded.knowledge,
            loaded.texts,
            loaded.catalogue,
            service,
            town,
            language,
            attribute=attribute if attribute in ATTRIBUTES else None,
        )
        programmes = loaded.programmes.get(town, {})
        reply = with_ways_in(card, loaded.texts, programmes, language, clock.today())
        return with_thumbs(reply, loaded.texts, language) if first else reply
    return None


def values(loaded: Loaded, reply: Reply | None, language: str) -> Mapping[str, Any]:
    """Give what the preview's template shows."""
    words = loaded.texts.page(language)
    return {
        "shown": preview(reply, words.get("source", "")) if reply is not None else (),
        "page_words": words,
        "template_text": messenger.TEMPLATE_TEXT,
        "template_buttons": messenger.TEMPLATE_BUTTONS,
    }

"""The two buttons under an answer by which a resident says whether it helped."""

from __future__ import annotations

from dataclasses import replace

from bot.core.replies import Button, Reply
from bot.core.texts import Texts

UP, DOWN = "up", "down"


def with_thumbs(answer: Reply, texts: Texts, language: str) -> Reply:
    """Give an answer with 👍 and 👎 after its own buttons."""
    buttons = tuple(
        Button(texts.text(f"feedback_{verdict}_button", language), f"feedback:{verdict}")
        for verdict in (UP, DOWN)
    )
    return replace(answer, buttons=(*answer.buttons, *buttons))

"""What stands below a message, as the Bot API's library wants it."""

from __future__ import annotations

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.core.rendering.telegram import Part
from bot.core.replies import CONTACT, LOCATION

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup


def keyboard(part: Part) -> Keyboard | None:
    """Give the buttons of a part; None when it has none."""
    if part.telephone is not None:
        button = KeyboardButton(
            part.telephone.title,
            request_location=part.telephone.what == LOCATION,
            request_contact=part.telephone.what == CONTACT,
        )
        return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
    if not part.rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(key.title, url=key.url)
                if key.url
                else InlineKeyboardButton(key.title, callback_data=key.place)
                for key in row
            ]
            for row in part.rows
        ]
    )

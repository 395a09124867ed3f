from __future__ import annotations

import pytest
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.core.rendering.telegram import Key, Part, Telephone
from connectors.telegram_keyboard import keyboard


def test_buttons_carry_their_place_and_links_their_address() -> None:
    rows = ((Key("ფასი", "1f.0"), Key("სად", "1f.1")), (Key("პორტალი", url="https://my.gov.ge"),))
    made = keyboard(Part("?", rows))
    assert isinstance(made, InlineKeyboardMarkup)
    first, second = made.inline_keyboard
    assert [(key.text, key.callback_data, key.url) for key in first] == [
        ("ფასი", "1f.0", None),
        ("სად", "1f.1", None),
    ]
    assert (second[0].callback_data, second[0].url) == (None, "https://my.gov.ge")


@pytest.mark.parametrize("what", ["location", "contact"])
def test_25_the_telephone_answers_what_is_asked_and_nothing_else(what: str) -> None:
    made = keyboard(Part("?", telephone=Telephone("ღილაკი", what)))
    assert isinstance(made, ReplyKeyboardMarkup)
    ((button,),) = made.keyboard
    assert (button.request_location, button.request_contact) == (
        what == "location",
        what == "contact",
    )


def test_a_plain_text_has_nothing_below() -> None:
    assert keyboard(Part("გამარჯობა")) is None

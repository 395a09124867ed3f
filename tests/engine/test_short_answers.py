"""What residents type or send where a button would do."""

from __future__ import annotations

import pytest

from bot.actions import library
from bot.engine.short_answers import act_of_emoji, payload_of
from tests.engine.resident import Resident


def test_commands_stand_for_their_buttons_on_every_channel() -> None:
    assert payload_of("/mydata", None) == "start:my_data"
    assert payload_of(" /stop ", None) == "act:cancel"
    assert payload_of('/intent{"name": "greet"}', None) is None
    assert payload_of("/deletemydata_please", None) is None


@pytest.mark.parametrize(
    ("signs", "outside", "in_a_form"),
    [
        ("👍", "dialogue.praise", "dialogue.affirm"),
        ("👍🏽👍🏽", "dialogue.praise", "dialogue.affirm"),
        ("❤️", "dialogue.praise", ""),
        ("🙏", "dialogue.thank", ""),
        ("😡😡", "dialogue.complain", ""),
        ("👎", "dialogue.complain", "dialogue.deny"),
        ("🚌", "", ""),
    ],
)
def test_emoji_alone_say_something(signs: str, outside: str, in_a_form: str) -> None:
    assert act_of_emoji(signs, in_a_form=False) == outside
    assert act_of_emoji(signs, in_a_form=True) == in_a_form


@pytest.mark.anyio
async def test_yes_means_the_button_of_the_last_reply_alone(resident: Resident) -> None:
    asked = (await resident.says("/deletemydata")).replies[0]
    assert asked.buttons[0].payload == "my_data:erase"
    kept = (await resident.says("არა")).replies[0]
    assert kept.text == library.say("erase_not_now", "ka").text
    # The question is answered: a yes now erases nothing.
    assert (await resident.says("კი")).replies[0].text == library.say("affirm", "ka").text


@pytest.mark.anyio
async def test_who_says_more_than_yes_is_not_taken_at_that_word(resident: Resident) -> None:
    await resident.says("/deletemydata")
    reply = (await resident.says("კი მაგრამ ჯერ მითხარი დასუფთავება რა ღირს")).replies[0]
    assert not reply.text.startswith(library.say("erased", "ka", proof="").text[:10])

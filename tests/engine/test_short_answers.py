"""What residents type or send where a button would do."""

from __future__ import annotations

import time

import pytest
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

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


@pytest.mark.parametrize("said", ["კი მინდა განაცხადი", "ki minda", "yes, I want to apply"])
@pytest.mark.anyio
async def test_who_wants_what_the_card_begins_gets_its_form(resident: Resident, said: str) -> None:
    card = (await resident.presses("attribute:participation.submit_idea:steps")).replies[0]
    assert card.buttons[0].payload == "start:idea"
    opened = (await resident.says(said)).replies[-1]
    assert [button.payload for button in opened.buttons] == ["form:yes", "form:cancel"]


@pytest.mark.anyio
async def test_a_wish_begins_nothing_where_no_form_was_offered(resident: Resident) -> None:
    await resident.presses("service:local_fees.cleaning_fee")
    said = (await resident.says("კი მინდა განაცხადი")).replies[-1]
    assert "form:yes" not in [button.payload for button in said.buttons]


@pytest.mark.parametrize("said", ["რუს-1234", "I-26-0417-X", "i 26 0417 x"])
@pytest.mark.anyio
async def test_a_mistyped_code_is_told_as_such(resident: Resident, said: str) -> None:
    texts = library.keeper().current().texts
    assert (await resident.says(said)).replies[0].text == texts.refusal("not_a_code", "ka")


def asked(at: float) -> DialogueStateTracker:
    """A conversation whose last reply asked at that time whether to erase everything."""
    titles = {"my_data:erase": "დიახ, წაშალეთ", "my_data:keep": "არა, დარჩეს"}
    buttons = [{"title": title, "payload": payload} for payload, title in titles.items()]
    told = [
        UserUttered("/deletemydata", timestamp=at),
        BotUttered("ყველაფერი წავშალოთ?", {"buttons": buttons}, timestamp=at),
    ]
    return DialogueStateTracker.from_events("web:a", told)


@pytest.mark.parametrize("words", ["კი", "დიახ!", "ki", "კი, წაშალე", "დიახ წაშალეთ", "yes"])
def test_a_plain_yes_or_the_buttons_words_erase(words: str) -> None:
    assert payload_of(words, asked(time.time())) == "my_data:erase"


@pytest.mark.parametrize(
    "words",
    [
        *("კი, მაგრამ რა წაიშლება", "კი არ წაშალო", "კი?", "ok, what is erased", "yes but wait"),
        *("კარგი, მადლობა", "კარგი დღე გქონდეთ", "да, но не всё", "yes, don't"),
    ],
)
def test_what_only_begins_like_a_yes_erases_nothing(words: str) -> None:
    assert payload_of(words, asked(time.time())) is None


def test_no_is_a_no_however_it_goes_on() -> None:
    assert payload_of("არა, გმადლობთ", asked(time.time())) == "my_data:keep"


def test_a_yes_of_the_day_after_answers_nothing() -> None:
    assert payload_of("კი", asked(time.time() - 25 * 3600)) is None


def withdrawing() -> DialogueStateTracker:
    """A conversation whose last reply asked whether to take back what was sent."""
    titles = {"submission:withdraw_yes:I-26-0417-U": "დიახ", "submission:keep:I-26-0417-U": "არა"}
    buttons = [{"title": title, "payload": payload} for payload, title in titles.items()]
    told = [
        UserUttered("აღარ მჭირდება", timestamp=time.time()),
        BotUttered("გავაუქმო?", {"buttons": buttons}, timestamp=time.time()),
    ]
    return DialogueStateTracker.from_events("web:a", told)


@pytest.mark.parametrize("words", ["კი", "დიახ!", "ki", "კი, გააუქმეთ", "yes, withdraw it", "да"])
def test_a_plain_yes_takes_back_what_was_sent(words: str) -> None:
    assert payload_of(words, withdrawing()) == "submission:withdraw_yes:I-26-0417-U"


@pytest.mark.parametrize(
    "words",
    [
        *("კი, მაგრამ ჯერ არა", "კი მარა მოიცადეთ", "კი თუ შეიძლება მერე", "კარგი, ვიფიქრებ"),
        *("yes but wait", "да, но потом", "კი, არ გააუქმოთ", "hə, amma sonra"),
    ],
)
def test_what_only_begins_like_a_yes_takes_nothing_back(words: str) -> None:
    assert payload_of(words, withdrawing()) is None


@pytest.mark.anyio
async def test_the_words_on_a_button_press_it_in_a_form_too(resident: Resident) -> None:
    await resident.says("კოსტავას 20-თან დიდი ორმოა გზაზე")
    for said in ("თანახმა ვარ", "გზები და ტროტუარი", "გამოტოვება"):
        await resident.says(said)
    change = (await resident.says("შესწორება")).replies[-1]
    assert "form:change:phone" in [button.payload for button in change.buttons]
    asked = (await resident.says("ტელეფონი")).replies[-1]
    assert asked.text == library.say("form_ask_phone", "ka").text


def twins(*codes: str) -> DialogueStateTracker:
    """A conversation whose last reply asked whether it is one of these."""
    buttons = [
        {"title": f"{n}: ეს არის", "payload": f"form:follow:{c}"} for n, c in enumerate(codes)
    ]
    told = [
        UserUttered("ორმო", timestamp=time.time()),
        BotUttered("იგივე ხომ არ არის?", {"buttons": buttons}, timestamp=time.time()),
    ]
    return DialogueStateTracker.from_events("web:a", told)


def test_yes_it_is_the_same_follows_the_only_one() -> None:
    assert payload_of("კი", twins("P-26-0001-W")) == "form:follow:P-26-0001-W"
    assert payload_of("კი", twins("P-26-0001-W", "P-26-0002-Y")) is None


@pytest.mark.anyio
async def test_a_question_of_erasing_in_a_form_is_answered_before_the_form_goes_on(
    resident: Resident,
) -> None:
    await resident.presses("start:problem")
    await resident.presses("form:yes")
    asked = (await resident.says("/deletemydata")).replies
    assert [button.payload for button in asked[-1].buttons] == ["my_data:erase", "my_data:keep"]
    kept = (await resident.says("კი მაგრამ ჯერ არა")).replies
    assert [reply.text for reply in kept] == [
        library.say("erase_not_now", "ka").text,
        library.say("form_ask_body_problem", "ka").text,
    ]
    await resident.says("/deletemydata")
    erased = (await resident.says("კი")).replies
    assert erased[-1].text.startswith(library.say("erased", "ka", proof="").text[:10])

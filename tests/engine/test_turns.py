"""What a resident gets back for a message, from text to replies."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from rasa.shared.core.events import UserUttered

from bot.actions import library
from bot.core.errors import EngineUnavailable, InputError, MissingError
from bot.engine import turns
from bot.engine.processor import CityAgent
from bot.store.database import Database
from tests.engine.resident import Resident


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("რამდენია დასუფთავების გადასახადი?", "ka"),
        ("ᲠᲐᲛᲓᲔᲜᲘᲐ ᲓᲐᲡᲣᲤᲗᲐᲕᲔᲑᲘᲡ ᲒᲐᲓᲐᲡᲐᲮᲐᲓᲘ?", "ka"),
        ("nagvis fuli ramdenia", "ka"),
        ("how much is the garbage bill?", "en"),
    ],
)
@pytest.mark.anyio
async def test_question_is_answered_with_its_source(
    resident: Resident, text: str, language: str
) -> None:
    result = await resident.says(text)
    reply = result.replies[0]
    assert (reply.service, result.language) == ("local_fees.cleaning_fee", language)
    assert "0.4" in reply.text
    assert reply.sources
    assert reply.checked_on


@pytest.mark.anyio
async def test_follow_up_is_answered_about_the_service_in_focus(resident: Resident) -> None:
    await resident.says("nagvis fuli ramdenia")
    reply = (await resident.says("და სად მივიდე?")).replies[0]
    known = library.keeper().current().knowledge.entry("local_fees.cleaning_fee", "rustavi")
    assert known is not None
    assert reply.service == "local_fees.cleaning_fee"
    assert "1300" in reply.text


@pytest.mark.anyio
async def test_follow_up_without_a_service_asks_which_one(resident: Resident) -> None:
    reply = (await resident.says("და რა ღირს?")).replies[0]
    assert reply.text == library.say("which_service", "ka").text


@pytest.mark.anyio
async def test_greeting_shows_the_topics(resident: Resident) -> None:
    reply = (await resident.says("გამარჯობა")).replies[0]
    payloads = [button.payload for button in reply.buttons]
    assert "topic:local_fees" in payloads
    assert "act:human" in payloads


@pytest.mark.anyio
async def test_topic_button_lists_its_services_and_one_opens_its_card(resident: Resident) -> None:
    menu = (await resident.presses("topic:local_fees")).replies[0]
    button = next(b for b in menu.buttons if b.payload == "service:local_fees.parking_fee")
    card = (await resident.presses(button.payload)).replies[0]
    assert card.service == "local_fees.parking_fee"


@pytest.mark.anyio
async def test_attribute_button_gives_that_attribute_alone(resident: Resident) -> None:
    whole = (await resident.presses("service:local_fees.cleaning_fee")).replies[0]
    price = (await resident.presses("attribute:local_fees.cleaning_fee:price")).replies[0]
    assert price.service == "local_fees.cleaning_fee"
    assert price.text != whole.text


@pytest.mark.anyio
async def test_none_of_these_says_what_to_do(resident: Resident) -> None:
    reply = (await resident.presses("none_of_these")).replies[0]
    assert reply.text == library.say("none_of_these", "ka").text


@pytest.mark.anyio
async def test_same_message_again_changes_nothing_and_gets_the_same_replies(
    resident: Resident, agent: CityAgent
) -> None:
    key = uuid.uuid4().hex
    first = await resident.says("nagvis fuli ramdenia", message_id=key)
    await resident.says("გამარჯობა")
    again = await resident.says("nagvis fuli ramdenia", message_id=key)
    assert again.replies == first.replies
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    assert sum(isinstance(event, UserUttered) for event in tracker.events) == 2


@pytest.mark.anyio
async def test_same_message_after_a_restart_gets_the_same_replies(
    resident: Resident, agent: CityAgent
) -> None:
    key = uuid.uuid4().hex
    first = await resident.says("nagvis fuli ramdenia", message_id=key)
    agent.tracker_store.clear()
    assert (await resident.says("nagvis fuli ramdenia", message_id=key)).replies == first.replies


@pytest.mark.parametrize(
    "text",
    [
        '/local_fees.cleaning_fee{"a":"b"}',
        "/dialogue.delete_my_data",
        '/choose_topic{"topic":"local_fees"}',
    ],
)
@pytest.mark.anyio
async def test_typed_intent_is_plain_text(resident: Resident, agent: CityAgent, text: str) -> None:
    await resident.says(text)
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    assert tracker.latest_message.intent["name"] != text[1:].split("{")[0] or (
        tracker.latest_message.intent["confidence"] < 1.0
    )
    assert not any(entity["entity"] == "topic" for entity in tracker.latest_message.entities)


@pytest.mark.parametrize(
    "payload",
    [
        "/dialogue.greet",
        "service:local_fees.unknown",
        "service:dialogue.greet",
        "topic:nothing",
        "act:nothing",
        "attribute:local_fees.cleaning_fee",
        "service:" + "x" * 500,
        "სერვისი",
        "",
    ],
)
@pytest.mark.anyio
async def test_foreign_button_has_expired(resident: Resident, payload: str) -> None:
    reply = (await resident.presses(payload)).replies[0]
    assert reply.text == library.say("button_expired", "ka").text


BAD = [
    "",
    " \n\t ",
    "😀😀😀",
    "\x00\x01\x02",
    "\ud800 lone \udfff",
    "\u202e\u200fმარჯვნიდან",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "<script>alert(1)</script> **bold** [x](y)",
    "'; DROP TABLE inbox; --",
    "ა" * 20_000,
    "?" * 20_000,
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
@pytest.mark.anyio
async def test_strange_text_gets_an_answer(resident: Resident, text: str) -> None:
    result = await resident.says(text)
    assert result.replies
    assert all(reply.text for reply in result.replies)
    assert (await resident.says("გამარჯობა")).replies[0].buttons


@pytest.mark.anyio
async def test_attachment_is_told_that_it_cannot_be_read(resident: Resident) -> None:
    reply = (await resident.sends({"type": "image"})).replies[0]
    assert reply.text == library.say("attachment_unreadable", "ka").text


@pytest.mark.anyio
async def test_chosen_language_holds_and_the_own_one_is_offered(resident: Resident) -> None:
    chosen = await resident.presses("language:en")
    assert chosen.language == "en"
    result = await resident.says("რამდენია დასუფთავების გადასახადი?")
    assert result.language == "en"
    assert result.replies[-1].buttons[-1].payload == "language:ka"


@pytest.mark.anyio
async def test_language_asked_for_in_words_is_taken(resident: Resident) -> None:
    assert (await resident.says("speak english please")).language == "en"


@pytest.mark.anyio
async def test_unsure_letters_keep_the_language_of_the_conversation(resident: Resident) -> None:
    await resident.says("how much is the garbage bill?")
    assert (await resident.says("ok")).language == "en"


@pytest.mark.anyio
async def test_page_language_counts_when_the_message_has_none(
    residents: Callable[[], Resident],
) -> None:
    resident = residents()
    resident.given["locale"] = "en"
    assert (await resident.says("👍")).language == "en"


@pytest.mark.anyio
async def test_failing_action_apologises(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.core import answers

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(answers, "card", fail)
    reply = (await resident.says("nagvis fuli ramdenia")).replies[0]
    assert reply.text == library.say("apology", "ka").text


@pytest.mark.anyio
async def test_database_away_marks_nothing_as_done(
    resident: Resident, agent: CityAgent, database: Database
) -> None:
    key = uuid.uuid4().hex
    await resident.says("გამარჯობა")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO away")
    with pytest.raises(MissingError):
        await resident.says("nagvis fuli ramdenia", message_id=key)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO events")
    result = await resident.says("nagvis fuli ramdenia", message_id=key)
    assert result.replies[0].service == "local_fees.cleaning_fee"
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    assert sum(isinstance(event, UserUttered) for event in tracker.events) == 2


@pytest.mark.anyio
async def test_without_a_model_the_message_waits(agent: CityAgent) -> None:
    agent.processor = None
    with pytest.raises(EngineUnavailable):
        await turns.take(agent, turns.Turn("web:a", "1", text="გამარჯობა"))


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"conversation": "a", "message_id": "1"},
        {"conversation": "a", "message_id": "1", "text": "a", "payload": "b"},
        {"conversation": "a", "message_id": 1, "text": "a"},
        {"conversation": "", "message_id": "1", "text": "a"},
        {"conversation": "a", "message_id": "1", "text": 5},
        {"conversation": "a", "message_id": "1", "attachment": "image"},
        {"conversation": "a", "message_id": "1", "text": "a" * 20_001},
        {"conversation": "a", "message_id": "1", "text": "a", "locale": 7},
    ],
)
def test_turn_that_can_never_be_handled_is_refused(data: object) -> None:
    with pytest.raises(InputError):
        turns.Turn.from_json(data)

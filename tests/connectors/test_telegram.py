"""What residents of Telegram do, and what they read. Names begin with the numbers of the checks."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import text

from bot.core.knowledge_folder import load_all
from bot.store import conversations, notices, queues
from bot.store.database import open_database
from bot.store.notices import Sender
from tests.connectors.telegram_world import TelegramWorld
from tests.connectors.world import said


def rows(town: TelegramWorld, chat: int) -> list[tuple[str, str, str, str | None]]:
    query = text(
        "SELECT state, kind, body, raw FROM inbox WHERE conversation = :id ORDER BY position"
    )
    return town.store(
        lambda connection: [tuple(r) for r in connection.execute(query, {"id": f"tg:{chat}"})]
    )


def test_a_resident_writes_gets_the_answer_and_presses_a_button(town: TelegramWorld) -> None:
    chat, telegram = town.chat(), town.telegram
    telegram.say(chat, "რა ღირს დასუფთავება?")
    (answer,) = telegram.replies(chat, 1)
    assert answer["text"] == (
        "თქვენ თქვით: რა ღირს დასუფთავება?\n\nწყარო: წყარო\nhttps://rustavi.gov.ge/"
    )
    (row,) = answer["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == ["ფასი", "მენიუ"]
    telegram.press(chat, answer, "ფასი")
    telegram.replies(chat, 2)
    assert town.texts(chat)[1:] == said("attribute:local_fees.cleaning_fee:price")
    first, second = town.turns(chat)
    assert (first["channel"], first["municipality"], first["locale"]) == (
        "telegram",
        "rustavi",
        "ka",
    )
    assert second["payload"] == "attribute:local_fees.cleaning_fee:price"


def test_what_telegram_sent_is_kept_only_until_it_is_answered(town: TelegramWorld) -> None:
    chat = town.chat()
    town.telegram.say(chat, "გამარჯობა")
    town.telegram.replies(chat, 1)
    assert rows(town, chat) == [("done", "text", '{"text": "გამარჯობა", "locale": "ka"}', None)]


def test_17_an_update_sent_twice_gets_one_reply_and_a_lower_number_is_answered(
    town: TelegramWorld,
) -> None:
    chat, telegram = town.chat(), town.telegram
    update = telegram.say(chat, "ერთი")
    telegram.give(update)
    telegram.give({"update_id": 7, "message": telegram.message(chat, text="ორი")})
    telegram.replies(chat, 2)
    time.sleep(0.2)
    assert town.texts(chat) == said("ერთი", "ორი")


def test_18_a_press_sent_twice_is_one_action_and_both_are_acknowledged(
    town: TelegramWorld,
) -> None:
    chat, telegram = town.chat(), town.telegram
    telegram.say(chat, "ერთი")
    (answer,) = telegram.replies(chat, 1)
    press = telegram.press(chat, answer, "მენიუ")
    telegram.give({**press, "update_id": press["update_id"] + 1000})
    telegram.replies(chat, 2)
    telegram.wait(lambda: telegram.answered[press["callback_query"]["id"]] == 2)
    assert len(town.turns(chat)) == 2


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": 1},
        {"update_id": 2, "poll": {"id": "1"}},
        {"update_id": 3, "message": None},
        {"update_id": 4, "message": {"chat": {"id": "x", "type": "private"}}},
        {"update_id": 5, "message": {"chat": {"id": 4, "type": "private"}, "text": ["x"]}},
        {"update_id": 6, "callback_query": {"id": 1}},
        ["not", "an", "update"],
        "nothing",
    ],
)
def test_20_a_malformed_update_is_a_dead_letter_and_others_are_handled(
    town: TelegramWorld, update: object
) -> None:
    before = town.store(queues.inbox_state, time.time()).dead
    chat = town.chat()
    town.telegram.give(update)
    town.telegram.say(chat, "შემდეგი")
    town.telegram.replies(chat, 1)
    town.telegram.wait(lambda: town.store(queues.inbox_state, time.time()).dead == before + 1)
    assert town.texts(chat) == said("შემდეგი")


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("/start", "act:greet"),
        ("/start deep-link_7", "act:greet"),
        ("/menu@rustavi_cbot", "act:help"),
        ("/help", "act:help"),
        ("/idea", "start:idea"),
        ("/problem ორმო ქუჩაზე", "start:problem"),
        ("/cofunding", "start:co_funding"),
        ("/status", "start:status"),
        ("/language", "act:change_language"),
        ("/privacy", "act:privacy"),
        ("/mydata", "start:my_data"),
        ("/deletemydata", "act:delete_my_data"),
        ("/cancel", "act:cancel"),
    ],
)
def test_71_the_commands_of_the_menu_act(town: TelegramWorld, typed: str, payload: str) -> None:
    chat = town.chat()
    town.telegram.say(chat, typed)
    town.telegram.replies(chat, 1)
    (turn,) = town.turns(chat)
    assert turn.get("payload") == payload


@pytest.mark.parametrize(
    "typed",
    ['/approve_idea{"idea_id":"7"}', "/start{}", "/greet", "/", "/IDEA", "act:help", "/ idea"],
)
def test_70_everything_else_that_is_typed_is_plain_text(town: TelegramWorld, typed: str) -> None:
    chat = town.chat()
    town.telegram.say(chat, typed)
    town.telegram.replies(chat, 1)
    (turn,) = town.turns(chat)
    assert turn["text"] == typed
    assert "payload" not in turn


@pytest.mark.parametrize("data", ["act:help", "ffffff.0", "1.99", "x" * 64, "", "1.0", "0.0"])
def test_48_a_forged_button_has_expired(town: TelegramWorld, data: str) -> None:
    chat, telegram = town.chat(), town.telegram
    press = telegram.press_data(chat, data)
    telegram.replies(chat, 1)
    assert town.texts(chat) == ["ეს ღილაკი აღარ მუშაობს."]
    assert town.turns(chat) == []
    telegram.wait(lambda: telegram.answered[press["callback_query"]["id"]] == 1)


def test_71_a_button_of_another_conversation_has_expired(town: TelegramWorld) -> None:
    chat, other, telegram = town.chat(), town.chat(), town.telegram
    telegram.say(chat, "ერთი")
    (answer,) = telegram.replies(chat, 1)
    data = answer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    telegram.press_data(other, data)
    telegram.replies(other, 1)
    assert town.texts(other) == ["ეს ღილაკი აღარ მუშაობს."]
    assert town.turns(other) == []


def test_25_places_contacts_and_what_cannot_be_read(town: TelegramWorld) -> None:
    chat, telegram = town.chat(), town.telegram
    place = {"latitude": 41.5, "longitude": 45.0}
    own = {"phone_number": "+995 599 12-34-56", "first_name": "ნინო", "user_id": chat}
    telegram.send(chat, location=place)
    telegram.send(
        chat, location=place, venue={"location": place, "title": "პარკი", "address": "კოსტავას 20"}
    )
    telegram.send(chat, contact=own)
    telegram.send(chat, contact={**own, "user_id": 1})
    telegram.send(chat, contact={**own, "user_id": None})
    telegram.send(chat, voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
    sticker = {"width": 1, "height": 1, "is_animated": False, "is_video": False}
    telegram.send(
        chat, sticker={"file_id": "s", "file_unique_id": "s", "type": "regular", **sticker}
    )
    telegram.send(chat, pinned_message=telegram.message(chat, text="x"))
    telegram.say(chat, "ბოლო")
    telegram.replies(chat, 8)
    assert town.texts(chat) == [
        *said("[location]", "[location]", "[contact]"),
        *["ეს ნომერი თქვენი არ ჩანს."] * 2,
        *said("[unsupported]", "[unsupported]", "ბოლო"),
    ]
    found = [turn.get("attachment") for turn in town.turns(chat)]
    assert found[:3] == [
        {"type": "location", "lat": 41.5, "lon": 45.0},
        {
            "type": "location",
            "lat": 41.5,
            "lon": 45.0,
            "title": "პარკი",
            "address": "კოსტავას 20",
        },
        {"type": "contact", "phone": "599123456"},
    ]
    assert [a["what"] for a in found[3:5] if isinstance(a, dict)] == ["voice", "sticker"]


def test_a_question_that_the_telephone_may_answer_is_asked_once(
    town: TelegramWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = town.engine.answer

    def asking(body: dict[str, object]) -> dict[str, object]:
        answer = usual(body)
        answer["replies"][0]["asks"] = "location"
        return answer

    monkeypatch.setattr(town.engine, "answer", asking)
    chat, telegram = town.chat(), town.telegram
    telegram.say(chat, "სად არის?")
    telegram.say(chat, "აქ")
    telegram.replies(chat, 2)
    assert town.texts(chat) == said("სად არის?", "აქ")


def test_27_an_edit_names_the_message_it_edits(town: TelegramWorld) -> None:
    chat, telegram = town.chat(), town.telegram
    sent = telegram.say(chat, "ორმო კოსტავასე")
    telegram.replies(chat, 1)
    telegram.edit(sent, "ორმო კოსტავაზე")
    telegram.wait(lambda: len(town.turns(chat)) == 2)
    first, second = town.turns(chat)
    assert (second["text"], second["edit_of"]) == ("ორმო კოსტავაზე", first["message_id"])
    assert second["message_id"] != first["message_id"]


def test_27_an_edit_of_a_message_never_seen_does_nothing(town: TelegramWorld) -> None:
    chat, telegram = town.chat(), town.telegram
    unseen = {"message": telegram.message(chat, text="ძველი")}
    telegram.edit(unseen, "ახალი")
    telegram.say(chat, "შემდეგი")
    telegram.replies(chat, 1)
    assert town.texts(chat) == said("შემდეგი")


def test_28_a_group_is_left_and_nothing_of_its_people_is_kept(town: TelegramWorld) -> None:
    group, telegram = -100_500_000 - town.chat(), town.telegram
    telegram.member(group, "member", "supergroup")
    chat = {"id": group, "type": "supergroup", "title": "მეზობლები"}
    telegram.update(message={**telegram.message(1, text="საიდუმლო"), "chat": chat})
    telegram.wait(lambda: group in telegram.left)
    assert town.texts(group) == ["მხოლოდ პირადად ვპასუხობ."]
    query = text("SELECT body, raw FROM inbox WHERE conversation = :id")
    kept = town.store(
        lambda connection: str(connection.execute(query, {"id": f"tg:{group}"}).all())
    )
    assert "საიდუმლო" not in kept
    assert "მეზობლები" not in kept
    assert town.turns(group) == []


def test_29_whoever_blocks_the_bot_gets_nothing_and_everything_after_coming_back(
    town: TelegramWorld,
) -> None:
    chat, telegram = town.chat(), town.telegram
    telegram.say(chat, "ერთი")
    telegram.replies(chat, 1)
    telegram.member(chat, "kicked")
    telegram.wait(lambda: _unreachable(town, chat) == "blocked")
    telegram.member(chat, "member")
    telegram.wait(lambda: _unreachable(town, chat) is None)
    telegram.say(chat, "ორი")
    telegram.replies(chat, 2)


def test_56_a_refused_resident_is_unreachable_until_they_write(town: TelegramWorld) -> None:
    chat, telegram = town.chat(), town.telegram
    telegram.blocked.add(chat)
    telegram.say(chat, "ერთი")
    telegram.wait(lambda: _unreachable(town, chat) == "blocked")
    telegram.blocked.discard(chat)
    assert telegram.texts(chat) == []
    telegram.say(chat, "ორი")
    telegram.replies(chat, 2)
    assert town.texts(chat) == said("ერთი", "ორი")


def _unreachable(town: TelegramWorld, chat: int) -> str | None:
    contact = town.store(conversations.contact, f"tg:{chat}")
    return contact.unreachable if contact is not None else None


def test_46_signs_of_markup_arrive_as_they_were_written(town: TelegramWorld) -> None:
    chat = town.chat()
    words = "_ * [a](b) <b> & ` ~ > # + - = | { } . !"
    town.telegram.say(chat, words)
    town.telegram.replies(chat, 1)
    assert town.texts(chat) == said(words)


def test_45_a_long_answer_comes_in_parts_and_nothing_is_lost(town: TelegramWorld) -> None:
    chat, telegram = town.chat(), town.telegram
    words = " ".join(f"სიტყვა{number}." for number in range(480))
    telegram.say(chat, words[:4096])
    *_first, last = telegram.replies(chat, 2)
    whole = " ".join(telegram.texts(chat)).split("\n\nწყარო")[0]
    assert whole == f"თქვენ თქვით: {words[:4096]}"
    assert "reply_markup" in last
    assert "reply_markup" not in _first[0]


def test_30_a_burst_is_answered_in_order(town: TelegramWorld) -> None:
    chat = town.chat()
    texts = [f"{number}" for number in range(5)]
    for words in texts:
        town.telegram.say(chat, words)
    town.telegram.replies(chat, 5)
    assert town.texts(chat) == said(*texts)


def test_58_a_chat_that_is_not_there_is_not_tried_again(town: TelegramWorld) -> None:
    chat, telegram = town.chat(), town.telegram
    telegram.unknown.add(chat)
    before = town.store(queues.outbox_state, time.time()).dead
    telegram.say(chat, "ერთი")
    telegram.wait(lambda: town.store(queues.outbox_state, time.time()).dead == before + 1)
    tries = [g for m, g, _at in telegram.calls if m == "sendMessage" and g["chat_id"] == chat]
    assert len(tries) == 1


def test_32_a_slow_resident_delays_no_other(town: TelegramWorld) -> None:
    slow, quick, telegram = town.chat(), town.chat(), town.telegram
    gate = threading.Event()
    town.engine.delay = lambda body: gate if body["conversation"] == f"tg:{slow}" else 0.0
    telegram.say(slow, "ნელი")
    for number in range(3):
        telegram.say(quick, f"{number}")
    telegram.replies(quick, 3)
    assert telegram.texts(slow) == []
    gate.set()
    telegram.replies(slow, 1)
    town.engine.delay = 0.0
    assert town.texts(quick) == said("0", "1", "2")


def test_60_65_67_news_and_an_answer_at_the_same_moment_both_arrive_once(
    town: TelegramWorld,
) -> None:
    chat, telegram = town.chat(), town.telegram
    telegram.say(chat, "ერთი")
    telegram.replies(chat, 1)
    database = open_database(town.settings.database_url)
    texts = load_all(town.settings.knowledge).texts
    sender = Sender(database, lambda: texts, "rustavi")
    telegram.say(chat, "ორი")
    for _ in range(2):
        sender.notify(f"tg:{chat}", "human", key=f"news {chat}")
    telegram.replies(chat, 3)
    time.sleep(0.3)
    assert sorted(town.texts(chat)) == sorted([*said("ერთი", "ორი"), "დარეკეთ. ცხელი ხაზია 1300."])

    def state() -> notices.NoticeState:
        found = database.call(notices.state, f"news {chat}")
        assert found is not None
        return found

    # Noted right after the platform has it.
    telegram.wait(lambda: state().state == "sent")
    assert state().platform_id in {str(m["message_id"]) for m in telegram.sent}
    database.close()

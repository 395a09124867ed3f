"""Checks 60-68 of the channels' rules: messages that answer nothing just asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from bot.core.knowledge_folder import load_all
from bot.core.replies import Button
from bot.store import notices
from bot.store.notices import NoticeState, Sender
from bot.store.outbox import Message
from connectors.channel import DeliveryHeld
from connectors.messenger_window import DAY, Way, choose
from tests.connectors.messenger_world import Town, town
from tests.fakes import meta

__all__ = ["town"]

HOUR = 3600.0
#: A text of the tests' knowledge, as news.
NEWS = "waiting_engine"
WORDS = "მივიღე, პასუხს ცოტა ხანში მოგწერთ."


@pytest.fixture
def sender(town: Town) -> Sender:
    texts = load_all(town.settings.knowledge).texts
    town.meta.say("200", "გამარჯობა")
    town.replies(1)
    town.quiet(0.1)
    town.graph.sent.clear()
    return Sender(town.database, lambda: texts, "rustavi")


def heard(town: Town, ago: float) -> None:
    """Let the resident's last action be so long ago."""
    town.run("UPDATE conversations SET heard_at = :at", at=time.time() - ago)


def state(town: Town, key: str) -> NoticeState:
    found = town.database.call(notices.state, key)
    assert found is not None
    return found


def message(kind: str = "notice", author: str = "bot") -> Message:
    return Message(1, "messenger", "100", "fb:100:200", 1, kind, {}, 0.0, author=author)


@pytest.mark.parametrize(
    ("ago", "kind", "author", "human_agent", "utility", "expected"),
    [
        (1 * HOUR, "reply", "bot", False, False, Way("RESPONSE")),
        (1 * HOUR, "notice", "bot", False, False, Way("UPDATE")),
        (23.9 * HOUR, "notice", "person", True, True, Way("UPDATE")),
        (24 * HOUR, "notice", "bot", False, False, None),
        (24 * HOUR, "reply", "bot", True, True, None),
        (30 * HOUR, "notice", "person", True, False, Way("MESSAGE_TAG", "HUMAN_AGENT")),
        (30 * HOUR, "notice", "person", False, False, None),
        (30 * HOUR, "notice", "bot", True, False, None),
        (30 * HOUR, "notice", "bot", True, True, Way("UTILITY")),
        (6.9 * DAY, "notice", "person", True, False, Way("MESSAGE_TAG", "HUMAN_AGENT")),
        (7 * DAY, "notice", "person", True, False, None),
        (8 * DAY, "notice", "person", True, True, Way("UTILITY")),
        (None, "notice", "bot", False, False, None),
    ],
)
def test_the_window_decides_by_the_last_action_and_by_who_wrote(
    ago: float | None,
    kind: str,
    author: str,
    human_agent: bool,
    utility: bool,
    expected: Way | None,
) -> None:
    now = time.time()
    at = None if ago is None else now - ago

    def way() -> Way:
        return choose(message(kind, author), at, now, human_agent=human_agent, utility=utility)

    if expected is not None:
        assert way() == expected
        return
    with pytest.raises(DeliveryHeld) as held:
        way()
    assert held.value.reason == "window"


def test_check_60_within_a_day_anything_goes_and_its_id_is_kept(town: Town, sender: Sender) -> None:
    heard(town, 1 * HOUR)
    button = Button("ნახვა", "act:help")
    sender.notify("fb:100:200", NEWS, key="k1", author="person", buttons=[button])
    [sent] = town.replies(1)
    assert (sent.payload["messaging_type"], sent.payload.get("tag")) == ("UPDATE", None)
    assert sent.text == WORDS
    assert [found["title"] for found in sent.buttons] == ["ნახვა"]
    town.wait(lambda: state(town, "k1").state == "sent")
    assert state(town, "k1").platform_id == sent.mid


def test_check_61_a_persons_answer_at_30_hours_is_held_and_follows_the_next_message(
    town: Town, sender: Sender
) -> None:
    heard(town, 30 * HOUR)
    sender.notify("fb:100:200", NEWS, key="k1", author="person")
    town.wait(lambda: state(town, "k1").state == "held")
    assert state(town, "k1").reason == "window"
    assert town.graph.sent == []
    town.meta.say("200", "რა ხდება?")
    town.replies(2)
    assert town.answers() == [WORDS, "რა ხდება?"]
    town.wait(lambda: state(town, "k1").state == "sent")


@pytest.mark.slow
def test_check_61_with_human_agent_it_goes_out_as_a_persons(town: Town, sender: Sender) -> None:
    town.world.stop()
    town.start(human_agent=True)
    town.graph.granted.add("human_agent")
    town.graph.closed.add("200")
    heard(town, 30 * HOUR)
    sender.notify("fb:100:200", NEWS, key="k1", author="person")
    [sent] = town.replies(1)
    assert sent.payload["messaging_type"] == "MESSAGE_TAG"
    assert sent.payload["tag"] == "HUMAN_AGENT"


@pytest.mark.slow
def test_check_61_a_permission_that_meta_did_not_give_holds_the_message_alone(
    town: Town, sender: Sender
) -> None:
    town.world.stop()
    town.start(human_agent=True, utility_template="news:ka")
    heard(town, 30 * HOUR)
    sender.notify("fb:100:200", NEWS, key="k1", author="person")
    sender.notify("fb:100:200", NEWS, key="k2")
    for key in ("k1", "k2"):
        town.wait(lambda key=key: state(town, key).state == "held")
    # Others are still answered.
    town.meta.say("201", "რა ღირს?")
    town.replies(1, "201")


@pytest.mark.slow
def test_check_62_news_at_30_hours_never_pretend_to_be_a_persons(
    town: Town, sender: Sender
) -> None:
    town.world.stop()
    town.graph.granted.update({"human_agent", "utility"})
    town.graph.closed.add("200")
    town.start(human_agent=True)
    heard(town, 30 * HOUR)
    sender.notify("fb:100:200", NEWS, key="k1")
    town.wait(lambda: state(town, "k1").state == "held")
    town.world.stop()
    town.start(human_agent=True, utility_template="news:ka")
    sender.notify("fb:100:200", NEWS, key="k2")
    [sent] = town.replies(1)
    assert (sent.payload["messaging_type"], sent.payload.get("tag")) == ("UTILITY", None)
    template = sent.payload["message"]["template"]
    assert (template["name"], template["language"]) == ("news", {"code": "ka"})
    assert template["components"][0]["parameters"][0]["text"] == WORDS


@pytest.mark.slow
def test_check_63_a_persons_answer_at_8_days_is_held_without_any_call(
    town: Town, sender: Sender
) -> None:
    town.world.stop()
    town.start(human_agent=True)
    town.graph.granted.add("human_agent")
    heard(town, 8 * DAY)
    calls = town.graph.calls["messages"]
    sender.notify("fb:100:200", NEWS, key="k1", author="person")
    town.wait(lambda: state(town, "k1").state == "held")
    assert town.graph.calls["messages"] == calls


def test_check_64_the_window_counts_from_the_residents_action_not_from_our_echo(
    town: Town, sender: Sender
) -> None:
    heard(town, 30 * HOUR)
    town.meta.deliver(meta.echo("200", "m_8", text="მერიიდან"))
    town.meta.deliver(meta.event("200", read={"watermark": 1}))
    sender.notify("fb:100:200", NEWS, key="k1")
    town.wait(lambda: state(town, "k1").state == "held")
    # A reaction is an action: what was held goes out.
    town.meta.deliver(meta.event("200", reaction={"action": "react", "mid": "m_1"}))
    town.replies(1)
    town.wait(lambda: state(town, "k1").state == "sent")


@pytest.mark.slow
def test_check_65_pressing_send_twice_sends_once(town: Town, sender: Sender) -> None:
    for _press in range(3):
        sender.notify("fb:100:200", NEWS, key="k1", author="person")
    town.replies(1)
    sender.notify("fb:100:200", NEWS, key="k1", author="person")
    town.quiet()
    assert len(town.sent()) == 1


@pytest.mark.slow
def test_check_67_news_and_a_message_at_the_same_moment_are_both_handled(
    town: Town, sender: Sender
) -> None:
    def at_once(*steps: Callable[[], object]) -> None:
        threads = [threading.Thread(target=step) for step in steps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    for number in range(4):
        at_once(
            lambda number=number: town.meta.say("200", f"კითხვა {number}"),
            lambda number=number: sender.notify("fb:100:200", NEWS, key=f"k{number}"),
        )
    town.replies(8)
    answers = town.answers()
    assert answers.count(WORDS) == 4
    assert [words for words in answers if words != WORDS] == [f"კითხვა {n}" for n in range(4)]


@pytest.mark.slow
def test_check_68_news_queued_while_nobody_serves_go_out_after_the_start(
    town: Town, sender: Sender
) -> None:
    town.meta.say("201", "გამარჯობა")
    town.replies(1, "201")
    town.quiet(0.1)
    town.graph.sent.clear()
    town.world.stop()
    for psid in ("200", "201"):
        sender.notify(f"fb:100:{psid}", NEWS, key=f"reminder:{psid}")
    town.start()
    town.replies(2)
    assert sorted(sent.psid for sent in town.sent()) == ["200", "201"]


def test_check_69_the_bot_says_who_speaks_after_a_hand_back(town: Town, sender: Sender) -> None:
    town.meta.post(meta.batch(meta.message("200", "ადამიანს"), field="standby"))
    town.quiet(0.1)
    town.meta.say("200", "ისევ მე")
    town.replies(1)
    assert [text.partition(":")[0] for text in town.graph.texts("200")] == [
        "გწერთ C-Bot, პროგრამა.",
        "თქვენ თქვით",
    ]

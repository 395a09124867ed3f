"""Checks 30-38 of the channels' rules, as far as Messenger is concerned."""

from __future__ import annotations

import random
import threading
import time

import pytest

from connectors import messenger_intake
from tests.connectors.messenger_world import Town, town
from tests.fakes import meta

__all__ = ["town"]


def test_check_30_a_burst_is_answered_in_order(town: Town) -> None:
    town.world.engine.delay = lambda _body: random.random() * 0.1
    town.meta.deliver(*(meta.message("200", f"კითხვა {n}") for n in range(5)))
    town.replies(5)
    assert town.answers() == [f"კითხვა {n}" for n in range(5)]


def test_check_31_what_arrives_out_of_order_is_answered_by_its_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough for all to arrive on a machine that stands still in between.
    monkeypatch.setattr(messenger_intake, "HOLD", 4.0)
    monkeypatch.setattr(messenger_intake, "HOLD_LATE", 4.0)
    now = time.time()
    # As after a failure: late, each in a request of its own, shuffled.
    events = [meta.message("200", f"ძველი {n}", at=now - 60 + n) for n in range(6)]
    shuffled = [events[n] for n in (3, 0, 5, 1, 4, 2)]
    for event in shuffled:
        town.meta.deliver(event)
    town.replies(6)
    assert town.answers() == [f"ძველი {n}" for n in range(6)]
    # Two sent within a moment that overtook each other.
    now = time.time()
    town.meta.deliver(meta.message("201", "მეორე", at=now))
    town.meta.deliver(meta.message("201", "პირველი", at=now - messenger_intake.HOLD / 4))
    town.replies(2, "201")
    assert town.answers("201") == ["პირველი", "მეორე"]


@pytest.mark.slow
def test_check_32_a_slow_one_delays_nobody_else(town: Town) -> None:
    gate = threading.Event()
    town.world.engine.delay = lambda body: gate if body["conversation"] == "fb:100:300" else 0.0
    town.meta.say("300", "ნელი")
    people = [str(301 + n) for n in range(15)]
    for step in range(2):
        for person in people:
            town.meta.say(person, f"{person}-{step}")
    town.wait(lambda: all(len(town.sent(person)) == 2 for person in people))
    assert town.sent("300") == []
    gate.set()
    town.replies(1, "300")
    for person in people:
        assert town.answers(person) == [f"{person}-0", f"{person}-1"]
    assert town.world.engine.overlaps == 0


@pytest.mark.slow
def test_check_33_eighty_messages_of_one_resident_are_all_taken(town: Town) -> None:
    town.world.engine.ready = False
    for start in range(0, 80, 20):
        town.meta.deliver(*(meta.message("200", f"{n}") for n in range(start, start + 20)))
    assert town.count("inbox") == 80
    town.world.engine.ready = True
    town.wait(lambda: town.count("inbox", "state = 'done'") == 80)
    # Beyond what one may send at once they were told to wait; the others have their answers.
    town.quiet(0.1)
    answered = [words for words in town.answers() if words.isdigit()]
    assert answered == sorted(answered, key=int)
    assert len(answered) >= 20


@pytest.mark.slow
def test_checks_37_41_with_two_processes_and_a_platform_away_nothing_is_lost_or_doubled(
    town: Town,
) -> None:
    first = town.url
    town.start()
    second = town.url
    for number in range(12):
        for url, psid in ((first, "200"), (second, "201")):
            sender = town.meta
            sender.url = f"{url}/webhooks/messenger"
            sender.say(psid, f"{number}", mid=f"m_{psid}_{number}")
            # Meta may send it to the other one as well.
            sender.url = f"{second if url == first else first}/webhooks/messenger"
            sender.say(psid, f"{number}", mid=f"m_{psid}_{number}")
    town.replies(24)
    town.quiet()
    for psid in ("200", "201"):
        assert town.answers(psid) == [f"{n}" for n in range(12)]
    assert town.world.engine.overlaps == 0
    assert set(town.world.engine.runs.values()) == {1}

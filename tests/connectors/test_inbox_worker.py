from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text

from bot.store import inbox, leases, letters, outbox
from bot.store.database import Database, open_database
from connectors.inbox import Pace
from connectors.patience import LOOK_SECONDS
from connectors.service import Timing
from connectors.turns import MOST_ATTEMPTS
from tests.connectors.resident import Resident
from tests.connectors.world import QUICK, World, said
from tests.fakes.engine import ServerThread


def open_store(world: World) -> Database:
    return open_database(world.settings.database_url)


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def readiness(server: ServerThread) -> tuple[int, dict[str, object]]:
    response = httpx.get(f"{server.url}/readyz")
    return response.status_code, response.json()


def test_a_burst_is_answered_in_order_one_at_a_time(world: World) -> None:
    world.engine.delay = 0.02
    resident = world.resident()
    texts = [f"კითხვა {number}" for number in range(10)]
    for words in texts:
        assert resident.say(words).status_code == 202
    resident.replies(10)
    assert resident.texts() == said(*texts)
    assert [turn["text"] for turn in world.engine.turns] == texts
    assert world.engine.overlaps == 0


def test_a_message_counts_for_the_town_the_engine_answered_for(world: World) -> None:
    plain = world.engine.answer
    world.engine.answer = lambda body: {  # type: ignore[method-assign]
        **plain(body),
        **({"municipality": "marneuli"} if "მარნეული" in body["text"] else {}),
    }
    resident = world.resident()
    for words in ("რუსთავი", "მარნეული", "ისევ"):
        resident.say(words)
        resident.replies(1)
    database = open_store(world)
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT municipality FROM inbox ORDER BY position"))
        found = rows.scalars().all()
    database.close()
    # The third is where the conversation was, for the engine told nothing.
    assert found == ["rustavi", "marneuli", "marneuli"]


def test_what_waits_behind_a_turn_is_answered_right_after_it(world: World) -> None:
    gate = world.engine.delay = threading.Event()
    # Whoever waits for the next look waits in vain.
    world.start(replace(QUICK, pace=Pace(look=3600.0, lease=30.0)))
    resident = world.resident()
    for number in range(4):
        resident.say(f"{number}")
    gate.set()
    resident.replies(4)
    assert resident.texts() == said("0", "1", "2", "3")


def test_a_slow_resident_does_not_delay_the_others(world: World) -> None:
    gate = threading.Event()
    world.engine.delay = lambda body: gate if "ნელი" in body["text"] else 0.0
    slow = world.resident()
    slow.say("ნელი")
    for number in range(5):
        other = world.resident()
        other.say(f"{number}")
        assert other.replies(1)[0]["text"] == f"თქვენ თქვით: {number}"
    assert slow.texts() == []
    gate.set()
    assert slow.replies(1)[0]["text"] == "თქვენ თქვით: ნელი"


def test_more_residents_than_places_are_all_answered(world: World) -> None:
    world.engine.delay = 0.05
    # Nobody waits for the next look.
    world.start(replace(QUICK, pace=Pace(parallel=2, look=3600.0, lease=30.0)))
    residents = [world.resident() for _ in range(8)]
    for number, resident in enumerate(residents):
        for step in range(3):
            resident.say(f"{number}-{step}")
    for number, resident in enumerate(residents):
        resident.replies(3)
        assert resident.texts() == said(*(f"{number}-{step}" for step in range(3)))
    assert world.engine.overlaps == 0


def test_acknowledgement_does_not_wait_for_the_turn(world: World) -> None:
    gate = world.engine.delay = threading.Event()
    residents = [world.resident() for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        said = pool.map(lambda number: residents[number % 10].say(f"{number}"), range(50))
        assert {response.status_code for response in said} == {202}
    assert not world.engine.runs
    gate.set()


def test_messages_wait_while_no_engine_is_there_and_are_answered_when_it_comes(
    world: World, database_url: str
) -> None:
    world.engine.ready = False
    server = world.start()
    resident = world.resident()
    assert readiness(server)[0] == 503
    for words in ("ერთი", "ორი"):
        assert resident.say(words).status_code == 202
    time.sleep(0.5)
    status, state = readiness(server)
    assert (status, state["ready"]) == (503, False)
    assert state["inbox"]["waiting"] == 2  # type: ignore[index]
    assert world.engine.turns == []
    world.engine.ready = True
    resident.replies(2)
    assert resident.texts() == said("ერთი", "ორი")
    assert readiness(server)[0] == 200


def test_an_engine_that_refuses_for_a_while_costs_no_attempts(world: World) -> None:
    resident = world.resident()
    world.engine.status = 503
    resident.say("გამარჯობა")
    # More often than a failed turn would be tried.
    until(lambda: len(world.engine.turns) > MOST_ATTEMPTS)
    assert resident.texts() == []
    world.engine.status = None
    assert resident.replies(1)[0]["text"] == "თქვენ თქვით: გამარჯობა"
    assert set(world.engine.runs.values()) == {1}


def test_an_engine_that_dies_in_the_turn_is_asked_again(world: World) -> None:
    resident = world.resident()
    failures = iter([500, 500])
    world.engine.status = lambda _body: next(failures, None)
    resident.say("გამარჯობა")
    assert resident.replies(1)[0]["text"] == "თქვენ თქვით: გამარჯობა"
    assert len({turn["message_id"] for turn in world.engine.turns}) == 1
    assert len(world.engine.turns) == 3


def test_a_poison_message_ends_with_an_apology_and_later_ones_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("connectors.turns.DELAYS", (0.05,))
    world.engine.status = lambda body: 500 if "შხამი" in body["text"] else None
    server = world.start()
    resident = world.resident()
    with caplog.at_level(logging.ERROR):
        resident.say("შხამი 01005012345")
        resident.say("გამარჯობა")
        replies = resident.replies(2)
    assert [reply["text"] for reply in replies] == [
        "ბოდიში, რაღაც გაფუჭდა. ცხელი ხაზი 1300.",
        "თქვენ თქვით: გამარჯობა",
    ]
    assert len(world.engine.turns) == 6
    assert readiness(server)[1]["inbox"]["dead"] == 1  # type: ignore[index]
    assert "given up" in caplog.text
    assert "01005012345" not in caplog.text
    assert "cbot_given_up_total 1" in httpx.get(f"{server.url}/metrics").text


def test_a_dead_letter_can_be_replayed(world: World) -> None:
    world.engine.status = 422
    resident = world.resident()
    resident.say("გამარჯობა")
    assert resident.replies(1)[0]["text"].startswith("ბოდიში")
    assert len(world.engine.turns) == 1
    world.engine.status = None
    store = open_store(world)
    (letter,) = store.call(letters.letters, leases.INBOX, "dead")
    store.call(letters.replay, letter.id, time.time())
    store.close()
    assert resident.replies(1)[0]["text"] == "თქვენ თქვით: გამარჯობა"


def test_the_apology_is_in_the_language_of_the_conversation(world: World) -> None:
    resident = world.resident()
    resident.post({"id": "message-1", "text": "hello", "locale": "en"})
    resident.replies(1)
    world.engine.status = 422
    resident.post({"id": "message-2", "text": "hello again"})
    assert resident.replies(1)[0]["text"].startswith("Sorry")


def test_who_waits_for_long_is_told_once(world: World) -> None:
    gate = world.engine.delay = threading.Event()
    world.start(replace(QUICK, patience=0.5))
    resident = world.resident()
    resident.say("რთული კითხვა")
    resident.say("კიდევ ერთი")
    resident.replies(1)
    # The next looks find nobody who was not told.
    time.sleep(2 * LOOK_SECONDS + 0.5)
    assert resident.texts() == ["პასუხს ვეძებ, ერთი წუთით…"]
    gate.set()
    resident.replies(2)
    assert resident.texts()[1:] == said("რთული კითხვა", "კიდევ ერთი")


def test_who_waits_for_an_engine_is_told_so(world: World) -> None:
    world.engine.ready = False
    world.start(replace(QUICK, patience=0.5))
    resident = world.resident()
    resident.say("გამარჯობა")
    assert resident.replies(1)[0]["text"] == "მივიღე, პასუხს ცოტა ხანში მოგწერთ."
    world.engine.ready = True
    assert resident.replies(1)[0]["text"] == "თქვენ თქვით: გამარჯობა"


def test_a_turn_longer_than_the_lease_is_not_run_twice(world: World) -> None:
    gate = world.engine.delay = threading.Event()
    timing = replace(QUICK, pace=Pace(look=0.1, lease=15.0))
    for _ in range(2):
        world.start(timing)
    resident = world.resident()
    resident.say("ნელი")
    resident.say("მეორე")
    store = open_store(world)
    query = text("SELECT lease_until FROM inbox WHERE state = 'leased'")

    def leased_until() -> float:
        return float(store.call(lambda connection: connection.execute(query).scalar_one()))

    until(lambda: len(world.engine.turns) == 1)
    first = leased_until()
    until(lambda: leased_until() > first)
    # At a time when the first lease would be over, nobody else gets the conversation.
    assert store.call(inbox.claim, inbox.Lease("another", 15.0), ["web"], first + 0.1) == []
    store.close()
    gate.set()
    resident.replies(2)
    assert resident.texts() == said("ნელი", "მეორე")
    assert len(world.engine.turns) == 2
    assert world.engine.overlaps == 0


def test_a_turn_whose_own_lease_ran_out_is_not_run_beside_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "renew", lambda *_: [])
    world.engine.delay = 1.2
    world.start(replace(QUICK, pace=Pace(look=0.1, lease=0.4)))
    resident = world.resident()
    resident.say("ნელი")
    assert resident.replies(1)[0]["text"] == "თქვენ თქვით: ნელი"
    assert len(world.engine.turns) == 1


def test_two_processes_answer_each_message_once_and_in_order(world: World) -> None:
    world.engine.delay = 0.01
    here, there = world.start(), world.start()
    resident = world.resident(here)
    other = Resident(there.url)
    other.http.cookies = resident.http.cookies
    texts = [f"{number}" for number in range(16)]
    for number, words in enumerate(texts):
        (resident, other)[number % 2].say(words)
    resident.replies(16)
    assert resident.texts() == said(*texts)
    assert set(world.engine.runs.values()) == {1}
    assert world.engine.overlaps == 0


def test_a_lease_whose_owner_died_is_taken_over(world: World) -> None:
    resident = world.resident()
    resident.say("გამარჯობა")
    resident.replies(1)
    conversation = world.engine.turns[0]["conversation"]
    event = inbox.Event("web", conversation, "left", conversation, "text", {"text": "დარჩა"}, 0)
    store = open_store(world)
    store.call(inbox.add, event, time.time(), inbox.Lease("dead process", 0.5))
    store.close()
    assert resident.replies(1)[0]["text"] == "თქვენ თქვით: დარჩა"


def test_a_killer_of_workers_is_given_up(world: World) -> None:
    resident = world.resident()
    resident.say("გამარჯობა")
    resident.replies(1)
    conversation = world.engine.turns[0]["conversation"]
    event = inbox.Event("web", conversation, "killer", conversation, "text", {"text": "შხამი"}, 0)
    world.stop()
    store = open_store(world)
    store.call(inbox.add, event, 100.0, inbox.Lease("dead process", 1.0))
    for number in range(4):
        lease = inbox.Lease(f"dead process {number}", 1.0)
        assert store.call(inbox.claim, lease, ["web"], 102.0 + 2 * number)
    store.close()
    again = Resident(world.start().url)
    again.http.cookies = resident.http.cookies
    again.cursor = 2
    assert again.replies(1)[0]["text"].startswith("ბოდიში")
    assert len(world.engine.turns) == 1


def test_stopping_finishes_what_runs_and_leaves_the_rest_to_others(world: World) -> None:
    # So many that also a machine that stands still begins them not all.
    world.engine.delay = 2.0
    world.start()
    resident = world.resident()
    texts = [f"{number}" for number in range(15)]
    for words in texts:
        resident.say(words)
    until(lambda: bool(world.engine.turns))
    world.stop()
    # What had begun was finished, and not all was begun.
    assert len(world.engine.turns) == len(world.engine.runs) < len(texts)
    world.engine.delay = 0.0
    again = Resident(world.start().url)
    again.http.cookies = resident.http.cookies
    again.replies(len(texts))
    assert again.texts() == said(*texts)
    assert set(world.engine.runs.values()) == {1}


def test_stopping_gives_back_what_takes_too_long(world: World) -> None:
    never = threading.Event()
    world.engine.delay = lambda _body: never if len(world.engine.turns) == 1 else 0.0
    # With a lease of an hour only giving it back makes it free.
    world.start(Timing(pace=Pace(look=0.1, lease=3600.0, grace=0.5), turn=600.0))
    resident = world.resident()
    resident.say("ნელი")
    until(lambda: bool(world.engine.turns))
    world.stop()
    # Not waited for to its end.
    assert not world.engine.runs
    again = Resident(world.start().url)
    again.http.cookies = resident.http.cookies
    assert again.replies(1)[0]["text"] == "თქვენ თქვით: ნელი"


def test_stopping_ends_open_streams_at_once(world: World) -> None:
    resident = world.resident()
    with resident.listen() as stream:
        world.stop()
        assert stream.join()
    # Ended, not broken off.
    assert stream.comments == []


def test_a_notice_stored_by_another_part_reaches_the_open_page(world: World) -> None:
    resident = world.resident()
    resident.say("გამარჯობა")
    resident.replies(1)
    conversation = world.engine.turns[0]["conversation"]
    target = outbox.Target("web", conversation, conversation)
    draft = outbox.Draft({"text": "თქვენი იდეა განიხილება"}, "notice")
    with resident.listen(after=2) as stream:
        store = open_store(world)
        for _ in range(2):
            store.call(outbox.add_notice, target, "idea-7:review", draft, time.time())
        store.close()
        stream.wait(lambda s: len(s.items) == 1)
    assert stream.items[0]["text"] == "თქვენი იდეა განიხილება"
    assert stream.items[0]["from"] == "bot"

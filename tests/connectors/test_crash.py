"""A connectors process is killed over and over while residents write."""

from __future__ import annotations

import random
import signal
import threading
import time

import httpx
import pytest

from bot.settings import Settings
from bot.store import migrate
from tests.bench.killable import CONNECTORS, Killable
from tests.connectors.resident import Resident
from tests.fakes.engine import FakeEngine, OrderlyEngine, ServerThread
from tests.fakes.ports import free_port

pytestmark = pytest.mark.slow

ROUNDS = 8
#: Then the writers are left alone: on a slow machine they say little between two kills.
MOST_ROUNDS = 24
RESIDENTS = 4
MESSAGES = 40


def connectors(settings: Settings, engine_url: str, **more: str) -> Killable:
    """Give a connectors process on a port that stays the same when it is started anew."""
    port = free_port()
    environment = {
        "CBOT_ROOT": str(settings.root),
        "CBOT_DATABASE_URL": settings.database_url,
        "CBOT_SECRET_KEY": str(settings.secret_key),
        "CBOT_ENGINE_URLS": engine_url,
        "CBOT_CONNECTORS_PORT": str(port),
    }
    return Killable(CONNECTORS, [], port, "healthz", {**environment, **more})


def write(resident: Resident, name: str, seed: int) -> None:
    """Send messages in bursts, each until it is taken, some of them several times."""
    chance = random.Random(seed)
    for number in range(MESSAGES):
        id = f"message-{number:04}"
        times = 1 + (chance.random() < 0.3) + (chance.random() < 0.1)
        while times:
            try:
                taken = resident.say(f"{name} {number}", id).status_code == 202
            except httpx.HTTPError:
                taken = False
            if taken:
                times -= 1
            else:
                time.sleep(0.05)
        if chance.random() < 0.2:
            time.sleep(chance.random() * 0.8)


def test_every_message_is_answered_once_and_in_order_whenever_the_process_is_killed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = OrderlyEngine()
    chance = random.Random(20261122)
    engine.delay = lambda _body: chance.random() * 0.05
    migrate.upgrade(settings.database_url)
    with ServerThread(engine.app()) as server:
        process = connectors(settings, server.url)
        process.start()
        residents = [Resident(process.url) for _ in range(RESIDENTS)]
        writers = [
            threading.Thread(
                target=write, args=(resident, f"მოქალაქე {number}", number), daemon=True
            )
            for number, resident in enumerate(residents)
        ]
        for writer in writers:
            writer.start()
        kills = 0
        while kills < ROUNDS or (
            kills < MOST_ROUNDS and any(writer.is_alive() for writer in writers)
        ):
            time.sleep(chance.uniform(0.3, 1.5))
            process.kill()
            kills += 1
            process.start()
        for writer in writers:
            writer.join(240)
            assert not writer.is_alive()
        for number, resident in enumerate(residents):
            texts = [f"მოქალაქე {number} {step}" for step in range(MESSAGES)]
            deadline = time.monotonic() + 120
            while len(resident.texts()) < MESSAGES and time.monotonic() < deadline:
                time.sleep(0.2)
            items = resident.transcript()
            said = [item["text"] for item in items if item["from"] == "resident"]
            assert said == texts
            assert resident.texts() == [f"თქვენ თქვით: {text}" for text in texts]
            assert [item["id"] for item in items] == sorted({item["id"] for item in items})
        process.kill(signal.SIGTERM)
    assert kills >= ROUNDS
    assert set(engine.runs.values()) == {1}
    assert len(engine.runs) == RESIDENTS * MESSAGES


def test_a_message_acknowledged_just_before_a_kill_is_answered_after_the_restart(
    settings: Settings,
) -> None:
    engine = OrderlyEngine()
    gate = engine.delay = threading.Event()
    with ServerThread(engine.app()) as server:
        process = connectors(settings, server.url)
        process.start()
        resident = Resident(process.url)
        assert resident.say("გამარჯობა").status_code == 202
        process.kill()
        gate.set()
        process.start()
        assert resident.replies(1)[0]["text"] == "თქვენ თქვით: გამარჯობა"
        process.kill(signal.SIGTERM)


def test_a_process_told_to_end_does_not_wait_for_ever_and_loses_nothing(
    settings: Settings,
) -> None:
    engine = FakeEngine()
    never = threading.Event()
    engine.delay = lambda _body: never if len(engine.turns) == 1 else 0.0
    with ServerThread(engine.app()) as server:
        process = connectors(settings, server.url)
        process.start()
        resident = Resident(process.url)
        resident.say("ნელი")
        resident.say("მეორე")
        deadline = time.monotonic() + 60
        while not engine.turns:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        # The turn never ends. With these three seconds of grace; in earnest it has twelve.
        process.kill(signal.SIGTERM)
        process.start()
        resident.replies(2)
        assert resident.texts() == ["თქვენ თქვით: ნელი", "თქვენ თქვით: მეორე"]
        process.kill(signal.SIGTERM)

"""Processes of Telegram's channel are killed while residents write; see `tests.bench.crash`."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.bench import crash
from tests.bench.killable import connectors, project
from tests.fakes.databases import KINDS, fresh_url
from tests.fakes.engine import FakeEngine, ServerThread
from tests.fakes.telegram import FakeTelegram

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
def test_35_37_nothing_is_lost_doubled_or_disordered_whoever_is_killed(
    kind: str, tmp_path: Path
) -> None:
    report = crash.run(rounds=8, residents=20, kind=kind, folder=tmp_path, seed=7)
    assert report.messages > 20
    assert report.clean, report


def test_10_a_message_acknowledged_just_before_a_kill_is_answered_after_the_restart(
    tmp_path: Path,
) -> None:
    telegram, brain = FakeTelegram(), FakeEngine()
    gate = brain.delay = threading.Event()
    with (
        fresh_url("sqlite", tmp_path) as url,
        ServerThread(telegram.app()) as platform,
        ServerThread(brain.app()) as engine,
    ):
        door = connectors(project(tmp_path), url, engine.url, platform.url)
        try:
            door.start()
            telegram.target = f"{door.url}/webhooks/telegram"
            telegram.secret = crash.SECRET
            telegram.say(1, "ერთი")
            door.kill()
            assert telegram.statuses == [200]
            assert telegram.sent == []
            gate.set()
            door.start()
            telegram.replies(1, 1)
            time.sleep(1.0)
            (text,) = telegram.texts(1)
            assert text.startswith("თქვენ თქვით: ერთი")
        finally:
            door.kill()

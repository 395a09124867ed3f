"""`cbot run` as on a fresh machine: real processes, real ports, real signals."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest

from tests.commands.deployment import Running
from tests.commands.running import cbot

pytestmark = pytest.mark.slow


def test_residents_are_answered_and_all_stops_at_ctrl_c(
    running: Running, settings: dict[str, str]
) -> None:
    running.wait_until(lambda: "Ctrl-C stops everything." in running.log.read_text())
    for name in ("CBOT_CONNECTORS_PORT", "CBOT_CONSOLE_PORT"):
        assert f"http://127.0.0.1:{settings[name]}/" in running.log.read_text()
    running.say("nagvis fuli ramdenia")
    assert running.reply()["service"] == "local_fees.cleaning_fee"
    children = running.children()
    assert set(children) == {"connectors", "engine", "console"}
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=120) == 0
    assert not any(child.is_running() for child in children.values())
    text = running.log.read_text()
    assert "Stopped." in text
    assert "Traceback" not in text


def test_message_is_answered_though_the_engine_was_killed(running: Running) -> None:
    running.say("nagvis fuli ramdenia")
    assert running.reply()["service"] == "local_fees.cleaning_fee"
    engine = running.children()["engine"]
    os.kill(engine.pid, signal.SIGKILL)
    running.say("და სად მივიდე?")
    reply = running.reply()
    assert reply["service"] == "local_fees.cleaning_fee"
    assert running.children()["engine"].pid != engine.pid
    assert "The engine ended" in running.log.read_text()
    running.wait_until(running.ready)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=120) == 0


@pytest.mark.parametrize("name", ["CONNECTORS", "ENGINE", "CONSOLE"])
def test_port_in_use_is_named(settings: dict[str, str], name: str) -> None:
    variable = f"CBOT_{name}_PORT"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(settings[variable])))
        taken.listen()
        result = cbot("run", **settings)
    assert result.returncode == 3
    assert variable in result.stderr
    assert settings[variable] in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_data_with_a_mistake_end_it_before_anything_is_served(
    project: Path, settings: dict[str, str]
) -> None:
    file = project / "data/nlu/dialogue/greet.yml"
    file.write_text(file.read_text(encoding="utf-8") + "\n\tnonsense\n", encoding="utf-8")
    result = cbot("run", **settings)
    assert result.returncode == 1
    assert "data/nlu/dialogue/greet.yml:" in result.stdout
    assert "Traceback" not in result.stderr

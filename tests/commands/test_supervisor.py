"""`cbot run` as on a fresh machine: real processes, real ports, real signals."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from bot.engine.training import fingerprint
from tests.commands.running import CBOT, cbot, environment

pytestmark = pytest.mark.slow

READY_SECONDS = 90
#: What `cbot run` reads: no training happens, for the model beside it is up to date.
PARTS = ("knowledge", "data/rules", "data/nlu/dialogue")


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]


@pytest.fixture
def project(root: Path, tmp_path: Path, small_model: Path) -> Path:
    """A project whose model is up to date."""
    for name in PARTS:
        shutil.copytree(root / name, tmp_path / name)
    for name in ("config.yml", "domain.yml"):
        shutil.copy(root / name, tmp_path)
    (tmp_path / "models").mkdir()
    shutil.copy(small_model, tmp_path / "models" / "20260101-000000.tar.gz")
    note = f'{{"fingerprint": "{fingerprint(tmp_path)}"}}'
    (tmp_path / "models" / "20260101-000000.json").write_text(note)
    return tmp_path


@pytest.fixture
def settings(project: Path) -> dict[str, str]:
    names = ("CBOT_CONNECTORS_PORT", "CBOT_ENGINE_PORT", "CBOT_CONSOLE_PORT")
    ports = dict(zip(names, map(str, free_ports(3)), strict=True))
    return {"CBOT_ROOT": str(project), **ports}


class Running:
    """A `cbot run` and what a resident sees of it."""

    def __init__(self, settings: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [CBOT, "run"], env=environment(**settings), stderr=file, stdout=file
            )
        self.url = f"http://127.0.0.1:{settings['CBOT_CONNECTORS_PORT']}"
        self.http = httpx.Client(base_url=self.url, timeout=30)
        self.cursor = 0

    def wait_until(self, condition: Callable[[], Any], seconds: float = READY_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def ready(self) -> bool:
        try:
            return self.http.get("/readyz").status_code == 200
        except httpx.HTTPError:
            return False

    def say(self, text: str) -> None:
        self.http.get("/chat/session?language=ka")
        body = {"id": str(uuid.uuid4()), "text": text, "locale": "ka"}
        assert self.http.post("/chat/messages", json=body).status_code == 202

    def reply(self, seconds: float = 60) -> dict[str, Any]:
        """Give the bot's next message."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.http.get(f"/chat/replies?after={self.cursor}&wait=5").json()
            self.cursor = answer["cursor"]
            for item in answer["items"]:
                if item["from"] == "bot":
                    return dict(item)
        raise AssertionError(self.log.read_text())

    def children(self) -> dict[str, psutil.Process]:
        found = psutil.Process(self.process.pid).children()
        return {child.cmdline()[-1]: child for child in found}

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children(recursive=True):
                child.kill()
        self.process.kill()
        self.process.wait()
        self.http.close()


@pytest.fixture
def running(settings: dict[str, str], tmp_path: Path) -> Iterator[Running]:
    started = Running(settings, tmp_path / "run.log")
    try:
        started.wait_until(started.ready)
        yield started
    finally:
        started.end()


def test_residents_are_answered_and_all_stops_at_ctrl_c(
    running: Running, settings: dict[str, str]
) -> None:
    running.wait_until(lambda: "C-Bot is ready" in running.log.read_text())
    for name in ("CBOT_CONNECTORS_PORT", "CBOT_CONSOLE_PORT"):
        assert f"http://127.0.0.1:{settings[name]}/" in running.log.read_text()
    running.say("nagvis fuli ramdenia")
    assert running.reply()["service"] == "local_fees.cleaning_fee"
    children = running.children()
    assert set(children) == {"connectors", "engine", "console"}
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=40) == 0
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
    assert running.process.wait(timeout=40) == 0


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

"""A whole deployment of `cbot run` for tests, and what a resident sees of it."""

from __future__ import annotations

import contextlib
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import yaml

from tests.commands.running import CBOT, environment

READY_SECONDS = 240
ROOT = Path(__file__).parents[2]


def asides() -> set[str]:
    """Give what residents are told while they wait for long, as on a slow machine: no answers."""
    texts = yaml.safe_load((ROOT / "knowledge" / "texts" / "ka.yml").read_text(encoding="utf-8"))
    return {texts["slow"], texts["waiting_engine"]}


class Running:
    """A `cbot run` and what a resident sees of it."""

    def __init__(self, settings: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [CBOT, "run"], env=environment(**settings), stderr=file, stdout=file
            )
        self.url = f"http://127.0.0.1:{settings['CBOT_CONNECTORS_PORT']}"
        self.http = httpx.Client(base_url=self.url, timeout=60)
        self.cursor = 0
        self._asides = asides()

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

    def reply(self, seconds: float = 120) -> dict[str, Any]:
        """Give the bot's next answer."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.http.get(f"/chat/replies?after={self.cursor}&wait=5").json()
            self.cursor = answer["cursor"]
            for item in answer["items"]:
                if item["from"] == "bot" and item["text"] not in self._asides:
                    return dict(item)
        raise AssertionError(self.log.read_text())

    def children(self) -> dict[str, psutil.Process]:
        found = {}
        for child in psutil.Process(self.process.pid).children():
            # One that has just ended has no name any more.
            with contextlib.suppress(psutil.Error, IndexError):
                found[child.cmdline()[-1]] = child
        return found

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children(recursive=True):
                child.kill()
        self.process.kill()
        self.process.wait()
        self.http.close()

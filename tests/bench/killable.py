"""Processes that are killed and started again on the same port.

They are forked from one that has everything imported, so that starting one again takes a moment
and not the seconds of its imports.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.connectors.texts import write_knowledge
from tests.fakes.ports import free_port
from tests.fakes.telegram import SECRET, TOKEN

CONNECTORS, ENGINE = "tests.fakes.connectors_process", "tests.fakes.engine_process"

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload([CONNECTORS, ENGINE])


def _serve(module: str, arguments: list[str], settings: Mapping[str, str]) -> None:
    os.environ.update(settings)
    sys.argv = [module, *arguments]
    importlib.import_module(module).main()


class Killable:
    """A process on a port that stays the same."""

    def __init__(
        self,
        module: str,
        arguments: list[str],
        port: int,
        health: str,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._run = module, arguments, dict(settings or {})
        self.url = f"http://127.0.0.1:{port}"
        self._health = f"{self.url}/{health}"
        self._process: Any = None

    @property
    def pid(self) -> int:
        """The running process."""
        return int(self._process.pid)

    def start(self) -> None:
        """Start it and wait until it serves."""
        self._process = _forks.Process(target=_serve, args=self._run, daemon=True)
        self._process.start()
        until = time.monotonic() + 120
        while True:
            try:
                httpx.get(self._health, timeout=1)
            except httpx.HTTPError:
                assert time.monotonic() < until
                assert self._process.is_alive()
                time.sleep(0.02)
            else:
                return

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, by default at once and without a word."""
        if self._process is not None and self._process.is_alive():
            os.kill(self.pid, how)
            self._process.join(60)
            assert not self._process.is_alive()


def run_twice(file: Path) -> int:
    """Give how many messages an engine that kept its answers in ``file`` ran more than once."""
    with sqlite3.connect(file) as kept:
        query = "SELECT count(*) FROM (SELECT id FROM runs GROUP BY id HAVING count(*) > 1)"
        return int(kept.execute(query).fetchone()[0])


def project(folder: Path) -> Path:
    """Make a folder with the small knowledge of the tests."""
    write_knowledge(folder / "knowledge")
    return folder


def engine(file: Path, slow: float = 0.05) -> Killable:
    """Give an engine that keeps its answers in ``file``."""
    port = free_port()
    arguments = ["--port", str(port), "--file", str(file), "--slow", str(slow)]
    return Killable(ENGINE, arguments, port, "readyz")


def connectors(root: Path, database: str, engine_url: str, telegram_url: str) -> Killable:
    """Give a connectors process that Telegram calls."""
    port = free_port()
    settings = {
        "CBOT_ROOT": str(root),
        "CBOT_DATABASE_URL": database,
        "CBOT_SECRET_KEY": "k" * 64,
        "CBOT_ENGINE_URLS": engine_url,
        "CBOT_CONNECTORS_PORT": str(port),
        "CBOT_TELEGRAM_TOKEN": TOKEN,
        "CBOT_TELEGRAM_SECRET": SECRET,
        "CBOT_TELEGRAM_MODE": "webhook",
        "CBOT_TELEGRAM_API_URL": telegram_url,
    }
    # A lease that a busy machine does not let run out while its owner lives.
    return Killable(CONNECTORS, ["--lease", "4"], port, "healthz", settings)

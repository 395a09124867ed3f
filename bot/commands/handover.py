"""The engine of `cbot run`: keeping one alive, and letting another one take over.

When another model is published, its engine starts beside the one that serves, on the other of
two ports. Once it answers, connectors find it by themselves (they watch both addresses); then
the old one takes no new turn, finishes those that run, and is ended with its memory. An engine
that does not start changes nothing for residents.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.core import serving
from bot.core.model_registry import Registry
from bot.settings import Settings

#: A new engine that is not ready after this long counts as broken, seconds.
READY_SECONDS = 120.0
#: So often an engine that ends at its start is started, before its model counts as broken.
ATTEMPTS = 2
#: Connectors look at an address that is away four times a second; after this they know.
NOTICED_SECONDS = 1.0
#: How long the old engine may take to finish its turns, seconds.
DRAIN_SECONDS = 35.0


@dataclass
class Child:
    """One process of the deployment."""

    name: str
    port: int
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0

    def start(self) -> None:
        """Start the process."""
        settings = [f"{name}={value}" for name, value in self.environment.items()]
        command = ["env", *settings, sys.executable, "-m", "bot.cli", self.name, *self.arguments]
        # A session of its own: Ctrl-C reaches the supervisor alone, which stops all in order.
        self.process = subprocess.Popen(command, start_new_session=True)
        self.started = time.monotonic()

    def exit_code(self) -> int | None:
        """Give the exit code of a process that has ended by itself, None while it runs."""
        return self.process.poll() if self.process is not None else None

    def end(self) -> None:
        """Ask the process to finish what runs and to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()


def spare_port(settings: Settings) -> int:
    """Give a port beside the engine's own, for the one that takes over."""
    taken = {settings.connectors_port, settings.console_port, settings.engine_port}
    for port in range(settings.engine_port + 1, min(settings.engine_port + 50, 65_535)):
        if port in taken:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    return 0


class Engines:
    """The engine that serves, and during a change the one that takes over.

    Args:
        settings: of the deployment.
        say: tells the operator a sentence.
    """

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._registry = Registry(settings.models)
        self._say = say
        self._ports = (settings.engine_port, spare_port(settings))
        self.serving = self._engine(self._ports[0], None)
        self.next: Child | None = None
        self.retiring: list[tuple[Child, float]] = []
        self._model = ""
        # Which start of the serving engine told its model.
        self._asked = -1.0
        self._wanted = ""
        self._failed = ""
        self._since = 0.0
        self._attempts = 0
        # Since when the engine that takes over is ready; None while it is not.
        self._ready_since: float | None = None

    @property
    def urls(self) -> str:
        """The addresses at which connectors and console look for an engine."""
        spare = f"http://127.0.0.1:{self._ports[1]}"
        known = self._settings.engine_urls
        return ",".join((*known, spare) if self._ports[1] and spare not in known else known)

    @property
    def children(self) -> list[Child]:
        """All engines that run."""
        return [
            self.serving,
            *([self.next] if self.next is not None else []),
            *(child for child, _ in self.retiring),
        ]

    def look(self) -> None:
        """Take the next step, if one is due; called a few times a second."""
        self._let_go()
        if self._asked != self.serving.started:
            self._ask_model()
        elif self.next is not None:
            self._watch_next(self.next)
        elif self._ports[1]:
            self._see_what_is_published()

    def _engine(self, port: int, model: Path | None) -> Child:
        arguments = () if model is None else ("--model", str(model))
        return Child("engine", port, arguments, {"CBOT_ENGINE_PORT": str(port)})

    def _ask_model(self) -> None:
        """Learn which model the engine loaded, when it was started or started again."""
        told = ask(self.serving.port, "readyz")
        if told is not None and told.get("ready"):
            self._model = str(told.get("model", "")).removesuffix(".tar.gz")
            self._asked = self.serving.started
            self._tell(serving.SERVING)

    def _see_what_is_published(self) -> None:
        live = self._registry.live()
        if live is None or live.name == self._model:
            self._failed = ""
            return
        if live.name == self._failed or self.retiring:
            return
        other = next(port for port in self._ports if port != self.serving.port)
        self._say(f"Model {live.name} was published; its engine starts beside the other.")
        self._wanted, self._since = live.name, time.monotonic()
        self.next, self._attempts = self._engine(other, live.path), 1
        self.next.start()
        self._tell(serving.SWITCHING, live.name)

    def _watch_next(self, child: Child) -> None:
        waited = time.monotonic() - child.started
        told = ask(child.port, "readyz")
        if told is not None and told.get("ready"):
            self._ready_since = self._ready_since or time.monotonic()
            if time.monotonic() - self._ready_since >= NOTICED_SECONDS:
                self._switch(child)
            return
        self._ready_since = None
        if child.exit_code() is not None and self._attempts < ATTEMPTS:
            # Its port may just have been taken by a connection that somebody else opened.
            self._attempts += 1
            child.start()
        elif child.exit_code() is not None or waited > READY_SECONDS:
            self._give_up(child)

    def _switch(self, child: Child) -> None:
        ask(self.serving.port, "retire", "POST")
        self.retiring.append((self.serving, time.monotonic()))
        self.serving, self.next, self._ready_since = child, None, None
        self._asked = child.started
        self._model = self._wanted
        self._tell(serving.SERVING)
        self._say(f"Model {self._model} answers now ({time.monotonic() - self._since:.1f} s).")

    def _give_up(self, child: Child) -> None:
        child.end()
        self.retiring.append((child, time.monotonic()))
        self.next, self._failed = None, self._wanted
        self._tell(serving.FAILED, self._wanted)
        self._say(f"[red]The engine of {self._wanted} did not start; {self._model} goes on.[/red]")

    def _let_go(self) -> None:
        """End the old engine once it has nothing to do, and forget it when it is gone."""
        for child, since in list(self.retiring):
            if child.exit_code() is not None:
                self.retiring.remove((child, since))
                continue
            waited = time.monotonic() - since
            told = ask(child.port, "readyz") if waited > NOTICED_SECONDS else {"busy": 1}
            if told is None or not told.get("busy"):
                child.end()
            if waited > DRAIN_SECONDS and child.process is not None:
                child.process.kill()

    def _tell(self, state: str, other: str = "") -> None:
        serving.tell(self._settings.var, state, self._model, other)


def ask(port: int, path: str, method: str = "GET") -> dict[str, Any] | None:
    """Ask an engine of this machine; None when it does not answer."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
            content = answer.read()
    except urllib.error.HTTPError as error:
        # An engine that is not ready says so with a status of failure.
        with error:
            content = error.read()
    except OSError:
        return None
    try:
        told = json.loads(content)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None

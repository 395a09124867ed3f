"""`cbot run`: prepares what is missing, starts the processes and watches them.

A process that ends by itself is started again, with a growing pause; Ctrl-C or SIGTERM stops
all and waits until their running turns are done.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable

from rich.console import Console

from bot.commands.handover import Child, Engines
from bot.core import serving
from bot.core.errors import BotError, MissingError
from bot.core.knowledge_folder import load_all
from bot.core.model_registry import Registry
from bot.engine import training
from bot.settings import Settings
from bot.store import staff
from bot.store.database import open_database
from bot.store.migrate import upgrade

#: Longest wait for a process to finish its running turns, seconds.
GRACE_SECONDS = 20
READY_SECONDS = 120
#: Room a training and a day's messages need, MB.
LEAST_FREE_MB = 300


class Supervisor:
    """Runs a deployment until it is told to stop."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; nothing is started yet."""
        self._settings = settings
        self._console = Console(stderr=True)
        self._stopping = threading.Event()
        self._engines = Engines(settings, self._console.print)
        known = {"CBOT_ENGINE_URLS": self._engines.urls}
        self._others = [
            Child("connectors", settings.connectors_port, environment=known),
            Child("console", settings.console_port, environment=known),
        ]

    @property
    def _children(self) -> list[Child]:
        """All processes; the connectors first: in a second they take messages."""
        return [self._others[0], *self._engines.children, *self._others[1:]]

    def run(self) -> int:
        """Serve until SIGINT or SIGTERM.

        Returns:
            The exit code: 0 after a stop that was asked for.

        Raises:
            MissingError: when a port is taken or there is no room on the disk.
            InputError: when the knowledge or the training data have mistakes, with all of them.
            BotError: when no model could be trained.
        """
        begun = time.monotonic()
        self._check_room()
        self._check_ports()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stopping.set())
        self._step("database", lambda: upgrade(self._settings.database_url))
        self._step("knowledge", self._check_knowledge)
        self._train()
        if self._stopping.is_set():
            return 0
        try:
            for child in self._children:
                child.start()
            self._wait_until_ready(begun)
            while not self._stopping.wait(0.5):
                self._revive()
                self._engines.look()
        finally:
            self._stop()
            serving.forget(self._settings.var)
        return 0

    def _check_room(self) -> None:
        self._settings.var.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self._settings.var).free // 1_000_000
        if free < LEAST_FREE_MB:
            raise MissingError(
                f"Only {free} MB are free on this disk; make {LEAST_FREE_MB} MB of room "
                "and start again."
            )

    def _check_ports(self) -> None:
        for child in self._children:
            host = "127.0.0.1" if child.name != "connectors" else "0.0.0.0"  # noqa: S104
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((host, child.port))
                except OSError as error:
                    raise MissingError(
                        f"Port {child.port} of the {child.name} is in use; stop what uses it or "
                        f"set CBOT_{child.name.upper()}_PORT to another."
                    ) from error

    def _check_knowledge(self) -> None:
        loaded = load_all(self._settings.knowledge)
        towns = loaded.knowledge.municipalities
        if self._settings.municipality not in towns:
            raise MissingError(
                f"There is no folder knowledge/{self._settings.municipality}; set "
                f"CBOT_MUNICIPALITY to one of: {', '.join(sorted(towns))}."
            )

    def _step(self, name: str, work: Callable[[], object]) -> None:
        begun = time.monotonic()
        with self._console.status(f"{name} …"):
            work()
        self._console.print(f"  {name}: ready ({time.monotonic() - begun:.1f} s)")

    def _train(self) -> None:
        # A published model stays live until another one is published.
        if Registry(self._settings.models).live() is not None:
            return
        if training.up_to_date(self._settings.root) is not None:
            return
        self._console.print("  model: the training data changed, training (some minutes) …")
        # In a process of its own: training needs TensorFlow and its memory, serving does not.
        command = [sys.executable, "-m", "bot.cli", "train"]
        with subprocess.Popen(command) as process:
            while process.poll() is None:
                if self._stopping.wait(0.2):
                    process.terminate()
                    return
        if process.returncode != 0:
            raise BotError("No model could be trained; mend what stands above and start again.")

    def _wait_until_ready(self, begun: float) -> None:
        with self._console.status("starting the engine, the connectors and the console …"):
            while not self._stopping.is_set() and not self._ready():
                self._revive()
                if time.monotonic() - begun > READY_SECONDS * 5:
                    raise MissingError("The engine did not become ready; see its messages above.")
                self._stopping.wait(0.1)
        if not self._stopping.is_set():
            self._print_addresses(time.monotonic() - begun)

    def _ready(self) -> bool:
        """Ask whether every address that is about to be printed answers."""
        ports = self._settings
        try:
            socket.create_connection(("127.0.0.1", ports.console_port), timeout=2).close()
            url = f"http://127.0.0.1:{ports.connectors_port}/readyz"
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _print_addresses(self, seconds: float) -> None:
        ports = self._settings
        lines = [
            f"[bold green]C-Bot is ready[/bold green] ({seconds:.1f} s).",
            f"  chat for residents   http://127.0.0.1:{ports.connectors_port}/",
            f"  console for staff    {ports.console_url}/",
        ]
        if self._nobody_may_sign_in():
            lines.append(
                "    let yourself in:   .venv/bin/cbot staff add NAME --role administrator"
            )
        lines.append(f"  health               http://127.0.0.1:{ports.connectors_port}/readyz")
        lines.append("  Ctrl-C stops everything.")
        # In one piece: what the processes log meanwhile must not stand between the addresses.
        self._console.print("\n".join(lines))

    def _nobody_may_sign_in(self) -> bool:
        database = open_database(self._settings.database_url)
        try:
            return not database.call(staff.everybody)
        finally:
            database.close()

    def _revive(self) -> None:
        """Start again what ended by itself, at once the first time, then with growing pauses."""
        now = time.monotonic()
        for child in (*self._others, self._engines.serving):
            code = child.exit_code()
            if code is None or now - child.started < child.pause:
                continue
            self._console.print(f"[red]The {child.name} ended (code {code}); starting again.[/red]")
            child.pause = 1.0 if now - child.started > 60 else min(child.pause * 2, 30.0)
            child.start()

    def _stop(self) -> None:
        self._console.print("Stopping …")
        running = [c.process for c in self._children if c.process and c.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._console.print("Stopped.")

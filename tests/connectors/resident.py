"""A resident at the web chat, as a test writes and reads for them over real HTTP."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx

Item = dict[str, Any]


class Resident:
    """Has a session; remembers how far they have read."""

    def __init__(self, url: str, language: str = "ka") -> None:
        self.http = httpx.Client(base_url=url, timeout=60)
        self.session = self.http.get(f"/chat/session?language={language}").json()
        self.cursor = 0

    def say(self, text: str, id: str | None = None) -> httpx.Response:
        """Send a text."""
        return self.post({"id": id or str(uuid.uuid4()), "text": text, "locale": "ka"})

    def press(self, button: dict[str, str], **more: str) -> httpx.Response:
        """Press a button."""
        return self.post({"id": str(uuid.uuid4()), **button, **more})

    def post(self, body: object) -> httpx.Response:
        """Send any body."""
        return self.http.post("/chat/messages", json=body)

    def read(self, wait: int = 60) -> list[Item]:
        """Give the next items, waiting for one."""
        until = time.monotonic() + wait
        while True:
            left = min(20, max(0, round(until - time.monotonic())))
            answer = self.http.get(f"/chat/replies?after={self.cursor}&wait={left}").json()
            self.cursor = answer["cursor"]
            if answer["items"] or left == 0:
                return list(answer["items"])

    def replies(self, count: int, wait: int = 60) -> list[Item]:
        """Give the bot's next ``count`` items."""
        found: list[Item] = []
        until = time.monotonic() + wait
        while len(found) < count and time.monotonic() < until:
            found += [item for item in self.read(2) if item["from"] == "bot"]
        return found

    def transcript(self) -> list[Item]:
        """Give everything said so far."""
        items: list[Item] = []
        while True:
            after = items[-1]["id"] if items else 0
            page = self.http.get(f"/chat/replies?after={after}").json()["items"]
            if not page:
                return items
            items += page

    def texts(self) -> list[str]:
        """Give all the bot's texts so far."""
        return [item["text"] for item in self.transcript() if item["from"] == "bot"]

    def listen(self, after: int = 0, **headers: str) -> Listening:
        """Open a stream of events."""
        return Listening(self, after, headers)


class Listening:
    """Reads a stream of server-sent events in a thread.

    ``events`` holds (event, id, data) of each, ``comments`` the lines that are none.
    """

    def __init__(self, resident: Resident, after: int, headers: dict[str, str]) -> None:
        self.events: list[tuple[str, str, Any]] = []
        self.comments: list[str] = []
        self.status = 0
        self.headers = httpx.Headers()
        self._http = httpx.Client(
            base_url=resident.http.base_url, cookies=resident.http.cookies, timeout=60
        )
        self._opened = threading.Event()
        self._stop = False
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._read, args=(after, headers), daemon=True)
        self._thread.start()
        assert self._opened.wait(60)

    def __enter__(self) -> Listening:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(60)
        self._http.close()

    @property
    def items(self) -> list[Item]:
        """The messages received."""
        return [data for event, _id, data in self.events if event == "message"]

    def wait(self, condition: Callable[[Listening], bool], seconds: float = 60) -> None:
        """Wait until something was received."""
        until = time.monotonic() + seconds
        while not condition(self):
            assert time.monotonic() < until, (self.events, self.comments)
            time.sleep(0.005)

    def join(self, seconds: float = 60) -> bool:
        """Wait until the server ends the stream; tell whether it did."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _read(self, after: int, headers: dict[str, str]) -> None:
        fields: dict[str, str] = {}
        try:
            with self._http.stream("GET", f"/chat/events?after={after}", headers=headers) as stream:
                self.status = stream.status_code
                self.headers = stream.headers
                self._socket = stream.extensions["network_stream"].get_extra_info("socket")
                for line in stream.iter_lines():
                    self._opened.set()
                    if line.startswith(":"):
                        self.comments.append(line)
                    elif line:
                        name, _, value = line.partition(": ")
                        fields[name] = value
                    elif "data" in fields:
                        data = json.loads(fields["data"])
                        self.events.append((fields["event"], fields.get("id", ""), data))
                        fields = {}
        except (httpx.HTTPError, RuntimeError):
            if not self._stop:
                self.comments.append("broken off")
        finally:
            self._opened.set()


def error_code(response: httpx.Response) -> str:
    """Give the code of a refusal, which also says something to people."""
    body = response.json()
    assert body["error"]["message"].endswith(".")
    return str(body["error"]["code"])

"""Residents who write at a steady pace, and how long each waits for the answer."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field

import httpx

from tests.commands.deployment import asides

SAYINGS = ("nagvis fuli ramdenia", "და სად გადავიხადო?", "გამარჯობა", "ვალი მაქვს, როგორ გავიგო")
#: A resident who got no answer in this time was lost, seconds.
LOST_AFTER = 120.0


@dataclass
class Traffic:
    """What residents saw.

    Attributes:
        waits: seconds until each message was answered.
        lost: messages without an answer.
        extra: answers that came more than once.
        refused: messages that were not even taken.
    """

    waits: list[float] = field(default_factory=list)
    lost: int = 0
    extra: int = 0
    refused: int = 0

    @property
    def longest(self) -> float:
        """The longest wait, in seconds."""
        return max(self.waits, default=0.0)


class Residents:
    """Some residents, each in a conversation of their own, who write in turn.

    Args:
        url: of the connectors.
        per_second: messages of all residents together.
        number: how many residents there are.
    """

    def __init__(self, url: str, per_second: float = 5.0, number: int = 10) -> None:
        self.seen = Traffic()
        self._url = url
        self._pause = number / per_second
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._asides = asides()
        self._threads = [
            threading.Thread(target=self._live, args=(index / per_second,), daemon=True)
            for index in range(number)
        ]

    def __enter__(self) -> Residents:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(LOST_AFTER + 5)

    def _live(self, start: float) -> None:
        self._stop.wait(start)
        with httpx.Client(base_url=self._url, timeout=LOST_AFTER) as http:
            http.get("/chat/session?language=ka")
            cursor, number = 0, 0
            while not self._stop.is_set():
                begun = time.monotonic()
                body = {"id": str(uuid.uuid4()), "text": SAYINGS[number % 4], "locale": "ka"}
                if http.post("/chat/messages", json=body).status_code == 202:
                    cursor = self._await_answer(http, cursor, begun)
                else:
                    with self._lock:
                        self.seen.refused += 1
                number += 1
                self._stop.wait(max(0.0, self._pause - (time.monotonic() - begun)))

    def _await_answer(self, http: httpx.Client, cursor: int, begun: float) -> int:
        answers = 0
        while not answers and time.monotonic() - begun < LOST_AFTER:
            told = http.get(f"/chat/replies?after={cursor}&wait=5").json()
            cursor = told["cursor"]
            answers = sum(
                item["from"] == "bot" and item["text"] not in self._asides for item in told["items"]
            )
        with self._lock:
            if answers:
                self.seen.waits.append(time.monotonic() - begun)
                self.seen.extra += answers - 1
            else:
                self.seen.lost += 1
        return cursor

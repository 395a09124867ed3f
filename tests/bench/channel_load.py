"""Telegram under a city's load: ``python -m tests.bench.channel_load --seconds 300``.

Ten messages a second reach the webhook of one connectors process; engine and Telegram are fakes.
Tells how soon messages were acknowledged and answered, and whether memory stayed flat; then the
same acknowledgements with the engine stopped.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import aiohttp
import psutil

from bot.store import migrate
from tests.bench.killable import Killable, connectors, engine, project
from tests.bench.load import percentile, session
from tests.fakes.databases import fresh_url
from tests.fakes.engine import ServerThread
from tests.fakes.telegram import SECRET, FakeTelegram

HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
#: Residents take turns, so that nobody writes more than Telegram lets the bot answer.
RESIDENTS = 300
#: Between two looks at the memory, seconds.
WEIGH_SECONDS = 5.0


@dataclass
class Figures:
    """What was measured; times in milliseconds, memory in MB."""

    database: str
    seconds: float
    sent: int = 0
    answered: int = 0
    twice: int = 0
    ack_p50: float = 0.0
    ack_p95: float = 0.0
    ack_p99: float = 0.0
    answer_p50: float = 0.0
    answer_p95: float = 0.0
    answers_per_second: float = 0.0
    memory: list[float] = field(default_factory=list)
    ack_p99_engine_stopped: float = 0.0


class Load:
    """Sends messages at a steady rate and remembers when each was sent and acknowledged."""

    def __init__(self, telegram: FakeTelegram, url: str, rate: float) -> None:
        self._telegram = telegram
        self._url = f"{url}/webhooks/telegram"
        self._rate = rate
        self._number = 0
        self.began: dict[str, float] = {}
        self.acks: list[float] = []

    async def run(self, seconds: float, begin: int) -> None:
        """Send for so many seconds; whoever is slow delays nobody."""
        async with session() as client:
            tasks = []
            start = time.monotonic()
            for count in range(int(seconds * self._rate)):
                await asyncio.sleep(max(0.0, start + count / self._rate - time.monotonic()))
                tasks.append(asyncio.create_task(self._send(client, begin + count)))
            await asyncio.gather(*tasks)

    async def _send(self, client: aiohttp.ClientSession, number: int) -> None:
        chat = number % RESIDENTS + 1
        message = self._telegram.message(chat, text=f"{number}")
        begun = self.began[f"{number}"] = time.monotonic()
        update = {"update_id": number, "message": message}
        async with client.post(self._url, json=update, headers=HEADERS) as answer:
            await answer.read()
            assert answer.status == 200, answer.status
        self.acks.append(time.monotonic() - begun)


def measure(kind: str, seconds: float, rate: float, folder: Path) -> Figures:
    """Measure with one database."""
    figures = Figures(kind, seconds)
    telegram = FakeTelegram()
    with fresh_url(kind, folder) as url, ServerThread(telegram.app()) as platform:
        migrate.upgrade(url)
        brain = engine(folder / "engine.sqlite", slow=0.1)
        door = connectors(project(folder), url, brain.url, platform.url)
        brain.start()
        door.start()
        try:
            load = Load(telegram, door.url, rate)
            asyncio.run(_weighed(load, seconds, door, figures))
            _answers(figures, load, telegram)
            brain.kill()
            stopped = Load(telegram, door.url, rate)
            asyncio.run(stopped.run(min(seconds, 30.0), 10_000_000))
            figures.ack_p99_engine_stopped = _ms(stopped.acks, 0.99)
        finally:
            door.kill()
            brain.kill()
    return figures


async def _weighed(load: Load, seconds: float, door: Killable, figures: Figures) -> None:
    process = psutil.Process(door.pid)
    sending = asyncio.create_task(load.run(seconds, 1))
    while not sending.done():
        figures.memory.append(round(process.memory_info().rss / 1e6, 1))
        await asyncio.wait({sending}, timeout=WEIGH_SECONDS)
    await sending


def _answers(figures: Figures, load: Load, telegram: FakeTelegram) -> None:
    wanted = len(load.began)
    until = time.monotonic() + 60
    while len(telegram.sent) < wanted and time.monotonic() < until:
        time.sleep(0.1)
    came: dict[str, list[float]] = {}
    for message in telegram.sent:
        came.setdefault(message["text"].rpartition(" ")[2], []).append(message["_at"])
    took = [came[words][0] - begun for words, begun in load.began.items() if words in came]
    figures.sent, figures.answered = wanted, len(took)
    figures.twice = sum(len(times) > 1 for times in came.values())
    first, last = telegram.sent[0]["_at"], telegram.sent[-1]["_at"]
    figures.answers_per_second = round(len(took) / (last - first), 2)
    figures.ack_p50, figures.ack_p95 = _ms(load.acks, 0.5), _ms(load.acks, 0.95)
    figures.ack_p99 = _ms(load.acks, 0.99)
    figures.answer_p50, figures.answer_p95 = _ms(took, 0.5), _ms(took, 0.95)


def _ms(values: list[float], share: float) -> float:
    return round(percentile(values, share) * 1000, 1)


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--rate", type=float, default=10.0, help="messages a second")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    options = parser.parse_args()
    for kind in options.database or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder:
            figures = measure(kind, options.seconds, options.rate, Path(folder))
        print(json.dumps(asdict(figures)), flush=True)


if __name__ == "__main__":
    main()

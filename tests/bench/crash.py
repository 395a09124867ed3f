"""Kill processes over and over while residents write: ``python -m tests.bench.crash --rounds 200``.

Two connectors processes share a database and ask one engine. Fifty residents of Telegram write in
bursts, out of order and several times over; each update is sent until it is acknowledged, as
Telegram does. Each round kills one of the processes with SIGKILL at a random moment and starts it
again. In the end every acknowledged message must be answered once, and each resident's in order.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from bot.store import migrate, queues
from bot.store.database import open_database
from tests.bench.killable import Killable, connectors, engine, project, run_twice
from tests.fakes.databases import fresh_url
from tests.fakes.engine import ServerThread
from tests.fakes.telegram import SECRET, FakeTelegram

#: An update that overtook another one by less is handled after it, seconds.
WINDOW = 0.1
#: A kill this soon after a message was sent may make it come again, seconds.
IN_FLIGHT = 5.0
#: How the engine begins every answer.
ANSWER = "თქვენ თქვით: "
#: How long everything may take to be answered after the last kill, seconds.
SETTLE = 180.0


@dataclass
class Report:
    """What a run brought; ``run_twice`` counts messages whose turn the engine ran again.

    ``given_up`` counts messages whose turn was killed five times over, as that of a poison message
    may be: their residents got an apology, and staff see them. On a slow machine, where a turn
    takes as long as the pause between two kills, there are some.
    ``doubled`` counts answers that came more than once, ``in_flight`` those of them that were on
    their way when their sender was killed: Telegram has no key to tell them by.
    """

    database: str
    rounds: int
    residents: int
    seconds: float = 0.0
    killed: dict[str, int] = field(default_factory=dict)
    messages: int = 0
    posts: int = 0
    lost: int = 0
    given_up: int = 0
    doubled: int = 0
    in_flight: int = 0
    disordered: int = 0
    run_twice: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled without need or out of order."""
        return not (self.lost or self.disordered or self.run_twice) and (
            self.doubled == self.in_flight
        )


@dataclass
class Sent:
    """One message of a resident: when it was first sent and when acknowledged."""

    chat: int
    number: int
    began: float = 0.0
    taken: float = 0.0

    @property
    def text(self) -> str:
        """Its words, which no other message has."""
        return f"{self.chat}.{self.number}"


class Writer(threading.Thread):
    """One resident who writes in bursts until told to stop."""

    def __init__(self, chat: int, telegram: FakeTelegram, urls: list[str], seed: int) -> None:
        super().__init__(daemon=True)
        self.sent: list[Sent] = []
        self.posts = 0
        self._chat = chat
        self._telegram = telegram
        self._urls = urls
        self._chance = random.Random(seed)
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Finish the burst and end."""
        self._stopping.set()

    def run(self) -> None:
        """Write bursts, with pauses that the limit of one message a second needs."""
        with httpx.Client(timeout=10) as client:
            while not self._stopping.is_set():
                burst = [self._next() for _ in range(self._chance.choice((1, 1, 2, 3)))]
                updates = [
                    (sent, self._telegram.message(self._chat, text=sent.text)) for sent in burst
                ]
                numbered = [
                    (sent, {"update_id": self._chat * 1_000_000 + sent.number, "message": message})
                    for sent, message in updates
                ]
                again = [entry for entry in numbered if self._chance.random() < 0.3]
                posts = numbered + again
                self._chance.shuffle(posts)
                for sent, update in posts:
                    self._post(client, sent, update)
                self._stopping.wait(self._chance.uniform(2.0, 8.0) * len(burst))

    def _next(self) -> Sent:
        sent = Sent(self._chat, len(self.sent))
        self.sent.append(sent)
        return sent

    def _post(self, client: httpx.Client, sent: Sent, update: dict[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        sent.began = sent.began or time.monotonic()
        while True:
            self.posts += 1
            url = f"{self._chance.choice(self._urls)}/webhooks/telegram"
            try:
                taken = client.post(url, json=update, headers=headers).status_code == 200
            except httpx.HTTPError:
                taken = False
            if taken:
                sent.taken = sent.taken or time.monotonic()
                return
            time.sleep(0.05)


def run(rounds: int, residents: int, kind: str, folder: Path, seed: int = 1) -> Report:
    """Kill ``rounds`` times; give what that brought."""
    chance = random.Random(seed)
    report = Report(kind, rounds, residents)
    telegram = FakeTelegram()
    telegram.delay["sendMessage"] = 0.01
    begun = time.monotonic()
    with fresh_url(kind, folder) as url, ServerThread(telegram.app()) as platform:
        migrate.upgrade(url)
        root = project(folder)
        brain = engine(folder / "engine.sqlite")
        doors = [connectors(root, url, brain.url, platform.url) for _ in range(2)]
        everything: list[Killable] = [*doors, brain]
        kills: list[float] = []
        try:
            for one in everything:
                one.start()
            writers = [
                Writer(chat, telegram, [door.url for door in doors], seed * 1000 + chat)
                for chat in range(1, residents + 1)
            ]
            for writer in writers:
                writer.start()
            for _ in range(rounds):
                time.sleep(chance.uniform(0.1, 1.5))
                victim = chance.choice(everything)
                victim.kill()
                if victim is not brain:
                    kills.append(time.monotonic())
                name = "engine" if victim is brain else "connectors"
                report.killed[name] = report.killed.get(name, 0) + 1
                time.sleep(chance.uniform(0.0, 0.3))
                victim.start()
            for writer in writers:
                writer.stop()
            for writer in writers:
                writer.join(SETTLE)
            _settle(telegram, writers, url)
            report.seconds = time.monotonic() - begun
            report.given_up = _given_up(url)
            _count(report, telegram, writers, kills)
            report.lost -= report.given_up
            if report.examples:
                report.examples += _rows(url, report.examples)
            report.run_twice = run_twice(folder / "engine.sqlite")
        finally:
            for one in everything:
                one.kill()
    return report


def _rows(url: str, examples: list[str]) -> list[str]:
    """Give what the database holds of the conversations of some examples."""
    database = open_database(url)
    queries = (
        "SELECT 'inbox', id, ext_id, position, rank, attempts, state, sent_at, created_at,"
        " not_before, done_at FROM inbox WHERE conversation = :id ORDER BY position",
        "SELECT 'outbox', id, inbox_id, position, attempts, state, created_at, not_before,"
        " done_at FROM outbox WHERE conversation = :id ORDER BY position",
    )
    found = []
    for example in examples[:3]:
        values = {"id": f"tg:{example.partition('.')[0]}"}
        for query in queries:
            rows = database.call(
                lambda connection, query=query, values=values: connection.execute(
                    text(query), values
                ).all()
            )
            found += [str(tuple(row)) for row in rows]
    database.close()
    return found


def _given_up(url: str) -> int:
    """Give how many messages of residents are dead letters."""
    database = open_database(url)
    found = database.call(queues.inbox_state, time.time()).dead
    database.close()
    return found


def _settle(telegram: FakeTelegram, writers: list[Writer], url: str) -> None:
    wanted = sum(len(writer.sent) for writer in writers)
    until = time.monotonic() + SETTLE
    while time.monotonic() < until:
        answers = {text for text in telegram.texts() if text.startswith(ANSWER)}
        if len(answers) >= wanted - _given_up(url):
            break
        time.sleep(0.2)
    time.sleep(2.0)  # what comes twice


def _count(
    report: Report, telegram: FakeTelegram, writers: list[Writer], kills: list[float]
) -> None:
    times: dict[str, list[float]] = {}
    for message in telegram.sent:
        times.setdefault(message["text"].removeprefix(ANSWER), []).append(message["_at"])
    for writer in writers:
        report.messages += len(writer.sent)
        report.posts += writer.posts
        for sent in writer.sent:
            came = times.get(sent.text, [])
            report.lost += not came
            report.doubled += len(came) > 1
            if len(came) > 1:
                report.in_flight += any(0 <= kill - came[0] < IN_FLIGHT for kill in kills)
        report.examples += _disordered(writer.sent, times)
    report.disordered = len(report.examples)


def _disordered(sent: list[Sent], times: dict[str, list[float]]) -> list[str]:
    """Tell the answers that came before that to an earlier message they must not overtake.

    A message that was taken only after a later one had waited for it arrived too late.
    """
    answered = [message for message in sent if message.text in times]
    found = []
    for number, later in enumerate(answered):
        for earlier in answered[max(0, number - 5) : number]:
            first, second = times[earlier.text], times[later.text]
            if second[0] < first[0] and earlier.taken < later.began + WINDOW:
                start = min(earlier.began, later.began)
                shown = [
                    f"{one.text} sent {one.began - start:.3f} taken {one.taken - start:.3f} "
                    f"answered {[round(at - start, 3) for at in came]}"
                    for one, came in ((earlier, first), (later, second))
                ]
                found.append("; ".join(shown))
    return found


def main() -> None:
    """Run on both databases and print the reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--residents", type=int, default=50)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    clean = True
    for kind in options.database or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder:
            report = run(options.rounds, options.residents, kind, Path(folder), options.seed)
        print(json.dumps({**asdict(report), "clean": report.clean}), flush=True)
        clean &= report.clean
    raise SystemExit(0 if clean else 1)


if __name__ == "__main__":
    main()

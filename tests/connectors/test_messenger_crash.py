"""Checks 10, 35 and 43 of the channels' rules: a process is killed while residents write."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from bot.settings import Settings
from bot.store import migrate
from tests.bench.killable import Killable
from tests.connectors.test_crash import connectors
from tests.fakes import meta
from tests.fakes.engine import OrderlyEngine, ServerThread
from tests.fakes.graph import FakeGraph
from tests.fakes.meta import Meta

pytestmark = pytest.mark.slow

KILLS = 6
RESIDENTS = 3
MESSAGES = 20
#: Who is speaking, and the sign of patience on a slow machine: no answers.
ASIDE = ("გწერთ C-Bot", "პასუხს ვეძებ")


class Echoing:
    """Posts the echo of all that was sent until each is taken, as Meta does."""

    def __init__(self, graph: FakeGraph, meta_: Meta) -> None:
        self._graph, self._meta = graph, meta_
        self._stop = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Echoing:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop = True
        self._thread.join(20)

    def _run(self) -> None:
        told = 0
        while not self._stop:
            if told == len(self._graph.sent):
                time.sleep(0.02)
                continue
            sent = self._graph.sent[told]
            metadata = sent.payload["message"]["metadata"]
            if post(self._meta, meta.echo(sent.psid, sent.mid, metadata=metadata)):
                told += 1
            else:
                time.sleep(0.1)


def post(meta_: Meta, event: dict[str, object]) -> bool:
    try:
        return meta_.post(meta.batch(event)).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def serving(settings: Settings) -> Iterator[tuple[OrderlyEngine, FakeGraph, Killable]]:
    engine, graph = OrderlyEngine(), FakeGraph()
    migrate.upgrade(settings.database_url)
    with ServerThread(engine.app()) as engine_server, ServerThread(graph.app()) as graph_server:
        process = connectors(
            settings,
            engine_server.url,
            CBOT_GRAPH_API_URL=graph_server.url,
            CBOT_MESSENGER_PAGE_ID="100",
            CBOT_MESSENGER_PAGE_TOKEN=graph.token,
            CBOT_MESSENGER_APP_SECRET=graph.secret,
            CBOT_MESSENGER_VERIFY_TOKEN="verify-me",
        )
        process.start()
        yield engine, graph, process
        process.kill(signal.SIGTERM)


def write(meta_: Meta, psid: str, seed: int) -> None:
    """Send messages in bursts, each until it is taken, some of them several times."""
    chance = random.Random(seed)
    for number in range(MESSAGES):
        event = meta.message(psid, f"{psid}-{number}", mid=f"m_{psid}_{number}")
        times = 1 + (chance.random() < 0.3) + (chance.random() < 0.1)
        while times:
            if post(meta_, event):
                times -= 1
            else:
                time.sleep(0.05)
        if chance.random() < 0.3:
            time.sleep(chance.random())


def answers(graph: FakeGraph, psid: str) -> list[str]:
    """Give what a resident was answered, as the answers repeat it."""
    texts = [text for text in graph.texts(psid) if not text.startswith(ASIDE)]
    return [text.partition("\n")[0].removeprefix("თქვენ თქვით: ") for text in texts]


def test_checks_10_35_every_message_gets_one_reply_in_order_whenever_the_process_is_killed(
    serving: tuple[OrderlyEngine, FakeGraph, Killable],
) -> None:
    engine, graph, process = serving
    chance = random.Random(20261129)
    engine.delay = lambda _body: chance.random() * 0.1
    graph.delay = 0.15
    url = f"{process.url}/webhooks/messenger"
    people = [str(200 + n) for n in range(RESIDENTS)]
    with Echoing(graph, Meta(url)):
        writers = [
            threading.Thread(target=write, args=(Meta(url), psid, seed), daemon=True)
            for seed, psid in enumerate(people)
        ]
        for writer in writers:
            writer.start()
        for _kill in range(KILLS):
            time.sleep(chance.uniform(0.5, 1.5))
            process.kill()
            process.start()
        for writer in writers:
            writer.join(240)
            assert not writer.is_alive()
        deadline = time.monotonic() + 120
        while any(len(answers(graph, psid)) < MESSAGES for psid in people):
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)
        # What comes twice.
        time.sleep(2)
    for psid in people:
        assert answers(graph, psid) == [f"{psid}-{n}" for n in range(MESSAGES)]
    assert set(engine.runs.values()) == {1}


def test_check_10_a_message_taken_just_before_a_kill_is_answered_after_the_restart(
    serving: tuple[OrderlyEngine, FakeGraph, Killable],
) -> None:
    engine, graph, process = serving
    gate = engine.delay = threading.Event()
    Meta(f"{process.url}/webhooks/messenger").say("200", "გამარჯობა")
    process.kill()
    gate.set()
    process.start()
    deadline = time.monotonic() + 60
    while not any("გამარჯობა" in text for text in graph.texts("200")):
        assert time.monotonic() < deadline
        time.sleep(0.05)

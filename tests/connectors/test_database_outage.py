"""The database goes away for moments while residents write."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.connectors.conftest import World
from tests.fakes.databases import POSTGRES_URL, fresh_url

pytestmark = pytest.mark.slow

NAME = "c-bot-outage-test"


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    with fresh_url("postgresql", tmp_path) as url:
        yield f"{url}&application_name={NAME}"


def cut_connections(stop: threading.Event, cuts: list[int]) -> None:
    """End every connection of the connectors, again and again.

    Each time a little later: a machine that is too slow to say anything in between gets its turn.
    """
    engine = create_engine(POSTGRES_URL, future=True)
    statement = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = :name"
    )
    while not stop.wait(0.15 + 0.005 * len(cuts)):
        with engine.begin() as connection:
            cuts.append(connection.execute(statement, {"name": NAME}).scalar_one())
    engine.dispose()


def test_messages_are_refused_or_answered_once_and_in_order(world: World) -> None:
    world.engine.delay = 0.02
    resident = world.resident()
    stop, cuts = threading.Event(), []  # type: ignore[var-annotated]
    cutter = threading.Thread(target=cut_connections, args=(stop, cuts), daemon=True)
    cutter.start()
    codes = []
    for number in range(15):
        while True:
            codes.append(resident.say(f"{number}", f"message-{number:04}").status_code)
            if codes[-1] == 202:
                break
            time.sleep(0.6)
        time.sleep(0.1)
    stop.set()
    cutter.join()
    expected = [f"თქვენ თქვით: {number}" for number in range(15)]
    deadline = time.monotonic() + 120
    while len(resident.texts()) < 15 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert resident.texts() == expected
    assert set(codes) <= {202, 429, 503}
    assert sum(cuts) > 5
    assert set(world.engine.runs.values()) == {1}

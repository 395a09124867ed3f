from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.store import inbox, migrate
from bot.store.database import Database, open_database
from bot.store.inbox import Event
from bot.store.transcript import Line
from connectors import web_stream
from connectors.waiting import forever
from connectors.web_stream import Streams

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    migrate.upgrade(database_url)
    opened = open_database(database_url)
    yield opened
    opened.close()


async def store(database: Database, number: int, conversation: str = "web:a") -> Line:
    event = Event("web", conversation, f"m{number}", conversation, "text", {"text": f"{number}"}, 0)
    added = await database.run(inbox.add, event, 100.0)
    return Line(conversation, added.position, "resident", "text", event.body, 100.0, event.ext_id)


class Reader:
    """Reads a stream in a task."""

    def __init__(self, streams: Streams, after: int = 0, pause: float = 60.0) -> None:
        self.positions: list[int] = []
        self.others: list[object] = []
        self.task = asyncio.create_task(self._read(streams, after, pause))

    async def _read(self, streams: Streams, after: int, pause: float) -> None:
        async for lines in streams.follow("web:a", after, pause):
            if lines:
                self.positions += [line.position for line in lines]
            else:
                self.others.append(lines)

    async def until(self, count: int) -> None:
        await until(lambda: len(self.positions) >= count)


async def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


async def settle() -> None:
    """Give time for what should not happen."""
    await asyncio.sleep(0.1)


async def test_a_line_that_was_not_pushed_is_read_before_the_next(database: Database) -> None:
    streams = Streams(database)
    reader = Reader(streams)
    streams.push(await store(database, 1))
    await reader.until(1)
    await store(database, 2)
    third = await store(database, 3)
    await settle()
    streams.push(third)
    await reader.until(3)
    assert reader.positions == [1, 2, 3]
    reader.task.cancel()


async def test_a_line_pushed_twice_is_given_once(database: Database) -> None:
    streams = Streams(database)
    reader = Reader(streams)
    await settle()
    line = await store(database, 1)
    streams.push(line)
    streams.push(line)
    await settle()
    streams.push(line)
    streams.push(await store(database, 2))
    await reader.until(2)
    await settle()
    assert reader.positions == [1, 2]
    reader.task.cancel()


async def test_numbers_left_out_by_repeated_messages_do_not_hold_a_line_back(
    database: Database,
) -> None:
    streams = Streams(database)
    reader = Reader(streams)
    streams.push(await store(database, 1))
    for _ in range(3):
        await store(database, 1)
    fifth = await store(database, 2)
    streams.push(fifth)
    await reader.until(2)
    assert reader.positions == [1, 5]
    reader.task.cancel()


async def test_a_slow_listener_misses_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_stream, "MOST_PENDING", 3)
    monkeypatch.setattr(web_stream, "PAGE", 4)
    streams = Streams(database)
    stream = streams.follow("web:a", 0, 60.0)
    streams.push(await store(database, 1))
    lines = [*(await anext(stream) or ())]
    for number in range(2, 14):
        streams.push(await store(database, number))
    while len(lines) < 13:
        lines += await anext(stream) or ()
    assert [line.position for line in lines] == list(range(1, 14))
    await stream.aclose()


async def test_a_long_history_is_given_page_by_page(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_stream, "PAGE", 4)
    for number in range(11):
        await store(database, number)
    reader = Reader(Streams(database), after=2)
    await reader.until(9)
    assert reader.positions == list(range(3, 12))
    reader.task.cancel()


async def test_a_stream_outlives_an_outage_of_the_database(
    database: Database,
) -> None:
    if database.dialect != "sqlite":
        pytest.skip("a missing table stands for an outage only with SQLite")
    streams = Streams(database)
    looking = asyncio.create_task(forever("looking", streams.look, 0.05))
    reader = Reader(streams)
    streams.push(await store(database, 1))
    await reader.until(1)
    line = await store(database, 2)
    await store(database, 3)
    await database.run(lambda c: c.execute(text("ALTER TABLE inbox RENAME TO away")))
    await settle()
    streams.push(replace(line, position=3))
    await settle()
    await database.run(lambda c: c.execute(text("ALTER TABLE away RENAME TO inbox")))
    await reader.until(3)
    assert reader.positions == [1, 2, 3]
    for task in (looking, reader.task):
        task.cancel()


async def test_what_is_stored_while_reading_is_read_as_well(database: Database) -> None:
    streams = Streams(database)
    reading = asyncio.Event()
    slow = database.read

    async def slowly(*args: object) -> object:
        lines = await slow(*args)  # type: ignore[arg-type]
        reading.set()
        await asyncio.sleep(0.1)
        return lines

    database.read = slowly  # type: ignore[method-assign, assignment]
    reader = Reader(streams)
    await reading.wait()
    await store(database, 1)
    streams._compare("web:a", 1)
    await reader.until(1)
    assert reader.positions == [1]
    reader.task.cancel()


async def test_others_conversations_are_not_given(database: Database) -> None:
    streams = Streams(database)
    reader = Reader(streams)
    await settle()
    streams.push(await store(database, 1, "web:b"))
    streams.push(await store(database, 1))
    await reader.until(1)
    await settle()
    assert reader.positions == [1]
    reader.task.cancel()


async def test_the_typing_sign_is_not_shown_after_the_answer(database: Database) -> None:
    streams = Streams(database)
    reader = Reader(streams)
    await until(streams.count)
    streams.typing("web:a")
    await until(lambda: reader.others == [[]])
    line = await store(database, 1)
    streams.typing("web:a")
    streams.push(Line("web:a", 1, "bot", "reply", line.body, 100.0, None))
    await reader.until(1)
    await settle()
    assert reader.positions == [1]
    assert reader.others == [[]]
    reader.task.cancel()


async def test_a_quiet_stream_says_so_and_ends_when_closed(database: Database) -> None:
    streams = Streams(database)
    reader = Reader(streams, pause=0.05)
    await until(lambda: None in reader.others)
    streams.close()
    await asyncio.wait_for(reader.task, 60)
    assert streams.count() == 0
    assert [lines async for lines in streams.follow("web:a", 0, 1.0)] == []


async def test_listeners_leave_nothing_behind(database: Database) -> None:
    streams = Streams(database)
    readers = [Reader(streams) for _ in range(3)]
    await until(lambda: streams.count("web:a") == 3)
    assert (streams.count("web:b"), streams.count()) == (0, 3)
    for reader in readers:
        reader.task.cancel()
    await asyncio.gather(*(reader.task for reader in readers), return_exceptions=True)
    assert streams.count() == 0
    assert streams._listeners == streams._newest == {}

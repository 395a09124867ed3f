from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.core.errors import InputError, MissingError
from bot.store import inbox, migrate
from bot.store.database import Database, open_database
from bot.store.errors import StoreUnavailable
from tests.fakes.databases import fresh_url
from tests.store.samples import said


def count(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM inbox")).scalar_one())


def insert_event(connection: Connection, number: int) -> None:
    connection.execute(
        text("INSERT INTO events (id, sender_id, type_name) VALUES (:id, 'a', 'user')"),
        {"id": number},
    )


def insert_twice(connection: Connection, number: int) -> None:
    insert_event(connection, number)
    insert_event(connection, number)


def number_of_events(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM events")).scalar_one())


@pytest.mark.parametrize(
    "url", ["mysql://root@localhost/x", "sqlite://", "sqlite:///:memory:", "nonsense", ""]
)
def test_open_refuses_what_is_no_database_of_ours(url: str) -> None:
    with pytest.raises(InputError, match="CBOT_DATABASE_URL"):
        open_database(url)


def test_open_says_in_one_sentence_that_postgresql_is_away_without_its_password() -> None:
    with pytest.raises(MissingError) as caught:
        open_database("postgresql://cbot:verysecret@127.0.0.1:1/cbot")
    message = str(caught.value)
    assert "CBOT_DATABASE_URL" in message
    assert "verysecret" not in message
    assert "\n" not in message
    assert caught.value.exit_code == 3


def test_open_says_that_a_sqlite_file_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.write_text("ეს ბაზა არ არის " * 100, encoding="utf-8")
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        open_database(f"sqlite:///{path}")


def test_open_makes_the_folder_and_sets_sqlite_up(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new/folder/x.sqlite")
    with database.engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    database.close()
    assert found == ["wal", 2, 1, 15_000]


@pytest.mark.anyio
async def test_run_commits_and_read_sees_it(database: Database) -> None:
    added = await database.run(inbox.add, said("a", "1"), 100.0)
    assert added.new
    assert await database.read(count) == 1


def test_call_commits_without_a_loop(database: Database, other: Database) -> None:
    database.call(inbox.add, said("a", "1"), 100.0)
    assert other.call(count) == 1


@pytest.mark.anyio
async def test_run_keeps_nothing_of_a_function_that_fails(database: Database) -> None:
    def half(connection: Connection) -> None:
        insert_event(connection, 1)
        raise ValueError("ნახევარი")

    with pytest.raises(ValueError, match="ნახევარი"):
        await database.run(half)
    assert await database.read(number_of_events) == 0


@pytest.mark.anyio
async def test_writes_that_share_a_commit_fail_each_for_itself(database: Database) -> None:
    begun, gate = threading.Event(), threading.Event()

    def wait(_connection: Connection) -> None:
        begun.set()
        gate.wait(60)

    first = asyncio.ensure_future(database.run(wait))
    await asyncio.to_thread(begun.wait, 60)
    # These gather while the first one runs.
    numbers = [1, 2, 7, 3, 4]
    writes = [
        asyncio.ensure_future(database.run(insert_twice if number == 7 else insert_event, number))
        for number in numbers
    ]
    await asyncio.sleep(0.05)
    gate.set()
    results = await asyncio.gather(first, *writes, return_exceptions=True)
    failed = [
        number for number, result in zip(numbers, results[1:], strict=True) if result is not None
    ]
    assert failed == [7]
    assert isinstance(next(result for result in results[1:] if result), IntegrityError)
    assert await database.read(number_of_events) == 4


@pytest.mark.anyio
async def test_many_writers_of_two_processes_do_not_fight(
    database: Database, other: Database
) -> None:
    writes = [
        (database if number % 2 else other).run(insert_event, number) for number in range(200)
    ]
    await asyncio.gather(*writes)
    assert await database.read(number_of_events) == 200


def test_a_lasting_lock_of_another_process_is_reported_as_unavailable(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("bot.store.database.LOCK_SECONDS", 0.1)
    one, two = open_database(url), open_database(url)
    with one.engine.begin() as holding:
        if one.dialect == "postgresql":
            holding.execute(text("LOCK TABLE events IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(StoreUnavailable, match=r"lock"):
            two.call(insert_event, 1)
    two.call(insert_event, 1)
    one.close()
    two.close()


@pytest.mark.slow
def test_a_server_that_only_reads_is_reported_as_unavailable(tmp_path: Path) -> None:
    with fresh_url("postgresql", tmp_path) as url:
        migrate.upgrade(url)
        store = open_database(url)

        def only_read(connection: Connection) -> None:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            insert_event(connection, 1)

        with pytest.raises(StoreUnavailable, match="read-only"):
            store.call(only_read)
        store.close()


@pytest.mark.anyio
async def test_a_full_disk_fails_all_that_share_the_commit_and_keeps_none(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/x.sqlite")
    await database.run(lambda c: c.exec_driver_sql("CREATE TABLE t (x TEXT)"))
    begun, gate = threading.Event(), threading.Event()

    def limit(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        begun.set()
        gate.wait(60)

    def insert(connection: Connection, size: int) -> None:
        connection.execute(text("INSERT INTO t VALUES (:x)"), {"x": "ა" * size})

    limited = asyncio.ensure_future(database.run(limit))
    await asyncio.to_thread(begun.wait, 60)
    writes = [asyncio.ensure_future(database.run(insert, size)) for size in (10, 100_000, 10)]
    await asyncio.sleep(0.05)
    gate.set()
    await limited
    results = await asyncio.gather(*writes, return_exceptions=True)
    kept = await database.read(lambda c: c.exec_driver_sql("SELECT count(*) FROM t").scalar())
    database.close()
    assert all(isinstance(result, StoreUnavailable) for result in results)
    assert kept == 0


def test_close_commits_what_was_handed_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.sqlite"
    database = open_database(url)
    database.call(lambda c: c.exec_driver_sql("CREATE TABLE t (x INTEGER)"))
    loop = asyncio.new_event_loop()

    def insert(connection: Connection, number: int) -> None:
        connection.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})

    async def hand_over() -> None:
        tasks = [asyncio.ensure_future(database.run(insert, number)) for number in range(20)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in tasks)

    loop.run_until_complete(hand_over())
    database.close()
    loop.close()
    again = open_database(url)
    assert again.call(lambda c: c.exec_driver_sql("SELECT count(*) FROM t").scalar()) == 20
    again.close()


def test_who_comes_after_the_close_is_told(database: Database) -> None:
    database.close()

    def nothing(connection: Connection) -> None:
        pytest.fail("ran on a closed database")

    for late in (database.run, database.read):
        with pytest.raises(StoreUnavailable, match="closed"):
            asyncio.run(late(nothing))
    with pytest.raises(StoreUnavailable, match="closed"):
        database.call(nothing)


def test_errors_do_not_show_what_was_written(database: Database) -> None:
    def twice(connection: Connection) -> None:
        for _ in range(2):
            connection.execute(
                text("INSERT INTO events (id, sender_id, type_name) VALUES (1, :secret, 'x')"),
                {"secret": "01005012345"},
            )

    with pytest.raises(IntegrityError) as caught:
        database.call(twice)
    assert "01005012345" not in str(caught.value)

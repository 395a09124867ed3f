"""The one thread that writes to SQLite, and commits what has gathered in one go.

SQLite lets one transaction write at a time and a commit costs milliseconds. Small writes that
wait while a commit runs share the next one; each caller still learns of its own failure.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.store.errors import CLOSED, StoreUnavailable, named

T = TypeVar("T")

#: Most writes that share a commit, so that the first of them does not wait for long.
MOST_TOGETHER = 64


@dataclass
class _Job:
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    future: Future[Any]
    result: Any = None


class GroupWriter:
    """Runs functions of a connection one after the other in a thread of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._loop, name="database-writer", daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> Future[T]:
        """Hand over a function; the future holds its result once that is committed.

        Raises:
            StoreUnavailable: when the database is closed.
        """
        if self._closed:
            raise StoreUnavailable(CLOSED)
        future: Future[T] = Future()
        self._jobs.put(_Job(fn, args, kwargs, future))
        return future

    def close(self) -> None:
        """Commit what was handed over, then end the thread."""
        self._closed = True
        self._jobs.put(None)
        self._thread.join()

    def _loop(self) -> None:
        while True:
            jobs, last = self._gather()
            if jobs:
                self._write(jobs)
            if last:
                return

    def _gather(self) -> tuple[list[_Job], bool]:
        """Wait for a job and take those that wait with it; True when there will be no more."""
        job = self._jobs.get()
        jobs: list[_Job] = []
        while job is not None:
            if job.future.set_running_or_notify_cancel():
                jobs.append(job)
            if len(jobs) == MOST_TOGETHER:
                return jobs, False
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return jobs, False
        return jobs, True

    def _write(self, jobs: list[_Job]) -> None:
        """Run the jobs in one transaction and tell each caller how it went."""
        failed: dict[int, BaseException] = {}
        try:
            with self._engine.connect() as connection, connection.begin() as transaction:
                for number, job in enumerate(jobs):
                    try:
                        self._one(connection, job, alone=len(jobs) == 1)
                    except StoreUnavailable:
                        # SQLite may have rolled back what came before as well.
                        raise
                    except Exception as error:
                        failed[number] = error
                if len(failed) == len(jobs):
                    transaction.rollback()
        except Exception as error:
            failed = {number: failed.get(number, error) for number in range(len(jobs))}
        for number, job in enumerate(jobs):
            if number in failed:
                job.future.set_exception(named(failed[number]))
            else:
                job.future.set_result(job.result)

    @staticmethod
    def _one(connection: Connection, job: _Job, alone: bool) -> None:
        try:
            with nullcontext() if alone else connection.begin_nested():
                job.result = job.fn(connection, *job.args, **job.kwargs)
        except DBAPIError as error:
            raise named(error) from None

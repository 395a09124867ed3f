"""An engine that may be killed: ``python -m tests.fakes.engine_process --port 5005 --file F``.

Like the real one it writes a turn and its replies in one transaction, so that a message it took
before it died gets the same replies afterwards, and is not run twice.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
from typing import Any

import uvicorn

from tests.fakes.engine import OrderlyEngine


class KeptEngine(OrderlyEngine):
    """Keeps its answers in a file."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = sqlite3.connect(file, isolation_level=None)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("CREATE TABLE IF NOT EXISTS answers (id TEXT PRIMARY KEY, body TEXT)")
        self._file.execute("CREATE TABLE IF NOT EXISTS runs (id TEXT)")
        self._stored = {
            id: json.loads(body) for id, body in self._file.execute("SELECT * FROM answers")
        }

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        """Give the answer and keep it."""
        answer = super().answer(body)
        for reply in answer["replies"]:
            reply["sources"] = []
        id = body["message_id"]
        self._file.execute("BEGIN IMMEDIATE")
        self._file.execute("INSERT OR IGNORE INTO answers VALUES (?, ?)", (id, json.dumps(answer)))
        self._file.execute("INSERT INTO runs VALUES (?)", (id,))
        self._file.execute("COMMIT")
        return answer


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", required=True)
    parser.add_argument("--slow", type=float, default=0.05, help="the longest turn, seconds")
    options = parser.parse_args()
    engine = KeptEngine(options.file)
    engine.delay = lambda _body: random.random() * options.slow
    uvicorn.run(engine.app(), host="127.0.0.1", port=options.port, ws="none", log_level="warning")


if __name__ == "__main__":
    main()

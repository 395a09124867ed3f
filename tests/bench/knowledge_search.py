"""The knowledge search, measured: is the right entry found, and how long does it take?

    python -m tests.bench.knowledge_search [--entries 50000] [--database postgresql://…]

The 89 titles in every language, the paraphrases of ``tests/evaluation/knowledge_search.jsonl`` and
the single words of ``knowledge_words.jsonl`` are looked up in the shipped knowledge; with
``--entries``, after so many generated entries were added to it (sentences of shuffled words of the
real ones), to see how a look-up grows.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bot.core.knowledge import Knowledge
from bot.core.knowledge_checks import load_knowledge
from bot.store import knowledge_index, knowledge_search
from bot.store.database import Database, open_database
from bot.store.knowledge_index import Contents, IndexedText
from bot.store.knowledge_tables import COUNTRY
from bot.store.migrate import upgrade

ROOT = Path(__file__).resolve().parents[2]
TOWN = "rustavi"


@dataclass(frozen=True)
class Measured:
    """How a set of questions fared: the share found first and among three, and the time."""

    questions: int
    first: float
    three: float
    median: float
    slow: float
    busy: float

    def __str__(self) -> str:
        return (
            f"{self.questions} look-ups: first {self.first:.3f}, among three {self.three:.3f}; "
            f"median {self.median * 1000:.1f} ms, 95% within {self.slow * 1000:.1f} ms, "
            f"{self.busy * 1000:.1f} ms of this process's CPU each"
        )


def titles(knowledge: Knowledge) -> list[tuple[str, str]]:
    """Give each title in each language, with its service."""
    entries = knowledge.entries(TOWN)
    return [(title, id) for id, entry in entries.items() for title in entry.title.values()]


def paraphrases() -> list[tuple[str, str]]:
    """Give the written questions, with the service each means."""
    return _questions("knowledge_search.jsonl")


def words() -> list[tuple[str, str]]:
    """Give the single words that people type, with the service each means."""
    return _questions("knowledge_words.jsonl")


def _questions(name: str) -> list[tuple[str, str]]:
    path = ROOT / "tests" / "evaluation" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(item["text"], item["service"]) for item in map(json.loads, lines)]


def measure(database: Database, questions: Sequence[tuple[str, str]]) -> Measured:
    """Look the questions up, one after the other."""
    first = three = 0
    seconds, busy = [], time.process_time()
    for query, service in questions:
        with database.engine.connect().execution_options(reading=True) as connection:
            begin = time.perf_counter()
            found = [id for id, _ in knowledge_search.search(connection, query, TOWN, 3)]
            seconds.append(time.perf_counter() - begin)
        first += found[:1] == [service]
        three += service in found
    number = len(questions)
    slow = statistics.quantiles(seconds, n=20)[-1]
    each = (time.process_time() - busy) / number
    median = statistics.median(seconds)
    return Measured(number, first / number, three / number, median, slow, each)


def generated(real: Contents, number: int) -> Iterator[IndexedText]:
    """Give the texts of ``number`` entries made of the words of the real ones."""
    rng = random.Random(7)
    words = [word for row in real.texts for word in row.folded.split()]
    for index in range(number):
        for kind, length in (("title", 4), ("title", 4), ("answer", 25), ("attribute", 20)):
            sentence = " ".join(rng.choices(words, k=length))
            yield IndexedText(COUNTRY, f"generated.s{index}", kind, sentence)


def size(database: Database) -> float:
    """Give how many MB the database takes."""
    query = (
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        if database.dialect == "sqlite"
        else "SELECT pg_database_size(current_database())"
    )
    with database.engine.connect() as connection:
        return float(connection.execute(text(query)).scalar_one()) / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, default=0)
    parser.add_argument("--database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="knowledge-") as folder:
        url = given.database or f"sqlite:///{folder}/knowledge.sqlite"
        upgrade(url)
        database = open_database(url)
        knowledge = load_knowledge(ROOT / "knowledge")
        contents = knowledge_index.contents(knowledge)
        if given.entries:
            more = tuple(generated(contents, given.entries))
            contents = Contents(contents.entries, (*contents.texts, *more))
        begin = time.perf_counter()
        database.call(knowledge_index.replace, contents, contents.digest())
        print(
            f"{database.dialect}: {len(contents.texts)} texts loaded in "
            f"{time.perf_counter() - begin:.1f} s, database {size(database):.1f} MB"
        )
        print("titles", measure(database, titles(knowledge)))
        print("paraphrases", measure(database, paraphrases()))
        print("words", measure(database, words()))
        database.close()


if __name__ == "__main__":
    main()

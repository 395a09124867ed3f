"""Loading the knowledge into the database, for searching and looking up.

Every function takes a connection first; run them through :class:`bot.store.database.Database`.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.engine import Connection

from bot.core.grams import folded, grams, rarity, texts_of
from bot.core.knowledge import Entry, Knowledge
from bot.store.knowledge_tables import (
    COUNTRY,
    knowledge_entries,
    knowledge_runs,
    knowledge_state,
    knowledge_texts,
)

#: How many rows one statement adds.
_BATCH = 500


@dataclass(frozen=True)
class IndexedText:
    """One text as it is searched: whose it is, what kind, and folded for comparison."""

    town: str
    service: str
    kind: str
    folded: str


@dataclass(frozen=True)
class Contents:
    """All that the tables hold of one state of the knowledge."""

    entries: tuple[Mapping[str, Any], ...]
    texts: tuple[IndexedText, ...]

    def digest(self) -> str:
        """Give what tells one state from another."""
        rows = json.dumps([self.entries, [vars(row) for row in self.texts]], ensure_ascii=False)
        return hashlib.sha256(rows.encode()).hexdigest()


def contents(knowledge: Knowledge) -> Contents:
    """Give the rows for a state of the knowledge: the country's texts, and each town's own."""
    entries: list[Mapping[str, Any]] = []
    texts: list[IndexedText] = []
    for town, by_service in knowledge.merged.items():
        for position, entry in enumerate(by_service.values()):
            if town is None or entry.own:
                entries.append(_entry_row(town or COUNTRY, position, entry))
                texts.extend(_texts_of_row(town or COUNTRY, entry))
    return Contents(tuple(entries), tuple(texts))


def _entry_row(town: str, position: int, entry: Entry) -> Mapping[str, Any]:
    content = {
        "id": entry.id,
        "title": dict(entry.title),
        "long_title": dict(entry.long_title),
        "answer": dict(entry.answer),
        "attributes": {name: dict(texts) for name, texts in entry.attributes.items()},
        "related": list(entry.related),
        "owner": entry.owner,
        "verified_on": str(entry.verified_on or ""),
        "review_by": str(entry.review_by or ""),
    }
    return {
        "town": town,
        "service": entry.id,
        "topic": entry.id.partition(".")[0],
        "position": position,
        "own": int(entry.own),
        "content": json.dumps(content, ensure_ascii=False),
    }


def _texts_of_row(town: str, entry: Entry) -> Iterator[IndexedText]:
    known = set(texts_of(entry.national)) if entry.national is not None else set()
    own = [(kind, folded(words)) for kind, words in texts_of(entry) if (kind, words) not in known]
    # A word that two languages share tells no more than in one.
    for kind, words in dict.fromkeys(own):
        yield IndexedText(town, entry.id, kind, words)


def digest_in_use(connection: Connection) -> str | None:
    """Give the digest of the state the tables hold; None when they hold none yet."""
    found: str | None = connection.execute(select(knowledge_state.c.digest)).scalar()
    return found


def entries(connection: Connection, town: str) -> list[dict[str, Any]]:
    """Give all services as they read in a town, in the catalogue's order."""
    table = knowledge_entries
    query = (
        select(table)
        .where(table.c.town.in_([COUNTRY, town]))
        .order_by(table.c.position, table.c.town)
    )
    # A town's own row comes after the country's and takes its place.
    by_service = {row["service"]: dict(row) for row in connection.execute(query).mappings()}
    return list(by_service.values())


def towns(connection: Connection) -> list[str]:
    """Give the towns with entries of their own."""
    column = knowledge_entries.c.town
    query = select(column).where(column != COUNTRY).distinct().order_by(column)
    return list(connection.execute(query).scalars())


def replace(connection: Connection, new: Contents, digest: str) -> bool:
    """Put a state of the knowledge in place of the one before.

    Returns:
        False when the tables hold it already and nothing was done.
    """
    if connection.dialect.name == "postgresql":
        # Engines that start together load it once; the others wait and find it done.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if digest_in_use(connection) == digest:
        return False
    _empty(connection)
    _fill(connection, new)
    state = {"id": 1, "digest": digest, "texts": len(new.texts), "loaded_at": time.time()}
    connection.execute(insert(knowledge_state).values(**state))
    return True


#: Names the lock among PostgreSQL's advisory locks; any constant of ours does.
_LOCK = 0x0C_B0_7C_04


def _empty(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO knowledge_fts(knowledge_fts) VALUES ('delete-all')"))
    else:
        connection.execute(text("DELETE FROM knowledge_fts"))
    for table in (knowledge_runs, knowledge_texts, knowledge_entries, knowledge_state):
        connection.execute(delete(table))


def _fill(connection: Connection, new: Contents) -> None:
    counted = [grams(row.folded) for row in new.texts]
    standing: Counter[str] = Counter(run for counts in counted for run in counts)
    rarities = {run: rarity(len(counted), number) for run, number in standing.items()}
    _add(connection, knowledge_entries.insert(), new.entries)
    texts = (
        {**vars(row), "id": number, "length": _length(counts, rarities)}
        for number, (row, counts) in enumerate(zip(new.texts, counted, strict=True), start=1)
    )
    _add(connection, knowledge_texts.insert(), texts)
    runs = ({"run": run, "texts": number} for run, number in standing.items())
    _add(connection, knowledge_runs.insert(), runs)
    statement = _TO_FTS5 if connection.dialect.name == "sqlite" else _TO_TSVECTOR
    full_text = (
        {"id": number, "runs": " ".join(counts)} for number, counts in enumerate(counted, start=1)
    )
    _add(connection, statement, full_text)


_TO_FTS5 = text("INSERT INTO knowledge_fts(rowid, runs) VALUES (:id, :runs)")
#: The runs of a text are no words of a language: they go in as they are.
_TO_TSVECTOR = text(
    "INSERT INTO knowledge_fts(rowid, runs)"
    " VALUES (:id, array_to_tsvector(string_to_array(:runs, ' ')))"
)


def _length(counts: Mapping[str, int], rarities: Mapping[str, float]) -> float:
    squares = (((1 + math.log(n)) * rarities[run]) ** 2 for run, n in counts.items())
    return math.sqrt(sum(squares)) or 1.0


def _add(connection: Connection, statement: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    batch: list[Mapping[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            connection.execute(statement, batch)
            batch = []
    if batch:
        connection.execute(statement, batch)

"""Searching the knowledge by a resident's words, in any language and script, typos forgiven.

The database's full-text index (FTS5 on SQLite, tsvector on PostgreSQL) gives the texts that
share the query's rarest runs of letters; :mod:`bot.core.grams` ranks them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.engine import Connection

from bot.core import grams
from bot.store.knowledge_tables import COUNTRY, knowledge_runs, knowledge_state

#: How many of the query's runs are looked up, the rarest first, and how many texts are ranked.
RAREST = 16
CANDIDATES = 160
#: With very many texts fewer runs are looked up: so many places in the index are walked at most,
#: for at least so many runs.
PLACES, _FEWEST = 20_000, 4
#: A run that stands in a larger part of all texts tells nothing, unless there is no other.
_COMMON = 0.25

_SQLITE = text(
    "SELECT t.service, t.kind, t.folded, t.length FROM knowledge_fts f"
    " JOIN knowledge_texts t ON t.id = f.rowid"
    " WHERE f.knowledge_fts MATCH :runs AND t.town IN :towns"
    " ORDER BY bm25(f.knowledge_fts) LIMIT :number"
).bindparams(bindparam("towns", expanding=True))
_POSTGRES = text(
    "SELECT t.service, t.kind, t.folded, t.length FROM knowledge_fts f"
    " JOIN knowledge_texts t ON t.id = f.rowid"
    " WHERE f.runs @@ CAST(:runs AS tsquery) AND t.town IN :towns"
    " ORDER BY ts_rank(f.runs, CAST(:runs AS tsquery), 1) DESC, t.id LIMIT :number"
).bindparams(bindparam("towns", expanding=True))


def search(
    connection: Connection, query: str, town: str | None, limit: int = 5
) -> list[tuple[str, float]]:
    """Find services by a resident's words.

    Args:
        connection: of a database that holds the knowledge.
        query: anything typed, in any language or script.
        town: the town whose texts are searched besides the country's.
        limit: how many services at most.

    Returns:
        Service ids with their scores, best first; empty when nothing is alike.
    """
    words = grams.folded(query[: grams.MOST_LETTERS])
    counts = grams.grams(words)
    if not counts:
        return []
    total = connection.execute(select(func.max(knowledge_state.c.texts))).scalar() or 0
    standing = _standing(connection, list(counts))
    rarities = {run: grams.rarity(total, standing.get(run, 0)) for run in counts}
    wanted = grams.query(words, rarities)
    rows = _candidates(connection, _rarest(standing, total), town)
    found = [(row.service, row.kind, wanted.likeness(row.folded, row.length)) for row in rows]
    ranked = sorted(grams.scores(found).items(), key=lambda item: (-item[1], item[0]))
    return ranked[:limit]


def _standing(connection: Connection, runs: list[str]) -> dict[str, int]:
    columns = (knowledge_runs.c.run, knowledge_runs.c.texts)
    rows = connection.execute(select(*columns).where(knowledge_runs.c.run.in_(runs)))
    return {row.run: row.texts for row in rows}


def _rarest(standing: dict[str, int], total: int) -> list[str]:
    in_order = sorted(standing, key=lambda run: (standing[run], run))
    telling = [run for run in in_order if standing[run] <= max(total * _COMMON, 1)] or in_order
    wanted: list[str] = []
    places = 0
    for run in telling[:RAREST]:
        places += standing[run]
        if places > PLACES and len(wanted) >= _FEWEST:
            break
        wanted.append(run)
    return wanted


def _candidates(connection: Connection, runs: Sequence[str], town: str | None) -> list[Any]:
    if not runs:
        return []
    towns = [COUNTRY, town] if town else [COUNTRY]
    sqlite = connection.dialect.name == "sqlite"
    # Runs hold letters, digits and the mark of a word's edge: nothing a query could be made of.
    joined = (
        " OR ".join(f'"{run}"' for run in runs)
        if sqlite
        else " | ".join(f"'{run}'" for run in runs)
    )
    statement = _SQLITE if sqlite else _POSTGRES
    values = {"runs": joined, "towns": towns, "number": CANDIDATES}
    return list(connection.execute(statement, values))

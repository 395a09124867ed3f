"""The tables of the knowledge: entries as residents read them, and an index of their texts.

They are made anew from the files whenever those change; nothing here is edited. The full-text
index, ``knowledge_fts``, is each database's own (FTS5 on SQLite, tsvector with GIN on
PostgreSQL) and is made by the migration; its rows have the numbers of ``knowledge_texts``.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from bot.store.tables import metadata

#: What stands for the whole country where a town's name stands.
COUNTRY = ""

#: Which state of the files the other tables hold: one row.
knowledge_state = Table(
    "knowledge_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("texts", Integer, nullable=False),
    Column("loaded_at", Float, nullable=False),
)

#: One service as it reads in one town; ``content`` is JSON, figures not filled in.
knowledge_entries = Table(
    "knowledge_entries",
    metadata,
    Column("town", String(40), primary_key=True),
    Column("service", String(80), primary_key=True),
    Column("topic", String(40), nullable=False),
    Column("position", Integer, nullable=False),
    Column("own", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Index("ix_knowledge_entries_town_topic", "town", "topic", "position"),
)

#: Each text of the country's entries, and of a town's own, folded for comparison; ``length`` is
#: the length of its vector of weighed runs of letters.
knowledge_texts = Table(
    "knowledge_texts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("town", String(40), nullable=False),
    Column("service", String(80), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("folded", Text, nullable=False),
    Column("length", Float, nullable=False),
    Index("ix_knowledge_texts_town", "town"),
)

#: In how many texts each run of three letters stands.
knowledge_runs = Table(
    "knowledge_runs",
    metadata,
    Column("run", String(3), primary_key=True),
    Column("texts", Integer, nullable=False),
)

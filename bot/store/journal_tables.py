"""The journal's table: who did or saw what."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from bot.store.tables import metadata

#: Only ever added to: triggers of the migration refuse every change and every deletion.
journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(80), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("details", Text, nullable=False),
    Index("ix_journal_at", "at"),
    Index("ix_journal_subject", "subject", "at"),
    Index("ix_journal_actor", "actor", "at"),
    sqlite_autoincrement=True,
)

"""The table of emergency notices: what a town must tell everybody who writes."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from bot.store.tables import metadata

#: ``texts`` is JSON: what residents read, by language. ``ends_at`` is in the future while it holds.
emergency_notices = Table(
    "emergency_notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("municipality", String(40), nullable=False),
    Column("texts", Text, nullable=False),
    Column("begins_at", Float, nullable=False),
    Column("ends_at", Float, nullable=False),
    Column("actor", String(80), nullable=False),
    Index("ix_emergency_notices_ends_at", "municipality", "ends_at"),
    sqlite_autoincrement=True,
)

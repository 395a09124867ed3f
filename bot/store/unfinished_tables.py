"""The table of forms that were begun and not yet sent: when, not what was written."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, String, Table

from bot.store.tables import metadata

unfinished_forms = Table(
    "unfinished_forms",
    metadata,
    Column("conversation", String(255), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("at", Float, nullable=False),
    Column("told_at", Float),
    Index("ix_unfinished_forms_at", "at"),
)

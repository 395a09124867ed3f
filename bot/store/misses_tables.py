"""The tables of what the bot did not answer, and of what residents think of its answers."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.tables import metadata

#: One row for all messages that read the same. State: new, taught, test, dismissed, solved.
misses = Table(
    "misses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("municipality", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("key", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("skeleton", Text, nullable=False),
    Column("language", String(10), nullable=False),
    Column("guesses", Text, nullable=False),
    Column("model", String(80), nullable=False),
    Column("service", String(80)),
    Column("reason", String(20)),
    Column("count", Integer, nullable=False),
    Column("residents", Integer, nullable=False),
    Column("first_at", Float, nullable=False),
    Column("last_at", Float, nullable=False),
    Column("state", String(10), nullable=False),
    Column("label", String(80)),
    Column("decided_by", String(80)),
    Column("decided_at", Float),
    UniqueConstraint("municipality", "key"),
    Index("ix_misses_state", "state", "last_at"),
)

#: Which residents a miss touched: a keyed hash of the conversation, never its name.
miss_residents = Table(
    "miss_residents",
    metadata,
    Column("miss", Integer, ForeignKey("misses.id"), primary_key=True),
    Column("resident", String(32), primary_key=True),
)

#: One row for each press of 👍 or 👎; a resident's later one about the same answer replaces it.
feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("municipality", String(40), nullable=False),
    Column("answer", String(64), nullable=False),
    Column("service", String(80), nullable=False),
    Column("language", String(10), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("verdict", String(10), nullable=False),
    Column("reason", String(20)),
    Column("model", String(80), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("answer"),
    Index("ix_feedback_at", "at"),
)

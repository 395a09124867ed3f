"""The knowledge: entries, their texts, and the full-text index of each database.

Revision: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and the index; they are filled from the files when an engine starts."""
    op.create_table(
        "knowledge_state",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("texts", sa.Integer, nullable=False),
        sa.Column("loaded_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_state"),
    )
    op.create_table(
        "knowledge_entries",
        sa.Column("town", sa.String(40), nullable=False),
        sa.Column("service", sa.String(80), nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("own", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("town", "service", name="pk_knowledge_entries"),
    )
    op.create_index(
        "ix_knowledge_entries_town_topic", "knowledge_entries", ["town", "topic", "position"]
    )
    op.create_table(
        "knowledge_texts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("town", sa.String(40), nullable=False),
        sa.Column("service", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("length", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_texts"),
    )
    op.create_index("ix_knowledge_texts_town", "knowledge_texts", ["town"])
    op.create_table(
        "knowledge_runs",
        sa.Column("run", sa.String(3), nullable=False),
        sa.Column("texts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("run", name="pk_knowledge_runs"),
    )
    if op.get_bind().dialect.name == "sqlite":
        # Without the texts themselves: they stand in knowledge_texts under the same number.
        op.execute(
            "CREATE VIRTUAL TABLE knowledge_fts USING fts5("
            "runs, content='', tokenize=\"unicode61 tokenchars '_'\")"
        )
    else:
        op.execute("CREATE TABLE knowledge_fts (rowid integer PRIMARY KEY, runs tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_knowledge_fts_runs ON knowledge_fts USING gin (runs)")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TABLE knowledge_fts")
    for table in ("knowledge_runs", "knowledge_texts", "knowledge_entries", "knowledge_state"):
        op.drop_table(table)

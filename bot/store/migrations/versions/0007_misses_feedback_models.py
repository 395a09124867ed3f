"""The journal, what was not answered, and what residents think of the answers.

Revision: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables, and let the journal only be added to."""
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_at", "journal", ["at"])
    op.create_index("ix_journal_subject", "journal", ["subject", "at"])
    op.create_index("ix_journal_actor", "journal", ["actor", "at"])
    _only_added_to()
    op.create_table(
        "misses",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("municipality", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("skeleton", sa.Text, nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("guesses", sa.Text, nullable=False),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("service", sa.String(80)),
        sa.Column("reason", sa.String(20)),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("residents", sa.Integer, nullable=False),
        sa.Column("first_at", sa.Float, nullable=False),
        sa.Column("last_at", sa.Float, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("label", sa.String(80)),
        sa.Column("decided_by", sa.String(80)),
        sa.Column("decided_at", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_misses"),
        sa.UniqueConstraint("municipality", "key", name="uq_misses_municipality_key"),
    )
    op.create_index("ix_misses_state", "misses", ["state", "last_at"])
    op.create_table(
        "miss_residents",
        sa.Column("miss", sa.Integer, nullable=False),
        sa.Column("resident", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("miss", "resident", name="pk_miss_residents"),
        sa.ForeignKeyConstraint(["miss"], ["misses.id"], name="fk_miss_residents_miss"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("municipality", sa.String(40), nullable=False),
        sa.Column("answer", sa.String(64), nullable=False),
        sa.Column("service", sa.String(80), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20)),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("answer", name="uq_feedback_answer"),
    )
    op.create_index("ix_feedback_at", "feedback", ["at"])


def _only_added_to() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION journal_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the journal is only added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER journal_kept BEFORE UPDATE OR DELETE ON journal "
            "FOR EACH ROW EXECUTE FUNCTION journal_is_only_added_to()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER journal_kept_{change.lower()} BEFORE {change} ON journal "
            "BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END"
        )


def downgrade() -> None:
    """Drop the four tables with all they hold."""
    for table in ("feedback", "miss_residents", "misses", "journal"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_is_only_added_to()")

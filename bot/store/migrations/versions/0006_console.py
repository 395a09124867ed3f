"""Staff, their sessions, failed sign-ins, and residents who wait for a person.

Revision: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STILL_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("full_name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("municipality", sa.String(40)),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("one_time_hash", sa.String(64)),
        sa.Column("one_time_until", sa.Float),
        sa.Column("totp_salt", sa.String(64), nullable=False),
        sa.Column("totp_step", sa.Integer, nullable=False, server_default="0"),
        sa.Column("recovery_hashes", sa.Text, nullable=False, server_default="[]"),
        sa.Column("enrolled_at", sa.Float),
        sa.Column("disabled_at", sa.Float),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("signed_in_at", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("name", name="uq_staff_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id"),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failures"),
    )
    op.create_index("ix_sign_in_failures_key", "sign_in_failures", ["key", "at"])
    _waiting()


def _waiting() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("municipality", sa.String(40), nullable=False),
        sa.Column("asked_at", sa.Float, nullable=False),
        sa.Column("taken_by", sa.Integer),
        sa.Column("taken_at", sa.Float),
        sa.Column("ended_at", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_waiting"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name="fk_waiting_conversation"
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name="fk_waiting_taken_by"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_waiting_open",
        "waiting",
        ["conversation"],
        unique=True,
        sqlite_where=STILL_OPEN,
        postgresql_where=STILL_OPEN,
    )


def downgrade() -> None:
    """Drop the four tables with all they hold."""
    for table in ("waiting", "sign_in_failures", "staff_sessions", "staff"):
        op.drop_table(table)

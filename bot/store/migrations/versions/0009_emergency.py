"""Emergency notices.

Revision: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "emergency_notices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("municipality", sa.String(40), nullable=False),
        sa.Column("texts", sa.Text, nullable=False),
        sa.Column("begins_at", sa.Float, nullable=False),
        sa.Column("ends_at", sa.Float, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_emergency_notices"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_emergency_notices_ends_at", "emergency_notices", ["municipality", "ends_at"]
    )


def downgrade() -> None:
    """Drop the table with all it holds."""
    op.drop_table("emergency_notices")

"""Forms that were begun and not yet sent.

Revision: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "unfinished_forms",
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("told_at", sa.Float),
        sa.PrimaryKeyConstraint("conversation", name="pk_unfinished_forms"),
    )
    op.create_index("ix_unfinished_forms_at", "unfinished_forms", ["at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("unfinished_forms")

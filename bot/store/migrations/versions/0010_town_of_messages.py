"""The town of each message; that of older ones is not known and stays empty.

Revision: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("inbox", sa.Column("municipality", sa.String(40)))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("inbox", "municipality")

"""Channels: how each fares, what residents sent as the platform gave it, held messages.

Revision: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: Columns added to the tables of 0001.
ADDED = {
    "conversations": (
        sa.Column("heard_at", sa.Float),
        sa.Column("unreachable", sa.String(40)),
        sa.Column("has_held", sa.Integer, nullable=False, server_default="0"),
    ),
    "inbox": (
        sa.Column("raw", sa.Text),
        sa.Column("rank", sa.Float),
        sa.Column("album", sa.String(120)),
    ),
    "outbox": (sa.Column("author", sa.String(10), nullable=False, server_default="bot"),),
}


def upgrade() -> None:
    """Add the table of channels and the columns."""
    op.create_table(
        "channels",
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("paused_until", sa.Float),
        sa.Column("stopped", sa.Text),
        sa.Column("stopped_at", sa.Float),
        sa.Column("last_event_at", sa.Float),
        sa.Column("owner", sa.String(64)),
        sa.Column("owned_until", sa.Float),
        sa.PrimaryKeyConstraint("channel", "account", name="pk_channels"),
    )
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, column)


def downgrade() -> None:
    """Drop them again."""
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
    op.drop_table("channels")

"""Photos, and what Messenger needs to be remembered.

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "media",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("content_type", sa.String(40), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_media"),
        sa.UniqueConstraint("conversation", "source", name="uq_media_conversation_source"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name="fk_media_conversation"
        ),
    )
    op.create_index("ix_media_created_at", "media", ["created_at"])
    op.create_table(
        "messenger_quiet",
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("since", sa.Float, nullable=False),
        sa.Column("until", sa.Float),
        sa.Column("why", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_messenger_quiet"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name="fk_messenger_quiet_conversation"
        ),
    )
    op.create_table(
        "messenger_parts",
        sa.Column("outbox_id", sa.Integer, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("mid", sa.String(255), nullable=False),
        sa.Column("sent_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("outbox_id", "part", name="pk_messenger_parts"),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_messenger_parts_outbox_id"),
    )
    op.create_table(
        "deletion_requests",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_deletion_requests"),
        sa.UniqueConstraint("person", name="uq_deletion_requests_person"),
    )


def downgrade() -> None:
    """Drop the four tables with all they hold."""
    for table in ("deletion_requests", "messenger_parts", "messenger_quiet", "media"):
        op.drop_table(table)

"""Conversations, inbox, outbox and the engine's events.

Revision: 0001, the first
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('new', 'leased')")
ASIDE = sa.text("state IN ('dead', 'held')")


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("last_position", sa.Integer, nullable=False),
        sa.Column("language", sa.String(10)),
        sa.Column("on_hold", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    _inbox()
    _outbox()
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("type_name", sa.String(255), nullable=False),
        sa.Column("timestamp", sa.Float),
        sa.Column("intent_name", sa.String(255)),
        sa.Column("action_name", sa.String(255)),
        sa.Column("data", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_sender_id", "events", ["sender_id", "id"])


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("ext_id", sa.String(255), nullable=False),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sent_at", sa.Float, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("not_before", sa.Float, nullable=False),
        sa.Column("told_slow", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease_owner", sa.String(64)),
        sa.Column("lease_until", sa.Float),
        sa.Column("error", sa.Text),
        sa.Column("done_at", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("channel", "account", "ext_id", name="uq_inbox_channel_account_ext_id"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name="fk_inbox_conversation"
        ),
        sqlite_autoincrement=True,
    )
    _queue_indexes("inbox")


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("inbox_id", sa.Integer),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("notice_key", sa.String(120)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("not_before", sa.Float, nullable=False),
        sa.Column("lease_owner", sa.String(64)),
        sa.Column("lease_until", sa.Float),
        sa.Column("platform_id", sa.String(255)),
        sa.Column("error", sa.Text),
        sa.Column("done_at", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("inbox_id", "seq", name="uq_outbox_inbox_id_seq"),
        sa.UniqueConstraint("notice_key", name="uq_outbox_notice_key"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name="fk_outbox_conversation"
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_outbox_inbox_id"),
        sqlite_autoincrement=True,
    )
    _queue_indexes("outbox")


def _queue_indexes(table: str) -> None:
    columns = ["conversation", "position"]
    op.create_index(f"ix_{table}_conversation", table, columns)
    op.create_index(f"ix_{table}_open", table, columns, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        f"ix_{table}_due", table, ["not_before"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index(
        f"ix_{table}_aside", table, ["state"], sqlite_where=ASIDE, postgresql_where=ASIDE
    )


def downgrade() -> None:
    """Drop the four tables with all they hold."""
    for table in ("events", "outbox", "inbox", "conversations"):
        op.drop_table(table)

"""Taking part: submissions with their history, followers, news, ratings and what was agreed to.

Revision: 0005, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "acknowledgements",
    "erasures",
    "programme_reminders",
    "rating_rounds",
    "submission_numbers",
    "submissions",
    "evaluations",
    "followers",
    "initiatives",
    "rating_log",
    "submission_events",
    "submission_notes",
    "submission_photos",
    "submission_revisions",
    "ratings",
    "submission_news",
    "erasing",
    "forgotten_messages",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "acknowledgements",
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "version", name="pk_acknowledgements"),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proof", sa.String(length=20), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
        sa.UniqueConstraint("proof", name="uq_erasures_proof"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "programme_reminders",
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("told_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("conversation", "programme", name="pk_programme_reminders"),
    )
    op.create_table(
        "rating_rounds",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=60), server_default="", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scale", sa.String(length=10), nullable=False),
        sa.Column("opens_at", sa.Float(), nullable=False),
        sa.Column("closes_at", sa.Float(), nullable=False),
        sa.Column("archived_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rating_rounds"),
    )
    op.create_table(
        "submission_numbers",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name="pk_submission_numbers"),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("programme", sa.String(length=60), server_default="", nullable=False),
        sa.Column("category", sa.String(length=60), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("answers", sa.Text(), server_default="{}", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=30), server_default="", nullable=False),
        sa.Column("publicity", sa.String(length=20), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("before_hiding", sa.String(length=10), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("stage_since", sa.Float(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("merged_into", sa.String(length=20), nullable=True),
        sa.Column("official_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.UniqueConstraint("code", name="uq_submissions_code"),
        sa.UniqueConstraint("key", name="uq_submissions_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_submissions_conversation", "submissions", ["conversation", "created_at"], unique=False
    )
    op.create_index(
        "ix_submissions_kind", "submissions", ["kind", "category", "created_at"], unique=False
    )
    op.create_index("ix_submissions_merged", "submissions", ["merged_into"], unique=False)
    op.create_index("ix_submissions_stage", "submissions", ["stage", "stage_since"], unique=False)
    op.create_table(
        "evaluations",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("staff", sa.String(length=80), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_evaluations_submission_id"
        ),
        sa.PrimaryKeyConstraint("submission_id", "staff", "criterion", name="pk_evaluations"),
    )
    op.create_table(
        "followers",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("via", sa.Integer(), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_followers_submission_id"
        ),
        sa.PrimaryKeyConstraint("submission_id", "conversation", name="pk_followers"),
    )
    op.create_index("ix_followers_conversation", "followers", ["conversation"], unique=False)
    op.create_table(
        "initiatives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.String(length=60), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("image", sa.String(length=255), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rating_rounds.id"], name="fk_initiatives_round"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_initiatives_submission_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_initiatives"),
        sa.UniqueConstraint("round", "submission_id", name="uq_initiatives_round_submission_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rating_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.String(length=60), nullable=False),
        sa.Column("initiative", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rating_rounds.id"], name="fk_rating_log_round"),
        sa.PrimaryKeyConstraint("id", name="pk_rating_log"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rating_log_round", "rating_log", ["round"], unique=False)
    op.create_table(
        "submission_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("from_stage", sa.String(length=20), nullable=True),
        sa.Column("to_stage", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("data", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_submission_events_submission_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submission_events"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_submission_events_submission",
        "submission_events",
        ["submission_id", "id"],
        unique=False,
    )
    op.create_table(
        "submission_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_submission_notes_submission_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submission_notes"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_submission_notes_submission", "submission_notes", ["submission_id", "id"], unique=False
    )
    op.create_table(
        "submission_photos",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("media_id", sa.String(length=80), nullable=False),
        sa.Column("public", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_submission_photos_submission_id"
        ),
        sa.PrimaryKeyConstraint("submission_id", "media_id", name="pk_submission_photos"),
    )
    op.create_table(
        "submission_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_submission_revisions_submission_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submission_revisions"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_submission_revisions_submission",
        "submission_revisions",
        ["submission_id", "id"],
        unique=False,
    )
    op.create_table(
        "ratings",
        sa.Column("initiative", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.String(length=64), nullable=False),
        sa.Column("round", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["initiative"], ["initiatives.id"], name="fk_ratings_initiative"),
        sa.ForeignKeyConstraint(["round"], ["rating_rounds.id"], name="fk_ratings_round"),
        sa.PrimaryKeyConstraint("initiative", "voter_key", name="pk_ratings"),
    )
    op.create_index("ix_ratings_round", "ratings", ["round", "voter_key"], unique=False)
    op.create_table(
        "submission_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("text_id", sa.String(length=60), nullable=False),
        sa.Column("telling", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("told_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["submission_events.id"], name="fk_submission_news_event_id"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_submission_news_submission_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submission_news"),
        sa.UniqueConstraint(
            "event_id", "conversation", name="uq_submission_news_event_id_conversation"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_submission_news_told",
        "submission_news",
        ["submission_id", "conversation", "told_at"],
        unique=False,
    )
    op.create_index(
        "ix_submission_news_waiting",
        "submission_news",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    _gone()


def _gone() -> None:
    op.create_table(
        "erasing",
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_erasing"),
    )
    op.create_table(
        "forgotten_messages",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_forgotten_messages"),
    )
    op.create_index("ix_forgotten_messages_at", "forgotten_messages", ["at"])


def downgrade() -> None:
    """Drop the tables with all they hold."""
    for table in reversed(TABLES):
        op.drop_table(table)

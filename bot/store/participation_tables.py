"""The tables of taking part: submissions and their history, ratings, what residents agreed to.

A resident is a conversation. No column refers to the conversations' own table: everything about
a person can be erased here while the anonymous rest stays.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.store.tables import metadata

#: News that waits to be told.
WAITING = text("state = 'waiting'")


def _submission(**options: bool) -> Column:
    return Column("submission_id", Integer, ForeignKey("submissions.id"), nullable=False, **options)


#: What residents handed in, as it stands now. ``key`` names the message that confirmed it.
submissions = Table(
    "submissions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(20), nullable=False),
    Column("key", String(400), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("municipality", String(40), nullable=False),
    Column("conversation", String(255)),
    Column("language", String(10), nullable=False),
    Column("programme", String(60), nullable=False, server_default=""),
    Column("category", String(60), nullable=False, server_default=""),
    Column("title", Text, nullable=False, server_default=""),
    Column("body", Text, nullable=False, server_default=""),
    Column("place", Text),
    Column("lat", Float),
    Column("lon", Float),
    Column("answers", Text, nullable=False, server_default="{}"),
    Column("name", Text, nullable=False, server_default=""),
    Column("phone", String(30), nullable=False, server_default=""),
    Column("publicity", String(20), nullable=False),
    Column("visibility", String(10), nullable=False),
    Column("before_hiding", String(10), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("stage_since", Float, nullable=False),
    Column("due_at", Float),
    Column("assignee", String(64)),
    Column("merged_into", String(20)),
    Column("official_ref", Text, nullable=False, server_default=""),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("code"),
    UniqueConstraint("key"),
    Index("ix_submissions_conversation", "conversation", "created_at"),
    Index("ix_submissions_kind", "kind", "category", "created_at"),
    Index("ix_submissions_stage", "stage", "stage_since"),
    Index("ix_submissions_merged", "merged_into"),
    sqlite_autoincrement=True,
)

#: The last number given to each kind in each year.
submission_numbers = Table(
    "submission_numbers",
    metadata,
    Column("kind", String(20), nullable=False),
    Column("year", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("kind", "year"),
)

#: Everything that happened to a submission, in its order; rows are only ever added.
submission_events = Table(
    "submission_events",
    metadata,
    Column("id", Integer, primary_key=True),
    _submission(),
    Column("at", Float, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("type", String(20), nullable=False),
    Column("from_stage", String(20)),
    Column("to_stage", String(20), nullable=False),
    Column("reason", String(40), nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Column("data", Text, nullable=False, server_default="{}"),
    Index("ix_submission_events_submission", "submission_id", "id"),
    sqlite_autoincrement=True,
)

#: A submission's words as they were before somebody changed them; the first is never lost.
submission_revisions = Table(
    "submission_revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    _submission(),
    Column("at", Float, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("before", Text, nullable=False),
    Index("ix_submission_revisions_submission", "submission_id", "id"),
    sqlite_autoincrement=True,
)

#: Photos of a submission; the files are the connectors' media.
submission_photos = Table(
    "submission_photos",
    metadata,
    _submission(),
    Column("media_id", String(80), nullable=False),
    Column("public", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("submission_id", "media_id"),
)

#: The staff's notes: they never leave the console.
submission_notes = Table(
    "submission_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    _submission(),
    Column("at", Float, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_submission_notes_submission", "submission_id", "id"),
    sqlite_autoincrement=True,
)

#: Who hears of a submission besides its author. ``via`` is the merged one they came with.
followers = Table(
    "followers",
    metadata,
    _submission(),
    Column("conversation", String(255), nullable=False),
    Column("via", Integer),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("submission_id", "conversation"),
    Index("ix_followers_conversation", "conversation"),
)

#: What somebody is to be told of an event. State: waiting, told, dropped.
submission_news = Table(
    "submission_news",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer, ForeignKey("submission_events.id"), nullable=False),
    _submission(),
    Column("conversation", String(255), nullable=False),
    Column("text_id", String(60), nullable=False),
    Column("telling", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("told_at", Float),
    UniqueConstraint("event_id", "conversation"),
    Index(
        "ix_submission_news_waiting", "created_at", sqlite_where=WAITING, postgresql_where=WAITING
    ),
    Index("ix_submission_news_told", "submission_id", "conversation", "told_at"),
    sqlite_autoincrement=True,
)

#: Scores of co-funding enquiries: one per person and criterion.
evaluations = Table(
    "evaluations",
    metadata,
    _submission(),
    Column("staff", String(80), nullable=False),
    Column("criterion", String(60), nullable=False),
    Column("score", Float, nullable=False),
    Column("comment", Text, nullable=False, server_default=""),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("submission_id", "staff", "criterion"),
)

#: Rounds in which residents rate initiatives. ``scale`` is stars or support.
rating_rounds = Table(
    "rating_rounds",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("municipality", String(40), nullable=False),
    Column("programme", String(60), nullable=False, server_default=""),
    Column("title", Text, nullable=False),
    Column("scale", String(10), nullable=False),
    Column("opens_at", Float, nullable=False),
    Column("closes_at", Float, nullable=False),
    Column("archived_at", Float),
)

#: What can be rated in a round: a published submission, or a project of the city.
initiatives = Table(
    "initiatives",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round", String(60), ForeignKey("rating_rounds.id"), nullable=False),
    Column("submission_id", Integer, ForeignKey("submissions.id")),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("image", String(255), nullable=False, server_default=""),
    UniqueConstraint("round", "submission_id"),
    sqlite_autoincrement=True,
)

#: One rating per person and initiative: the primary key says so.
ratings = Table(
    "ratings",
    metadata,
    Column("initiative", Integer, ForeignKey("initiatives.id"), nullable=False),
    Column("voter_key", String(64), nullable=False),
    Column("round", String(60), ForeignKey("rating_rounds.id"), nullable=False),
    Column("value", Integer, nullable=False),
    Column("tier", String(10), nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("initiative", "voter_key"),
    Index("ix_ratings_round", "round", "voter_key"),
)

#: Each rating and each taking back, for audits until the round is archived; only added to.
rating_log = Table(
    "rating_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round", String(60), ForeignKey("rating_rounds.id"), nullable=False),
    Column("initiative", Integer, nullable=False),
    Column("voter_key", String(64), nullable=False),
    Column("value", Integer),
    Column("tier", String(10), nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_rating_log_round", "round"),
    sqlite_autoincrement=True,
)

#: Who read which version of the notice about personal data, and when.
acknowledgements = Table(
    "acknowledgements",
    metadata,
    Column("conversation", String(255), nullable=False),
    Column("version", String(40), nullable=False),
    Column("language", String(10), nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("conversation", "version"),
)

#: Who wants to hear when a programme opens.
programme_reminders = Table(
    "programme_reminders",
    metadata,
    Column("conversation", String(255), nullable=False),
    Column("programme", String(60), nullable=False),
    Column("at", Float, nullable=False),
    Column("told_at", Float),
    PrimaryKeyConstraint("conversation", "programme"),
)

#: Proof that somebody's data was erased, without any of it: counts of rows by table.
erasures = Table(
    "erasures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("proof", String(20), nullable=False),
    Column("at", Float, nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("counts", Text, nullable=False),
    UniqueConstraint("proof"),
    sqlite_autoincrement=True,
)

#: Residents whose last messages are still under way while the rest of them is erased already.
#: What has a position up to this one goes as soon as it is settled.
erasing = Table(
    "erasing",
    metadata,
    Column("conversation", String(255), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("since", Float, nullable=False),
)

#: Hashes of the ids of messages that are gone, so that a platform's repetition is still known.
forgotten_messages = Table(
    "forgotten_messages",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("at", Float, nullable=False),
    Index("ix_forgotten_messages_at", "at"),
)

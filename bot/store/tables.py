"""The tables, as the newest migration leaves them.

Times are seconds since 1970 (UTC) as floating point numbers, the way Rasa keeps those of its
events; texts of one message are JSON in a text column, so that SQLite and PostgreSQL agree.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

#: Every constraint has a name, or migrations could not speak of it.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: What still waits for an answer or for sending. SQLite and PostgreSQL use a partial index only
#: for a query that says the same.
OPEN = text("state IN ('new', 'leased')")

#: What staff must look at.
ASIDE = text("state IN ('dead', 'held')")

#: One resident on one channel. ``last_position`` counts what was said by either side; taking the
#: next one locks the row, so that positions become visible in their order. ``heard_at`` is when the
#: resident last did something, ``unreachable`` why the platform delivers nothing to them,
#: ``has_held`` is 1 when something waits in the outbox for their next message.
conversations = Table(
    "conversations",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    Column("last_position", Integer, nullable=False),
    Column("language", String(10)),
    Column("on_hold", Integer, nullable=False, server_default="0"),
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("heard_at", Float),
    Column("unreachable", String(40)),
    Column("has_held", Integer, nullable=False, server_default="0"),
)

#: What residents said. State: new, leased, done, held (a person answers), dead (given up).
#: ``raw`` is the platform's own JSON until the event is done; ``rank`` orders events that arrive
#: within one hold window; events of one ``album`` get one answer. ``municipality`` is the town the
#: answer was for; None in rows that are older than the column.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    Column("ext_id", String(255), nullable=False),
    Column("conversation", String(255), ForeignKey("conversations.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Column("sent_at", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Float, nullable=False),
    Column("told_slow", Integer, nullable=False, server_default="0"),
    Column("lease_owner", String(64)),
    Column("lease_until", Float),
    Column("error", Text),
    Column("done_at", Float),
    Column("raw", Text),
    Column("rank", Float),
    Column("album", String(120)),
    Column("municipality", String(40)),
    UniqueConstraint("channel", "account", "ext_id"),
    Index("ix_inbox_conversation", "conversation", "position"),
    Index("ix_inbox_open", "conversation", "position", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_inbox_due", "not_before", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_inbox_aside", "state", sqlite_where=ASIDE, postgresql_where=ASIDE),
    sqlite_autoincrement=True,
)

#: What goes to residents. ``seq`` numbers the replies to one message, -1 is the sign of patience;
#: a notice answers no message and carries a key of its own instead. State: new, leased, done, dead
#: (given up), held (waits for the resident's next message; ``error`` says why). ``author`` is bot
#: or person.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    Column("conversation", String(255), ForeignKey("conversations.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("inbox_id", Integer, ForeignKey("inbox.id")),
    Column("seq", Integer, nullable=False),
    Column("notice_key", String(120)),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("created_at", Float, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Float, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", Float),
    Column("platform_id", String(255)),
    Column("error", Text),
    Column("done_at", Float),
    Column("author", String(10), nullable=False, server_default="bot"),
    UniqueConstraint("inbox_id", "seq"),
    UniqueConstraint("notice_key"),
    Index("ix_outbox_conversation", "conversation", "position"),
    Index("ix_outbox_open", "conversation", "position", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_outbox_due", "not_before", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_outbox_aside", "state", sqlite_where=ASIDE, postgresql_where=ASIDE),
    sqlite_autoincrement=True,
)

#: How an account of a channel fares. ``stopped`` says why nothing may be sent, as with a token that
#: is no longer valid; the ``owner`` alone fetches its events where only one process may.
channels = Table(
    "channels",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("paused_until", Float),
    Column("stopped", Text),
    Column("stopped_at", Float),
    Column("last_event_at", Float),
    Column("owner", String(64)),
    Column("owned_until", Float),
)

#: Rasa 3.6's ``SQLTrackerStore.SQLEvent``, column for column; only the index reads in order.
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), nullable=False),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
    Index("ix_events_sender_id", "sender_id", "id"),
)

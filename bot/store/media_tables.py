"""The tables of photos, and of what Messenger needs to be remembered beside its messages."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from bot.store.tables import metadata

#: A photo that a resident sent, re-encoded and kept under a name of its own. ``source`` names
#: the message it came with, so that it is kept once however often that is tried.
media = Table(
    "media",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation", String(255), ForeignKey("conversations.id"), nullable=False),
    Column("source", String(255), nullable=False),
    Column("content_type", String(40), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("conversation", "source"),
    Index("ix_media_created_at", "created_at"),
)

#: Conversations on Messenger in which the bot is silent for a while: ``why`` is routing (another
#: app has the conversation) or staff (a person answered in the page's inbox).
messenger_quiet = Table(
    "messenger_quiet",
    metadata,
    Column("conversation", String(255), ForeignKey("conversations.id"), primary_key=True),
    Column("since", Float, nullable=False),
    Column("until", Float),
    Column("why", String(10), nullable=False),
)

#: Messages of a reply that Messenger took, while the reply as a whole is not settled.
messenger_parts = Table(
    "messenger_parts",
    metadata,
    Column("outbox_id", Integer, ForeignKey("outbox.id"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("mid", String(255), nullable=False),
    Column("sent_at", Float, nullable=False),
)

#: Requests by Facebook to delete somebody's data: a proof without personal data.
deletion_requests = Table(
    "deletion_requests",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("person", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("person"),
)

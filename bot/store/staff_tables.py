"""The tables of the console: staff, their sessions, failed sign-ins, residents who wait."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from bot.store.tables import metadata

#: Whoever may sign in. ``municipality`` is None for those who see every town. ``enrolled_at`` is
#: None until they chose a password and confirmed their second factor; until then only the
#: one-time password opens the door, and only to that page. ``totp_salt`` makes the second factor's
#: secret together with the deployment's key, so that a copy of the database holds no secret.
staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("full_name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("municipality", String(40)),
    Column("password_hash", String(255)),
    Column("one_time_hash", String(64)),
    Column("one_time_until", Float),
    Column("totp_salt", String(64), nullable=False),
    Column("totp_step", Integer, nullable=False, server_default="0"),
    Column("recovery_hashes", Text, nullable=False, server_default="[]"),
    Column("enrolled_at", Float),
    Column("disabled_at", Float),
    Column("created_at", Float, nullable=False),
    Column("signed_in_at", Float),
    sqlite_autoincrement=True,
)

#: Open sessions, known by the hash of their token. Stage: code (the second factor is missing),
#: enrol (a password and a second factor are still to be chosen), full.
staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", Integer, ForeignKey("staff.id"), nullable=False),
    Column("stage", String(10), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Index("ix_staff_sessions_staff_id", "staff_id"),
)

#: Failed sign-ins by what they are counted for: a hash of the name, or of the address.
sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_sign_in_failures_key", "key", "at"),
)

#: A resident who asked for a person, until somebody ends it. Nobody waits twice at a time.
STILL_OPEN = text("ended_at IS NULL")
waiting = Table(
    "waiting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", String(255), ForeignKey("conversations.id"), nullable=False),
    Column("municipality", String(40), nullable=False),
    Column("asked_at", Float, nullable=False),
    Column("taken_by", Integer, ForeignKey("staff.id")),
    Column("taken_at", Float),
    Column("ended_at", Float),
    Index(
        "uq_waiting_open",
        "conversation",
        unique=True,
        sqlite_where=STILL_OPEN,
        postgresql_where=STILL_OPEN,
    ),
    sqlite_autoincrement=True,
)

"""Fresh databases for tests: a SQLite file, or a schema of its own on a real PostgreSQL."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import create_engine, text

POSTGRES_URL = os.environ.get(
    "CBOT_TEST_POSTGRES_URL", "postgresql://root@/test?host=/var/run/postgresql"
)
KINDS = ("sqlite", "postgresql")


@contextmanager
def fresh_url(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database, which is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'cbot.sqlite'}"
        return
    schema = f"test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(POSTGRES_URL, future=True)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    mark = "&" if "?" in POSTGRES_URL else "?"
    try:
        yield f"{POSTGRES_URL}{mark}options={quote(f'-csearch_path={schema}')}"
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()

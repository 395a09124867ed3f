"""Photos that residents sent: their rows. The files lie where :mod:`connectors.media` put them.

Every function runs inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.store.media_tables import media
from bot.store.participation_tables import submission_photos


@dataclass(frozen=True)
class Photo:
    """A photo that is kept; its file's name follows from the id."""

    id: str
    conversation: str
    source: str
    content_type: str
    width: int
    height: int
    bytes: int
    sha256: str
    created_at: float

    @property
    def path(self) -> str:
        """Where its file lies below the folder of photos."""
        return f"{self.id[:2]}/{self.id}.jpg"


def add(connection: Connection, photo: Photo) -> str:
    """Note a photo; give the id of the one kept, an earlier one of the same source if any."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(media).values(**asdict(photo)).on_conflict_do_nothing()
    connection.execute(statement)
    kept = find_source(connection, photo.conversation, photo.source)
    return kept.id if kept is not None else photo.id


def find(connection: Connection, id: str) -> Photo | None:
    """Give a photo by its id."""
    row = connection.execute(select(media).where(media.c.id == id)).first()
    return Photo(**row._mapping) if row is not None else None


def find_source(connection: Connection, conversation: str, source: str) -> Photo | None:
    """Give the photo that came with a message."""
    row = connection.execute(
        select(media).where(media.c.conversation == conversation, media.c.source == source)
    ).first()
    return Photo(**row._mapping) if row is not None else None


def kept_since(connection: Connection, conversation: str, since: float) -> tuple[int, int]:
    """Give how many photos of a resident were kept since a time, and their bytes."""
    row = connection.execute(
        select(func.count(), func.coalesce(func.sum(media.c.bytes), 0)).where(
            media.c.conversation == conversation, media.c.created_at >= since
        )
    ).one()
    return int(row[0]), int(row[1])


def forget(connection: Connection, conversation: str, ids: Collection[str]) -> list[Photo]:
    """Forget a resident's photos that belong to no submission; the caller deletes their files."""
    handed_in = select(submission_photos.c.media_id).where(
        submission_photos.c.media_id == media.c.id
    )
    rows = connection.execute(
        select(media).where(
            media.c.conversation == conversation, media.c.id.in_(list(ids)), ~handed_in.exists()
        )
    ).all()
    connection.execute(delete(media).where(media.c.id.in_([row.id for row in rows])))
    return [Photo(**row._mapping) for row in rows]


def of_conversation(connection: Connection, conversation: str) -> list[Photo]:
    """List a resident's photos, oldest first."""
    rows = connection.execute(
        select(media).where(media.c.conversation == conversation).order_by(media.c.created_at)
    )
    return [Photo(**row._mapping) for row in rows]

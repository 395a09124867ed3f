"""Photos that residents send: fetched or sent along, made safe, kept under names of our own.

Files lie in ``var/media``, by the first letters of their names; the rows are in
:mod:`bot.store.media`. A message's photo is kept once, however often the message is tried.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from bot.core.errors import BotError
from bot.settings import Settings
from bot.store import media
from bot.store.database import Database
from bot.store.media import Photo
from connectors import pictures
from connectors.fetching import META_HOSTS, TELEGRAM_HOSTS, Fetcher, FetchRefused
from connectors.pictures import Picture, PictureRefused

#: What one resident may have kept within a day.
MOST_A_DAY = 40
MOST_BYTES_A_DAY = 60_000_000
DAY = 86_400.0
#: Decoding takes much memory: so many at once.
AT_ONCE = 2


class PhotoRefused(BotError):
    """The photo will never be kept; ``reason`` is a word for it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Media:
    """Keeps photos in ``folder``."""

    def __init__(self, database: Database, folder: Path, fetcher: Fetcher) -> None:
        self._database = database
        self._folder = folder
        self._fetcher = fetcher
        self._decoding = asyncio.Semaphore(AT_ONCE)

    async def keep(self, conversation: str, source: str, url: str) -> str:
        """Fetch and keep a photo; give its id.

        Args:
            conversation: exists already.
            source: names message and place in it; the same again gives the same photo.

        Raises:
            PhotoRefused: it will never be kept.
            FetchFailed: try again later.
        """
        return await self._keep(conversation, source, lambda: self._fetcher.fetch(url))

    async def keep_sent(self, conversation: str, source: str, content: bytes) -> str:
        """Keep a photo that came with the message itself; otherwise as :meth:`keep`.

        Raises:
            PhotoRefused: it will never be kept.
        """

        async def sent() -> bytes:
            return content

        return await self._keep(conversation, source, sent)

    def path_of(self, photo: Photo) -> Path:
        """Give where a photo's file lies."""
        return self._folder / photo.path

    async def _keep(
        self, conversation: str, source: str, bring: Callable[[], Awaitable[bytes]]
    ) -> str:
        kept = await self._database.read(media.find_source, conversation, source)
        if kept is not None:
            return kept.id
        await self._check_quota(conversation)
        try:
            content = await bring()
            async with self._decoding:
                picture = await asyncio.to_thread(pictures.safe, content)
        except (FetchRefused, PictureRefused) as error:
            raise PhotoRefused(error.reason, str(error)) from None
        photo = _photo(picture, conversation, source)
        await asyncio.to_thread(_write, self.path_of(photo), picture.content)
        id = await self._database.run(media.add, photo)
        if id != photo.id:
            # Somebody else kept it meanwhile.
            await asyncio.to_thread(erase, self._folder, [photo])
        return id

    async def _check_quota(self, conversation: str) -> None:
        since = time.time() - DAY
        count, size = await self._database.read(media.kept_since, conversation, since)
        if count >= MOST_A_DAY or size >= MOST_BYTES_A_DAY:
            raise PhotoRefused("quota", "the resident sent as many photos as one may in a day")

    async def close(self) -> None:
        """Close the connections."""
        await self._fetcher.close()


def open_media(settings: Settings, database: Database) -> Media:
    """Make the keeper of photos that the settings describe."""
    own = []
    if settings.telegram is not None:
        own.append(settings.telegram.api_url)
    if settings.messenger is not None:
        own.append(settings.messenger.graph_url)
    fetcher = Fetcher((*META_HOSTS, *TELEGRAM_HOSTS), own)
    return Media(database, settings.var / "media", fetcher)


def _photo(picture: Picture, conversation: str, source: str) -> Photo:
    return Photo(
        id=secrets.token_hex(16),
        conversation=conversation,
        source=source,
        content_type=pictures.CONTENT_TYPE,
        width=picture.width,
        height=picture.height,
        bytes=len(picture.content),
        sha256=hashlib.sha256(picture.content).hexdigest(),
        created_at=time.time(),
    )


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, and that nobody can run."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    draft = path.with_suffix(".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def erase(folder: Path, photos: Iterable[Photo]) -> None:
    """Delete the files of photos; those that are gone already are no matter."""
    for photo in photos:
        (folder / photo.path).unlink(missing_ok=True)

"""Photos of the web page, under ``/chat/photos``: taken in, and shown again to who sent them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.store import conversations, inbox, media
from bot.store.database import Database
from bot.store.inbox import Event
from connectors.bodies import Refused, read_body
from connectors.fetching import MOST_BYTES
from connectors.inbox import InboxWorker
from connectors.media import Media, PhotoRefused
from connectors.metrics import Metrics
from connectors.web_guard import Guard, conversation_of
from connectors.web_items import checked_id, event, line_of_event
from connectors.web_stream import Streams

#: A telephone far from the next mast is slow; seconds.
READ_SECONDS = 90.0
#: Bytes of all photos that are on their way or waiting, in this process.
MOST_ARRIVING = 80_000_000
#: Photos that are being opened or wait for it, in this process. Each takes about a second, and
#: those of the other channels wait in the same line.
MOST_OPENING = 8

#: Why a photo is not kept, in words; the rest are broken in one way or another.
_WHY = {
    "no_picture": (415, "no_picture", "Send a photo as JPEG, PNG, WebP or GIF."),
    "too_many_pixels": (413, "too_many_pixels", "The picture has too many pixels."),
    "quota": (403, "quota", "That was enough photos for one day."),
}
_BROKEN = (415, "broken", "The picture cannot be opened.")

#: What :mod:`connectors.media` names photos; a database may not even take anything else.
_ID = re.compile(r"[0-9a-f]{32}\Z")
#: The browser asks each time whether the photo is still there, and nobody else keeps it.
_OWN = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class WebPhotos:
    """Takes the photos of residents and gives each back to its own sender alone."""

    def __init__(
        self,
        database: Database,
        worker: InboxWorker,
        streams: Streams,
        keeper: Media,
        guard: Guard,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._worker = worker
        self._streams = streams
        self._media = keeper
        self._guard = guard
        self._metrics = metrics
        self._arriving = 0
        self._opening: set[str] = set()

    def routes(self) -> list[Route]:
        """Give the routes, to be mounted at ``/chat``."""
        return [
            Route("/photos", self.take, methods=["POST"]),
            Route("/photos/{id}", self.show, methods=["GET"]),
        ]

    async def take(self, request: Request) -> Response:
        """Keep a photo and store it as a message; the answer comes by the stream.

        The body is the picture, the query has the message's ``id`` and ``locale``.
        """
        conversation = self._guard.writer(request)
        # Like JSON, no form of another site can send this type without being asked about first.
        if not request.headers.get("content-type", "").lower().startswith("image/"):
            raise Refused(415, "no_picture", "Send Content-Type: image/….")
        id = checked_id(request.query_params.get("id"))
        size = 0

        def heard(count: int) -> None:
            nonlocal size
            if self._arriving + count > MOST_ARRIVING:
                # Its room is free at once, or all that arrive at this moment would be refused.
                self._arriving, size = self._arriving - size, 0
                raise _busy()
            self._arriving, size = self._arriving + count, size + count

        try:
            content = await read_body(request, MOST_BYTES, READ_SECONDS, heard)
            with self._open(conversation):
                locale = request.query_params.get("locale")
                await self._keep(conversation, id, locale, content)
        finally:
            self._arriving -= size
        return JSONResponse({"id": id}, status_code=202, headers={"Cache-Control": "no-store"})

    @contextmanager
    def _open(self, conversation: str) -> Iterator[None]:
        """Let few photos be opened at a time, and one of a resident."""
        if conversation in self._opening:
            raise Refused(429, "too_many", "One photo after the other.", retry_after=1)
        if len(self._opening) >= MOST_OPENING:
            raise _busy()
        self._opening.add(conversation)
        try:
            yield
        finally:
            self._opening.discard(conversation)

    async def _keep(self, conversation: str, id: str, locale: str | None, content: bytes) -> None:
        now = time.time()

        def begin(connection: Connection) -> bool:
            # The photo's row needs the conversation's, which a first message makes.
            conversations.take(connection, conversation, "web", conversation, 0, now)
            return inbox.known(connection, "web", conversation, id)

        if await self._database.run(begin):
            return
        try:
            photo = await self._media.keep_sent(conversation, f"web:{id}", content)
        except PhotoRefused as error:
            raise Refused(*_WHY.get(error.reason, _BROKEN)) from None
        attachment = {"type": "image", "media_id": photo}
        sent = event(id, conversation, "attachment", {"attachment": attachment}, locale, now)
        await self._store(sent, now)

    async def _store(self, sent: Event, now: float) -> None:
        added = await self._worker.accept(sent)
        if added.new:
            self._streams.push(line_of_event(sent, added, now))
            self._metrics.messages.add()

    async def show(self, request: Request) -> Response:
        """Give a photo to who sent it; for everybody else there is none."""
        conversation = conversation_of(request)
        id = request.path_params["id"]
        photo = await self._database.read(media.find, id) if _ID.match(id) else None
        if photo is None or photo.conversation != conversation:
            raise HTTPException(404)
        path = self._media.path_of(photo)
        if not path.is_file():
            raise HTTPException(404)
        headers = {**_OWN, "ETag": f'"{photo.sha256[:32]}"'}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return FileResponse(path, media_type=photo.content_type, headers=headers)


def _busy() -> Refused:
    return Refused(503, "busy", "Many photos are arriving just now.", retry_after=5)

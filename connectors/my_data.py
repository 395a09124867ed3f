"""`/my-data/<token>`: what is held on a resident, as the file they asked for in the chat."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core import data_links
from bot.store import journal, personal_data
from bot.store.database import Database
from bot.store.salts import Salts

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Disposition": 'attachment; filename="c-bot-my-data.json"',
    "Referrer-Policy": "no-referrer",
}


class MyDataFile:
    """Gives the file out to who holds a link that the bot made a few minutes ago."""

    def __init__(self, database: Database, var: Path, secret: str) -> None:
        self._database = database
        self._salts = Salts(var)
        self._secret = secret

    def routes(self) -> list[BaseRoute]:
        """Give the route."""
        return [Route("/my-data/{token}", self.file, methods=["GET"])]

    async def file(self, request: Request) -> Response:
        """Answer with the file; 404 for a link that is not ours or has ended."""
        now = time.time()
        conversation = data_links.read(self._secret, request.path_params["token"], now)
        if conversation is None:
            return Response("This link has ended; ask for it again in the chat.", 404)

        def work(connection: Connection) -> bytes:
            found = personal_data.collect(connection, conversation, self._salts, now)
            journal.write(connection, "resident", "data.fetch", conversation, now=now)
            return personal_data.as_file(found)

        content = await self._database.run(work)
        return Response(content, media_type="application/json", headers=_HEADERS)

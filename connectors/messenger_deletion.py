"""Facebook's callback that asks to delete somebody's data, and the page that tells its state.

Facebook names the person by an id of its own that is not the one of the conversations, so nothing
can be matched; the page says so honestly and tells how to have everything deleted.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import secrets
import time
from datetime import datetime
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.clock import GEORGIA
from bot.settings import MessengerSettings
from bot.store import deletions
from bot.store.database import Database
from connectors import meta_signature
from connectors.bodies import Refused, read_body
from connectors.words import Words

_NO_STORE = {"Cache-Control": "no-store"}
#: The languages of the page, one under the other.
LANGUAGES = ("ka", "en")
#: The most bytes of a request.
MOST_BYTES = 20_000


class Deletion:
    """The callback and its page."""

    def __init__(
        self,
        settings: MessengerSettings,
        database: Database,
        words: Words,
        secret: str,
        public_url: str,
    ) -> None:
        self._settings = settings
        self._database = database
        self._words = words
        self._secret = secret
        self._public_url = public_url.rstrip("/")

    def routes(self) -> list[BaseRoute]:
        """Give the routes."""
        return [
            Route("/webhooks/messenger/data-deletion", self.ask, methods=["POST"]),
            Route("/data-deletion/{code}", self.page, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Take a request; give the address of its page and its code."""
        body = await read_body(request, MOST_BYTES)
        try:
            form = parse_qs(body.decode("ascii"), max_num_fields=20)
        except ValueError:
            form = {}
        given = (form.get("signed_request") or [""])[0]
        data = meta_signature.read_signed_request(self._settings.app_secret.valid(), given)
        if data is None:
            raise Refused(403, "wrong_signature", "The request is not signed with the app secret.")
        code = await self._database.run(
            deletions.ask,
            secrets.token_hex(8),
            self._hash(str(data.get("user_id") or "")),
            time.time(),
        )
        return JSONResponse(
            {"url": f"{self._public_url}/data-deletion/{code}", "confirmation_code": code},
            headers=_NO_STORE,
        )

    def _hash(self, person: str) -> str:
        """Give what tells a person's requests from others' but not who asked."""
        return hmac.new(self._secret.encode(), person.encode(), hashlib.sha256).hexdigest()

    async def page(self, request: Request) -> Response:
        """Show the state of a request in plain words."""
        code = str(request.path_params["code"])
        found = await self._database.read(deletions.state, code)
        if found is None:
            return self._html("deletion_unknown", {}, 404)
        _state, at = found
        day = datetime.fromtimestamp(at, GEORGIA).strftime("%d.%m.%Y")
        return self._html("deletion_unmatched", {"code": code, "date": day}, 200)

    def _html(self, text_id: str, values: dict[str, str], status: int) -> Response:
        parts = []
        for language in LANGUAGES:
            words = self._words.reply(text_id, language, **values).text
            lines = "<br>".join(html.escape(line) for line in words.splitlines())
            parts.append(f'<p lang="{language}">{lines}</p>')
        page = (
            '<!doctype html><html lang="ka"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>C-Bot</title>{''.join(parts)}</html>"
        )
        return HTMLResponse(page, status, _NO_STORE)

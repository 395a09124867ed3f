"""The web page's files: everything under `connectors/static`."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).with_name("static")

#: The machine's own table of types may lack these or have them wrong.
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}

#: Fonts never change under their names; the rest is asked for again and answered 304.
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        lasting = path.endswith(".woff2")
        response.headers["Cache-Control"] = _FOREVER if lasting else _ASK_AGAIN
        return response


async def _page(_request: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": _ASK_AGAIN})


def pages() -> list[BaseRoute]:
    """Give the routes of the page and its files."""
    for suffix, kind in _TYPES.items():
        mimetypes.add_type(kind, suffix)
    return [
        Route("/", _page, methods=["GET"]),
        Mount("/static", _Files(directory=STATIC), name="static"),
    ]

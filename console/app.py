"""The staff's console: one ASGI application on loopback, pages made by the server."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.settings import KEEP_SECONDS, ROOT, Settings
from bot.store.database import open_database
from bot.store.errors import StoreUnavailable
from console.guard import routes
from console.headers import HEADERS, SecurityHeaders
from console.pages import (
    account,
    emergency,
    journal,
    knowledge,
    misses,
    numbers,
    people,
    people_waiting,
    rounds,
    sign_in,
    status,
    submission,
    submissions,
    today,
    training,
)
from console.site import HERE, Site
from console.visit import show

log = logging.getLogger(__name__)

#: Every page behind the guard; the tests walk through them role by role.
PAGES = [
    *sign_in.PAGES,
    *account.PAGES,
    *today.PAGES,
    *submissions.PAGES,
    *submission.PAGES,
    *people_waiting.PAGES,
    *rounds.PAGES,
    *misses.PAGES,
    *training.PAGES,
    *knowledge.PAGES,
    *numbers.PAGES,
    *people.PAGES,
    *journal.PAGES,
    *emergency.PAGES,
]
#: The font is the one of the residents' chat page.
_FONTS = ROOT / "connectors" / "static" / "fonts"


def create_app(site: Site) -> Starlette:
    """Give the ASGI application."""

    async def failed(request: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else 503
        known = code if code in (403, 404, 405, 413, 503) else 400
        return show(site, request, "error.html", {"code": known}, code)

    async def broken(request: Request, _error: Exception) -> Response:
        # This is said outside of the middleware, which would add the headers.
        response = show(site, request, "error.html", {"code": 500}, 500)
        response.headers.update({**HEADERS, "Cache-Control": "no-store"})
        return response

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        site.trials.close()
        site.database.close()

    return Starlette(
        routes=[
            *sign_in.Door(site).routes(),
            *status.StatusPage(site).routes(),
            *routes(site, PAGES),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            Mount("/fonts", StaticFiles(directory=_FONTS)),
        ],
        exception_handlers={HTTPException: failed, StoreUnavailable: failed, Exception: broken},
        middleware=[Middleware(SecurityHeaders, secure=site.secure)],
        lifespan=lifespan,
    )


def make_server(settings: Settings) -> uvicorn.Server:
    """Make the server on loopback; its ``run`` serves until the process is told to stop.

    Raises:
        StoreUnavailable: when the database cannot be opened.
    """
    config = uvicorn.Config(
        create_app(Site(settings, open_database(settings.database_url))),
        host="127.0.0.1",
        port=settings.console_port,
        ws="none",
        access_log=False,
        log_config=None,
        timeout_keep_alive=KEEP_SECONDS,
    )
    return uvicorn.Server(config)


def run(settings: Settings) -> None:
    """Serve on loopback until the process is told to stop.

    Raises:
        StoreUnavailable: when the database cannot be opened.
    """
    make_server(settings).run()

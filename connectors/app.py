"""The public server: the web page with its chat, and what machines ask."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot.settings import KEEP_SECONDS, Settings
from connectors.pages import pages
from connectors.responses import HANDLERS, SecurityHeaders
from connectors.service import Service, Timing

#: After SIGTERM, open connections get so many seconds.
CLOSE_SECONDS = 2


def create_app(settings: Settings, timing: Timing | None = None) -> Starlette:
    """Make the application; its workers run while it does (ASGI lifespan).

    Raises:
        MissingError: when the database or the knowledge is not there.
        InputError: when the knowledge has mistakes.
    """
    service = Service(settings, timing)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await service.start()
        try:
            yield
        finally:
            await service.stop()

    app = Starlette(
        routes=[*service.routes(), *pages()],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
    app.state.service = service
    return app


class _Server(uvicorn.Server):
    """Ends the open streams first, or a shutdown would wait for them."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.streams.close()
        await super().shutdown(sockets)


def make_server(
    settings: Settings,
    timing: Timing | None = None,
    host: str = "0.0.0.0",  # noqa: S104
) -> uvicorn.Server:
    """Make the server on ``settings.connectors_port``; its ``run`` serves until SIGTERM."""
    app = create_app(settings, timing)
    config = uvicorn.Config(
        app,
        host=host,
        port=settings.connectors_port,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEEP_SECONDS,
        timeout_graceful_shutdown=CLOSE_SECONDS,
    )
    return _Server(config, app.state.service)


def run(settings: Settings) -> None:
    """Serve residents until the process is told to end.

    Raises:
        MissingError: when the database or the knowledge is not there.
        InputError: when the knowledge has mistakes.
    """
    make_server(settings).run()

"""The staff's page on loopback: is the bot answering, what waits, what is wrong.

It reads what the engine and the connectors tell about themselves and holds no personal data.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import uvicorn
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.settings import Settings

_HERE = Path(__file__).parent
_TIMEOUT = 3.0
LANGUAGES = ("ka", "en")


class StatusPage:
    """The page ``/``, in Georgian or English (``?language=en``)."""

    def __init__(self, settings: Settings) -> None:
        """Take the addresses of the other processes."""
        self._engine = f"{settings.engine_urls[0]}/readyz"
        self._connectors = f"http://127.0.0.1:{settings.connectors_port}/readyz"
        self._templates = Jinja2Templates(directory=_HERE / "templates")
        self._texts = yaml.safe_load((_HERE / "texts.yml").read_text(encoding="utf-8"))

    async def show(self, request: Request) -> Response:
        """Ask both processes and show their state."""
        async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
            engine, connectors = await asyncio.gather(
                _ask(client, self._engine), _ask(client, self._connectors)
            )
        asked = request.query_params.get("language", "")
        language = asked if asked in LANGUAGES else LANGUAGES[0]
        return self._templates.TemplateResponse(
            request,
            "status.html",
            {
                "t": self._texts[language],
                "language": language,
                "engine": engine,
                "connectors": connectors,
            },
            headers={
                "Cache-Control": "no-store",
                "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
                "X-Content-Type-Options": "nosniff",
            },
        )


async def _ask(client: httpx.AsyncClient, url: str) -> dict[str, Any] | None:
    """Give what a process tells about itself, None when it does not answer."""
    try:
        answer = await client.get(url)
        told = answer.json()
    except (httpx.HTTPError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def create_app(settings: Settings) -> Starlette:
    """Give the ASGI application."""
    return Starlette(
        routes=[
            Route("/", StatusPage(settings).show, methods=["GET"]),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ]
    )


def run(settings: Settings) -> None:
    """Serve on loopback until the process is told to stop."""
    config = uvicorn.Config(
        create_app(settings),
        host="127.0.0.1",
        port=settings.console_port,
        ws="none",
        access_log=False,
        log_config=None,
    )
    uvicorn.Server(config).run()

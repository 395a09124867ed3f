"""How the parts are doing: is the bot answering, what waits, what is wrong.

It reads what the engine and the connectors tell about themselves and holds no personal data.
The operator on this machine sees it without signing in: before anybody can.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.store import staff
from console.guard import signed_in
from console.site import Site
from console.visit import show

_TIMEOUT = 3.0
_LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Health:
    """What both processes tell; None for one that does not answer."""

    engine: dict[str, Any] | None
    connectors: dict[str, Any] | None


async def health(site: Site) -> Health:
    """Ask both processes for their state."""
    settings = site.settings
    async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
        engine, connectors = await asyncio.gather(
            _engine(client, settings.engine_urls),
            _ask(client, f"http://127.0.0.1:{settings.connectors_port}/readyz"),
        )
    return Health(engine, connectors)


async def _engine(client: httpx.AsyncClient, urls: Sequence[str]) -> dict[str, Any] | None:
    """Give what the engine tells that is ready: after a publishing it has another address."""
    told = await asyncio.gather(*(_ask(client, f"{url}/readyz") for url in urls))
    found = [one for one in told if one is not None]
    return max(found, key=lambda one: bool(one.get("ready")), default=None)


async def _ask(client: httpx.AsyncClient, url: str) -> dict[str, Any] | None:
    try:
        answer = await client.get(url)
        told = answer.json()
    except (httpx.HTTPError, ValueError):
        return None
    return told if isinstance(told, dict) else None


@dataclass(frozen=True)
class StatusPage:
    """The page ``/status``."""

    site: Site

    def routes(self) -> list[Route]:
        """Give the route."""
        return [Route("/status", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """Show the state to the operator on this machine, and to staff."""
        who = await signed_in(self.site, request)
        if not is_local(request) and (who is None or who[1].stage != "full"):
            return RedirectResponse("/sign-in?next=/status", status_code=303)
        told = await health(self.site)
        values = {
            "engine": told.engine,
            "connectors": told.connectors,
            "nobody": await self.site.database.read(_nobody),
        }
        return show(self.site, request, "status.html", values)


def _nobody(connection: Connection) -> bool:
    return not staff.everybody(connection)


def is_local(request: Request) -> bool:
    """Tell whether somebody at this very machine asks, and not a proxy for somebody else."""
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    if request.client is None or "x-forwarded-for" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback and host in _LOCAL_NAMES
    except ValueError:
        return False

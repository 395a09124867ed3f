"""The first page: what waits."""

from __future__ import annotations

from starlette.responses import Response

from console.guard import Page
from console.visit import Visit


async def today(visit: Visit) -> Response:
    """Show what waits."""
    return visit.page("today.html")


PAGES = [Page("/", today)]

"""The chart of a closed round of ratings: ``GET /charts/<round>.png``.

Bars carry the numbers of the text beside them, so that one picture serves every language. Nothing
is drawn before the round has closed, and of an initiative with few ratings only an empty bar.
"""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.ratings import Result, Scale
from bot.core.submissions.guards import Refused
from bot.store import ratings
from bot.store.database import Database

_WIDTH, _ROW, _MARGIN = 900, 56, 24
_BAR_LEFT, _BAR_RIGHT = 80, 760
#: At most so many are drawn; the text tells of all.
_MOST = 20
_INK, _BAR, _EMPTY, _PAPER = "#1d2733", "#2f6f9f", "#e3e8ee", "#ffffff"


class Charts:
    """Draws the results of rounds that are over."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def routes(self) -> list[Route]:
        """Give the route."""
        return [Route("/charts/{round:str}.png", self.chart, methods=["GET"])]

    async def chart(self, request: Request) -> Response:
        """Handle ``GET /charts/<round>.png``."""
        id = request.path_params["round"]
        found = await self._database.read(ratings.find_round, id)
        if found is None:
            raise HTTPException(404)
        try:
            results = await self._database.read(ratings.results, id, time.time())
        except Refused:
            raise HTTPException(404) from None
        content = await asyncio.to_thread(draw, results, found.scale)
        headers = {"Cache-Control": "public, max-age=3600"}
        return Response(content, media_type="image/png", headers=headers)


def draw(results: Sequence[Result], scale: Scale) -> bytes:
    """Draw the results, best first, as a PNG."""
    shown = results[:_MOST]
    image = Image.new("RGB", (_WIDTH, 2 * _MARGIN + _ROW * max(1, len(shown))), _PAPER)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=26)
    longest = _longest(shown, scale)
    for row, item in enumerate(shown):
        top = _MARGIN + row * _ROW
        pen.text((_MARGIN, top + 8), f"{row + 1}.", fill=_INK, font=font)
        pen.rectangle((_BAR_LEFT, top + 6, _BAR_RIGHT, top + _ROW - 12), fill=_EMPTY)
        if item.total is None:
            continue
        value = item.total.mean if scale is Scale.STARS else item.total.count
        right = _BAR_LEFT + round((_BAR_RIGHT - _BAR_LEFT) * value / longest)
        pen.rectangle((_BAR_LEFT, top + 6, right, top + _ROW - 12), fill=_BAR)
        words = f"{value:.1f} ({item.total.count})" if scale is Scale.STARS else str(value)
        pen.text((_BAR_RIGHT + 12, top + 8), words, fill=_INK, font=font)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _longest(results: Sequence[Result], scale: Scale) -> float:
    if scale is Scale.STARS:
        return float(max(scale.values))
    return float(max((item.total.count for item in results if item.total), default=1))

"""`/charts/<round>.png`: the results of a closed round of ratings as a picture."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core.knowledge_folder import Loaded
from bot.core.languages import DEFAULT, LANGUAGES, pick
from bot.core.ratings import Result, Scale
from bot.core.submissions.guards import Refused
from bot.store import ratings
from bot.store.database import Database
from bot.store.ratings import Round
from connectors import rating_chart
from connectors.rating_chart import Bar

#: Pictures that are kept: results of a closed round hardly change.
MOST_KEPT = 50
KEPT_SECONDS = 600.0


class Charts:
    """Draws results, each picture once for a while."""

    def __init__(
        self, database: Database, knowledge: Callable[[], Loaded], municipality: str
    ) -> None:
        self._database = database
        self._knowledge = knowledge
        self._municipality = municipality
        self._kept: dict[tuple[str, str], tuple[float, bytes]] = {}

    def routes(self) -> list[BaseRoute]:
        """Give the route."""
        return [Route("/charts/{round}.png", self.chart, methods=["GET"])]

    async def chart(self, request: Request) -> Response:
        """Answer with the picture; 404 for a round that is unknown or still open."""
        language = request.query_params.get("language", DEFAULT)
        key = (request.path_params["round"], language if language in LANGUAGES else DEFAULT)
        kept = self._kept.get(key)
        if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
            picture = await self.picture(*key)
            if picture is None:
                return Response(status_code=404)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[key] = (time.monotonic(), picture)
        headers = {"Cache-Control": f"public, max-age={int(KEPT_SECONDS)}"}
        return Response(kept[1], media_type="image/png", headers=headers)

    async def picture(self, round_id: str, language: str) -> bytes | None:
        """Draw a round; None when it is unknown or still open."""
        found = await self._database.read(ratings.find_round, round_id)
        if found is None or found.municipality != self._municipality:
            return None
        try:
            results = await self._database.read(ratings.results, round_id, time.time())
        except Refused:
            return None
        texts = self._knowledge().texts
        title = texts.text(
            "ratings_result_title", language, round=pick(found.title, language) or found.id
        )
        note = texts.text("ratings_result_advisory", language)
        bars = as_bars(found, results, language)
        longest = _longest(found, results)
        return await asyncio.to_thread(rating_chart.draw, title, note, bars, longest)


def as_bars(found: Round, results: Sequence[Result], language: str) -> list[Bar]:
    """Give a bar for each initiative that has enough ratings."""
    bars = []
    for item in results:
        if item.total is None:
            continue
        count, mean = item.total.count, item.total.mean
        stars = found.scale is Scale.STARS
        words = f"{mean:.1f} ({count})" if stars else str(count)
        bars.append(Bar(pick(item.title, language) or "", mean if stars else count, words))
    return bars


def _longest(found: Round, results: Sequence[Result]) -> float:
    if found.scale is Scale.STARS:
        return float(max(found.scale.values))
    return float(max((item.total.count for item in results if item.total), default=1))

"""The read side of Open311 GeoReport v2, off unless ``CBOT_OPEN311=1``.

``/open311/v2/services.json|xml``, ``/requests.json|xml`` and ``/requests/<code>.json|xml``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core import open311
from bot.core.knowledge_folder import Loaded
from bot.core.languages import DEFAULT, LANGUAGES
from bot.core.submissions import codes
from bot.core.submissions.guards import DAY
from bot.store import open_data
from bot.store.database import Database
from bot.store.open_data import Chosen

#: Without dates, requests of the last days are given; the standard says so.
USUAL_DAYS = 90
PAGE = 50
MOST_A_PAGE = 200
#: The kinds that are services; money is asked for elsewhere.
KINDS = ("problem", "idea")


class _Wrong(Exception):
    """The question cannot be answered; the text says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Open311:
    """Answers the standard's questions from the open data alone."""

    def __init__(
        self, database: Database, knowledge: Callable[[], Loaded], municipality: str
    ) -> None:
        self._database = database
        self._knowledge = knowledge
        self._municipality = municipality

    def routes(self) -> list[BaseRoute]:
        """Give the routes."""
        base = "/open311/v2"
        return [
            Route(f"{base}/services.{{format}}", self.services, methods=["GET"]),
            Route(f"{base}/requests.{{format}}", self.requests, methods=["GET"]),
            Route(f"{base}/requests/{{code}}.{{format}}", self.request, methods=["GET"]),
        ]

    async def services(self, request: Request) -> Response:
        """List what can be reported."""
        return await self._answer(request, "services", "service", self._services)

    async def requests(self, request: Request) -> Response:
        """List submissions."""
        return await self._answer(request, "service_requests", "request", self._requests)

    async def request(self, request: Request) -> Response:
        """Give one submission."""
        return await self._answer(request, "service_requests", "request", self._request)

    async def _answer(
        self, request: Request, plural: str, singular: str, find: Callable[[Request], Any]
    ) -> Response:
        xml = request.path_params["format"] == "xml"
        try:
            if request.path_params["format"] not in ("json", "xml"):
                raise _Wrong(404, "only .json and .xml are there")
            jurisdiction = request.query_params.get("jurisdiction_id", self._municipality)
            if jurisdiction != self._municipality:
                raise _Wrong(404, f"jurisdiction_id is {self._municipality}")
            items, status = await find(request), 200
        except _Wrong as wrong:
            items, status = [{"code": wrong.status, "description": str(wrong)}], wrong.status
            plural, singular = "errors", "error"
        if xml:
            content = open311.as_xml(items, plural, singular)
            return Response(content, status, media_type="application/xml")
        content = json.dumps(items, ensure_ascii=False).encode()
        return Response(content, status, media_type="application/json")

    async def _services(self, request: Request) -> list[dict[str, Any]]:
        language = _language(request)
        loaded = self._knowledge()
        kinds = {kind: loaded.texts.kind(kind, language) for kind in KINDS}
        return open311.services(loaded.categories, kinds, language)

    async def _requests(self, request: Request) -> list[open311.Item]:
        asked = request.query_params
        now = time.time()
        since, until = _moment(asked.get("start_date")), _moment(asked.get("end_date"))
        chosen = Chosen(self._municipality, kinds=KINDS, since=since, until=until)
        if asked.get("service_request_id"):
            chosen = replace(chosen, codes=_codes(asked["service_request_id"]))
        elif since is None:
            chosen = replace(chosen, since=(until or now) - USUAL_DAYS * DAY)
        if asked.get("service_code"):
            kind, _, category = asked["service_code"].partition(".")
            chosen = replace(chosen, kinds=[kind] if kind in KINDS else [], category=category)
        if asked.get("status"):
            if asked["status"] not in ("open", "closed"):
                raise _Wrong(400, "status is open or closed")
            chosen = replace(chosen, status=asked["status"])
        size = min(_number(asked.get("page_size"), PAGE), MOST_A_PAGE)
        offset = (_number(asked.get("page"), 1) - 1) * size
        return await self._found(request, chosen, now, size, offset)

    async def _request(self, request: Request) -> list[open311.Item]:
        chosen = Chosen(self._municipality, _codes(request.path_params["code"]), KINDS)
        found = await self._found(request, chosen, time.time(), 1, 0)
        if not found:
            raise _Wrong(404, "no request has this service_request_id")
        return found

    async def _found(
        self, request: Request, chosen: Chosen, now: float, limit: int, offset: int
    ) -> list[open311.Item]:
        records = await self._database.read(open_data.records, chosen, now, limit, offset)
        return as_requests(records, self._knowledge(), self._municipality, _language(request))


def as_requests(
    records: Sequence[open_data.Record], loaded: Loaded, municipality: str, language: str
) -> list[open311.Item]:
    """Give open data as the standard's service requests."""
    town = loaded.knowledge.municipality(municipality)
    agency = (town.value("city_hall", language) if town else None) or municipality
    items = []
    for record in records:
        category = loaded.categories.get(record.category or "other")
        name = category.name(language) if category else record.category
        stage = loaded.texts.stage(record.stage, language)
        items.append(open311.request(asdict(record), name, stage, agency))
    return items


def _language(request: Request) -> str:
    wanted = request.query_params.get("locale", DEFAULT)[:2]
    return wanted if wanted in LANGUAGES else DEFAULT


def _codes(text: str) -> list[str]:
    found = [codes.read(part) for part in text.split(",")]
    return [code for code in found if code is not None]


def _moment(text: str | None) -> float | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except ValueError:
        raise _Wrong(400, "dates are like 2026-11-29T00:00:00Z") from None


def _number(text: str | None, usual: int) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise _Wrong(400, "page and page_size are numbers from 1")
    return int(text)

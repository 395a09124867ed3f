"""The engine's HTTP interface on loopback: one turn in, replies out.

``POST /turns``   a turn (`bot.engine.turns.Turn`) -> its replies; 422 for what can never be
                  handled, 503 when it should be sent again
``GET /readyz``   200 when a model is loaded, with its name and the state of the knowledge
``POST /retire``  another engine takes over: no new turn is taken, those that run are finished
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Optional

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.actions import knowledge_base, library
from bot.core.errors import InputError, MissingError
from bot.engine import turns
from bot.engine.aftermath import Aftermath
from bot.engine.processor import CityAgent
from bot.settings import Settings

log = logging.getLogger(__name__)

#: How often the knowledge files are looked at, seconds.
REFRESH_SECONDS = 1.0

#: How long a process that ends still writes its notes of turns, seconds.
LAST_NOTES_SECONDS = 3.0

#: Letters of every script, so that whatever is loaded late is loaded.
_WARM_UP = "ა a б ə ա"


class EngineApp:
    """The agent of this process and its routes."""

    def __init__(self, agent: CityAgent, aftermath: Optional[Aftermath] = None) -> None:
        """Take an agent whose model is loaded, and who takes notes of its turns."""
        self.agent = agent
        self._aftermath = aftermath
        self._retired = False
        self._busy = 0

    async def turn(self, request: Request) -> JSONResponse:
        """Handle ``POST /turns``."""
        if self._retired:
            return JSONResponse({"error": "another engine took over"}, status_code=503)
        self._busy += 1
        try:
            return await self._turn(request)
        finally:
            self._busy -= 1

    async def _turn(self, request: Request) -> JSONResponse:
        try:
            turn = turns.Turn.from_json(json.loads(await request.body()))
        except (InputError, ValueError, RecursionError) as error:
            return JSONResponse({"error": str(error) or "not JSON"}, status_code=422)
        try:
            result = await turns.take(self.agent, turn)
        except MissingError as error:
            return JSONResponse({"error": str(error)}, status_code=503)
        if self._aftermath is not None:
            tracker = await self.agent.tracker_store.retrieve(turn.conversation)
            self._aftermath.note(turn, result, tracker, self.agent.model_name)
        return JSONResponse({**result.to_json(), "municipality": result.municipality})

    async def ready(self, request: Request) -> JSONResponse:
        """Handle ``GET /readyz``."""
        keeper, loaded = library.keeper(), self.agent.is_ready() and not self._retired
        return JSONResponse(
            {
                "ready": loaded,
                "busy": self._busy,
                "model": self.agent.model_name,
                "knowledge": {
                    "loaded_at": keeper.loaded_at.isoformat(),
                    "problems": [str(problem) for problem in keeper.problems],
                },
            },
            status_code=200 if loaded else 503,
        )

    async def retire(self, request: Request) -> JSONResponse:
        """Handle ``POST /retire``; the process goes on until it is told to end."""
        self._retired = True
        return JSONResponse({"busy": self._busy})

    async def warm_up(self) -> None:
        """Understand one message, so that the first resident waits no longer than the others."""
        with contextlib.suppress(MissingError):
            await self.agent.parse_message(_WARM_UP)


async def _keep_knowledge_fresh() -> None:
    while True:
        try:
            loaded = await run_in_threadpool(library.keeper().refresh)
            await run_in_threadpool(knowledge_base.hold, loaded)
        except Exception:
            log.exception("the knowledge could not be looked at; the last good one goes on")
        await asyncio.sleep(REFRESH_SECONDS)


def create_app(agent: CityAgent, aftermath: Optional[Aftermath] = None) -> Starlette:
    """Give the ASGI application around an agent."""
    engine = EngineApp(agent, aftermath)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await engine.warm_up()
        tasks = [asyncio.create_task(_keep_knowledge_fresh())]
        if aftermath is not None:
            tasks.append(asyncio.create_task(aftermath.write()))
        yield
        if aftermath is not None:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(aftermath.settled(), LAST_NOTES_SECONDS)
        for task in tasks:
            task.cancel()

    return Starlette(
        routes=[
            Route("/turns", engine.turn, methods=["POST"]),
            Route("/readyz", engine.ready, methods=["GET"]),
            Route("/retire", engine.retire, methods=["POST"]),
        ],
        lifespan=lifespan,
    )


def serve(settings: Settings, agent: CityAgent, ready: Callable[[], None] = lambda: None) -> None:
    """Serve the agent on loopback until the process is told to stop."""
    database = agent.tracker_store.database
    config = uvicorn.Config(
        create_app(agent, Aftermath(database, settings.secret_key) if database else None),
        host="127.0.0.1",
        port=settings.engine_port,
        # The websockets library is held back by Rasa's Sanic and too old for uvicorn.
        ws="none",
        access_log=False,
        log_config=None,
    )
    ready()
    uvicorn.Server(config).run()

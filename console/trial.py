"""Talking with a model that is not live: a process of its own, without database and residents."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.core.errors import MissingError

#: A model that nobody asked anything for so long is put away; so many are kept at once.
IDLE_SECONDS, MOST = 300.0, 2
#: How long a model may take to load and answer, with another one loading beside it.
PATIENCE = 90.0


@dataclass
class _Talk:
    process: asyncio.subprocess.Process
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    put_away: asyncio.TimerHandle | None = None


class Trials:
    """The models that staff try just now."""

    def __init__(self) -> None:
        self._talks: dict[Path, _Talk] = {}
        self._starting = asyncio.Lock()

    async def ask(self, model: Path, conversation: str, text: str) -> list[Mapping[str, Any]]:
        """Give a model's replies.

        Raises:
            MissingError: when it cannot be loaded or does not answer.
        """
        talk = await self._talk(model)
        line = json.dumps({"conversation": conversation, "text": text}, ensure_ascii=False)
        async with talk.lock:
            try:
                return await asyncio.wait_for(self._answer(talk, line), PATIENCE)
            except (asyncio.TimeoutError, ValueError, ConnectionError) as error:
                self._end(model)
                raise MissingError(f"The model {model.name} does not answer.") from error

    @staticmethod
    async def _answer(talk: _Talk, line: str) -> list[Mapping[str, Any]]:
        writer, reader = talk.process.stdin, talk.process.stdout
        if writer is None or reader is None:
            raise ConnectionError("no pipe")
        writer.write(line.encode() + b"\n")
        await writer.drain()
        answer = json.loads(await reader.readline())
        replies: list[Mapping[str, Any]] = answer["replies"]
        return replies

    async def _talk(self, model: Path) -> _Talk:
        async with self._starting:
            talk = self._talks.get(model)
            if talk is None or talk.process.returncode is not None:
                while len(self._talks) >= MOST:
                    self._end(next(iter(self._talks)))
                talk = self._talks[model] = _Talk(await self._start(model))
        if talk.put_away is not None:
            talk.put_away.cancel()
        talk.put_away = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end, model)
        return talk

    async def _start(self, model: Path) -> asyncio.subprocess.Process:
        command = [sys.executable, "-m", "bot.cli", "chat", "--jsonl", "--model", str(model)]
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )

    def _end(self, model: Path) -> None:
        talk = self._talks.pop(model, None)
        if talk is None:
            return
        if talk.put_away is not None:
            talk.put_away.cancel()
        if talk.process.returncode is None:
            talk.process.kill()

    def close(self) -> None:
        """Put all models away."""
        for model in list(self._talks):
            self._end(model)

"""`cbot chat`: whole conversations without any channel."""

from __future__ import annotations

import asyncio
import re
import uuid
from pathlib import Path
from typing import Any, Optional

import typer

from bot import settings
from bot.commands import lines
from bot.core.errors import Finding, InputError

_PLACE = re.compile(r"@(-?\d+(?:\.\d+)?),\s?(-?\d+(?:\.\d+)?)\Z")


def chat(
    jsonl: bool = typer.Option(False, "--jsonl", help="Read and write one JSON object a line."),
    model: Optional[Path] = typer.Option(None, help="A model's file instead of the newest."),
) -> None:
    """Talk with the bot at the terminal, or run conversations from JSONL.

    Lines are {"conversation": "a", "text": "…"} or with "payload" or "attachment" instead of
    "text"; conversations and what is sent in them are forgotten at the end.
    """
    from bot.commands.agent import load_agent

    agent = load_agent(settings.load(), model, in_memory=True)
    if jsonl:
        asyncio.run(_lines(agent))
    else:
        asyncio.run(_talk(agent))


async def _lines(agent: Any) -> None:
    from bot.engine import turns

    for number, line in lines.read():
        line.setdefault("message_id", uuid.uuid4().hex)
        attachment = line.get("attachment")
        if isinstance(attachment, dict) and attachment.get("type") == "image":
            # No channel fetched and kept it; the form only needs its name.
            attachment.setdefault("media_id", f"chat-{uuid.uuid4().hex}")
        try:
            turn = turns.Turn.from_json(line)
        except InputError as error:
            finding = Finding("<stdin>", number, f"{error}.")
            raise InputError("The input could not be read to its end.", [finding]) from error
        lines.write((await turns.take(agent, turn)).to_json())


def _sent(said: str) -> Optional[dict[str, Any]]:
    """Read what stands for a photo or a place at the terminal; None for plain words."""
    if said == "@photo":
        return {"type": "image", "media_id": f"chat-{uuid.uuid4().hex}"}
    place = _PLACE.match(said)
    if place:
        return {"type": "location", "lat": float(place[1]), "lon": float(place[2])}
    return None


async def _talk(agent: Any) -> None:
    from rich.console import Console

    from bot.core.replies import Button, Reply
    from bot.engine import turns

    console = Console()
    conversation = uuid.uuid4().hex
    buttons: list[Button] = []
    console.print(
        "[dim]Write to C-Bot; a number presses a button; @photo sends a photo, @41.55,45.0 a "
        "place; Ctrl-D ends.[/dim]"
    )
    while True:
        try:
            said = console.input("[bold]> [/bold]").strip()
        except (EOFError, KeyboardInterrupt):
            return
        pressed = said.isdigit() and 0 < int(said) <= len(buttons)
        sent = None if pressed else _sent(said)
        turn = turns.Turn(
            conversation,
            uuid.uuid4().hex,
            text=None if pressed or sent else said,
            payload=buttons[int(said) - 1].payload if pressed else None,
            attachment=sent,
        )
        result = await turns.take(agent, turn)
        buttons = [button for reply in result.replies for button in reply.buttons]
        number = 0

        def show(reply: Reply) -> None:
            nonlocal number
            console.print(reply.text, markup=False, highlight=False, style="green")
            for button in reply.buttons:
                number += 1
                console.print(f"  [{number}] {button.title}", markup=False, highlight=False)
            for source in reply.sources:
                console.print(f"  {source.title}, {source.date}", markup=False, style="dim")

        for reply in result.replies:
            show(reply)

"""Going through test stories with a model: everything runs as for a resident, in memory."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.errors import Finding
from bot.core.progress import Progress
from bot.evaluation.stories import ACTION, LOOP, Exchange, Expected, Story

if TYPE_CHECKING:
    from bot.engine.processor import CityAgent

#: What Rasa does by itself around every message.
_BY_ITSELF = ("action_listen", "action_session_start", "action_extract_slots")
_NONE = ("", "None", "null")


@dataclass(frozen=True)
class Failure:
    """A story that went another way: at which message, what was wanted and what happened."""

    story: Story
    exchange: Exchange
    line: int
    wanted: str
    happened: str
    answers: tuple[str, ...]

    def __str__(self) -> str:
        said = self.exchange.text if self.exchange.text is not None else f"[{self.exchange.intent}]"
        message = (
            f"“{self.story.name}”: after “{said}” {self.wanted} was wanted, but {self.happened}."
        )
        return str(Finding(self.story.path, self.line, message))


def converse(model: Path, stories: Sequence[Story], progress: Progress) -> list[Failure]:
    """Go through the stories; a story ends at its first failure.

    Raises:
        MissingError: when there is no readable model at ``model``.
    """
    from bot.engine.slim import quiet_rasa, without_training_code

    quiet_rasa()
    if "rasa" not in sys.modules:
        without_training_code()
    from bot.engine.start import build_agent

    progress.step("loading the model")
    agent = build_agent(model, None)
    progress.step("conversing", len(stories))
    failures = []
    for story in stories:
        failure = asyncio.run(_go_through(agent, story))
        if failure is not None:
            failures.append(failure)
        progress.advance()
    return failures


async def _go_through(agent: CityAgent, story: Story) -> Failure | None:
    conversation = f"test:{uuid.uuid4().hex}"
    for exchange in story.exchanges:
        answers = await _say(agent, conversation, exchange)
        tracker = await agent.tracker_store.retrieve(conversation)
        if tracker is None:
            return Failure(story, exchange, exchange.line, "an answer", "nothing happened", ())
        found = _difference(exchange, tracker)
        if found is not None:
            line, wanted, happened = found
            return Failure(story, exchange, line, wanted, happened, answers)
    return None


async def _say(agent: CityAgent, conversation: str, exchange: Exchange) -> tuple[str, ...]:
    from rasa.core.channels.channel import UserMessage

    from bot.actions import library
    from bot.engine.collector import Collector

    collector = Collector("web")
    pressed = {
        "text": "",
        "intent": {"name": exchange.intent, "confidence": 1.0},
        "intent_ranking": [],
        "entities": [{"entity": name, "value": v} for name, v in exchange.entities.items()],
    }
    message = UserMessage(
        text=exchange.text or "",
        output_channel=collector,
        sender_id=conversation,
        input_channel="web",
        message_id=uuid.uuid4().hex,
        metadata={"locale": None, "municipality": library.municipality()},
        parse_data=pressed if exchange.text is None else None,
    )
    await agent.handle_message(message)
    return tuple(reply.text for reply in collector.replies)


def _difference(exchange: Exchange, tracker: Any) -> tuple[int, str, str] | None:
    """Give the line, what was wanted and what happened; None when all went as written."""
    from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered

    events = list(tracker.events)
    start = max(n for n, event in enumerate(events) if isinstance(event, UserUttered))
    understood = events[start].intent.get("name")
    if exchange.text is not None and exchange.intent and understood != exchange.intent:
        return exchange.line, f"intent {exchange.intent}", f"{understood} was understood"
    for name, value in exchange.entities.items():
        found = [e.get("value") for e in events[start].entities if e.get("entity") == name]
        if exchange.text is not None and value not in map(str, found):
            return exchange.line, f"entity {name} = {value}", f"{found or 'none'} was found"
    turn = events[start:]
    done = [
        event.action_name
        for event in turn
        if isinstance(event, ActionExecuted) and event.action_name not in _BY_ITSELF
    ]
    loops = {str(event.name or "") for event in turn if isinstance(event, ActiveLoop)}
    loops.add(str(tracker.active_loop_name or ""))
    slots = [(event.key, event.value) for event in turn if isinstance(event, SlotSet)]
    actions = [expected for expected in exchange.expected if expected.kind == ACTION]
    for number, expected in enumerate(actions):
        if number >= len(done) or done[number] != expected.name:
            happened = f"it did {done[number]}" if number < len(done) else "nothing more was done"
            return expected.line, str(expected), happened
    if actions and len(done) > len(actions):
        return actions[-1].line, "nothing more", f"it did {done[len(actions)]} as well"
    for expected in exchange.expected:
        if expected.kind == LOOP and not _names_loop(expected, loops):
            return expected.line, str(expected), f"the active loop is {tracker.active_loop_name}"
        if expected.kind not in (ACTION, LOOP) and not _is_set(expected, slots, tracker):
            value = tracker.get_slot(expected.name)
            return expected.line, str(expected), f"the slot is {value}"
    return None


def _names_loop(expected: Expected, loops: set[str]) -> bool:
    return ("" if expected.name in _NONE else expected.name) in loops


def _is_set(expected: Expected, slots: list[tuple[str, Any]], tracker: Any) -> bool:
    value = tracker.get_slot(expected.name)
    if expected.any_value:
        return value is not None
    return value == expected.value or (expected.name, expected.value) in slots

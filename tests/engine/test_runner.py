from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.runner.dask import DaskGraphRunner

from bot.engine.processor import CityAgent
from bot.engine.runner import PlanRunner
from bot.engine.start import build_agent
from tests.engine.examination import messages
from tests.engine.resident import Resident

Agents = tuple[CityAgent, CityAgent]

#: What differs between two runs of the same conversation.
OF_THE_MOMENT = {"timestamp", "message_id", "model_id", "assistant_id"}


@pytest.fixture(scope="module")
def agents(small_model: Path) -> Agents:
    """The same model with our runner and with Rasa's."""
    ours = build_agent(small_model, None)
    stock = build_agent(small_model, None, stock_parts=True)
    assert type(ours.processor.graph_runner) is PlanRunner
    assert type(stock.processor.graph_runner) is DaskGraphRunner
    return ours, stock


@pytest.mark.anyio
async def test_messages_are_understood_as_with_the_stock_runner(agents: Agents) -> None:
    for text in messages(200):
        ours, stock = [await agent.parse_message(text) for agent in agents]
        assert ours == stock


Step = Callable[[Resident], Any]

CONVERSATION: list[Step] = [
    lambda r: r.says("გამარჯობა"),
    lambda r: r.says("nagvis fuli ramdenia"),
    lambda r: r.says("და სად მივიდე?"),
    lambda r: r.presses("topic:local_fees"),
    lambda r: r.presses("attribute:local_fees.cleaning_fee:price"),
    lambda r: r.says("how much is the garbage bill?"),
    lambda r: r.says("asdf qwer"),
    lambda r: r.says("yes"),
    lambda r: r.says("no"),
    lambda r: r.sends({"type": "image"}),
    lambda r: r.presses("language:ru"),
    lambda r: r.says("სად გადავიხადო დასუფთავების მოსაკრებელი?"),
    lambda r: r.says("👍"),
    lambda r: r.presses("nonsense"),
    lambda r: r.says("მადლობა, ნახვამდის"),
]


def plain(event: Any) -> Any:
    """Give an event without what belongs to the moment it happened in."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: strip(item) for name, item in value.items() if name not in OF_THE_MOMENT}
        return [strip(item) for item in value] if isinstance(value, list) else value

    return strip(event.as_dict())


@pytest.mark.anyio
async def test_conversation_goes_as_with_the_stock_runner(agents: Agents) -> None:
    ours, stock = Resident(agents[0]), Resident(agents[1])
    for step in CONVERSATION:
        mine, theirs = await step(ours), await step(stock)
        assert (mine.replies, mine.language) == (theirs.replies, theirs.language)
    events = []
    for resident in (ours, stock):
        tracker = await resident.agent.tracker_store.retrieve(resident.conversation)
        events.append([plain(event) for event in tracker.events])
    assert len(events[0]) > 5 * len(CONVERSATION)
    assert events[0] == events[1]


def test_targets_are_planned_each_for_itself(agents: Agents) -> None:
    ours, stock = (agent.processor.graph_runner for agent in agents)
    inputs = {"__message__": [], "__tracker__": None}
    targets = [name for name in ours._graph_schema.nodes if "run_" in name and "Policy" not in name]
    assert targets
    for target in targets:
        assert ours.run(inputs, [target]) == stock.run(inputs, [target])
    assert ours.run(inputs, targets) == stock.run(inputs, targets)

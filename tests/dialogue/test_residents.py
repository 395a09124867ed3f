"""The conversations of `residents/`, held with the full model: they need all it understands."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.actions import keeping
from bot.engine.processor import CityAgent
from bot.engine.start import build_agent
from bot.store.database import Database
from tests.dialogue.scripts import Scenario, Script, scenarios
from tests.engine.resident import Resident

ALL = list(scenarios(Path(__file__).with_name("residents")))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def full_agent(full_model: Path) -> CityAgent:
    return build_agent(full_model, None)


@pytest.mark.parametrize("scenario", ALL, ids=[f"{s.name} [{s.language}]" for s in ALL])
@pytest.mark.anyio
async def test_conversation_goes_as_written(
    scenario: Scenario, full_agent: CityAgent, town: Database
) -> None:
    keeping.use(town)
    await Script(scenario, Resident(full_agent, locale=scenario.answered_in)).run()

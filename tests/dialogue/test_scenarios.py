"""The conversations of `scenarios/`, held with the engine word by word."""

from __future__ import annotations

import statistics

import pytest

from bot.engine.processor import CityAgent
from bot.store import submissions
from bot.store.database import Database
from tests.dialogue.scripts import Scenario, Script, scenarios
from tests.engine.resident import Resident

ALL = list(scenarios())
#: The most turns a form may take in the middle of its happy paths, from first word to receipt.
TURNS = {"idea": 8, "problem": 6, "co_funding": 12}


@pytest.mark.parametrize("scenario", ALL, ids=[f"{s.name} [{s.language}]" for s in ALL])
@pytest.mark.usefixtures("open_programme")
@pytest.mark.anyio
async def test_conversation_goes_as_written(
    scenario: Scenario, agent: CityAgent, town: Database
) -> None:
    resident = Resident(agent, locale=scenario.answered_in)
    await Script(scenario, resident).run()
    mine = town.call(submissions.mine, resident.conversation)
    if scenario.leaves is not None:
        assert len(mine) == scenario.leaves
    for name, value in scenario.stored.items():
        assert str(getattr(mine[0], name)) == str(value), name


@pytest.mark.parametrize("form", TURNS)
def test_form_takes_few_turns(form: str) -> None:
    # Each conversation goes as written, so what is written is what it takes.
    turns = [len(scenario.steps) for scenario in ALL if scenario.form == form]
    assert turns
    assert statistics.median(turns) <= TURNS[form]


def test_there_are_forty_conversations_and_a_third_in_other_languages() -> None:
    names = {scenario.name for scenario in ALL}
    english = {scenario.name for scenario in ALL if scenario.language == "en"}
    latin = {scenario.name for scenario in ALL if scenario.language == "ka-Latn"}
    assert len(names) >= 40
    assert len(english) >= len(names) / 3
    assert len(latin) >= len(names) / 3

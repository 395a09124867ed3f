"""Following a neighbour's report, and stopping it."""

from __future__ import annotations

import pytest

from bot.engine.processor import CityAgent
from bot.store.database import Database
from tests.dialogue.scripts import says
from tests.dialogue.test_taking_part import code_of, problem
from tests.engine.resident import Resident


@pytest.mark.anyio
async def test_who_follows_can_stop_it_from_the_list_and_the_card(
    town: Database, agent: CityAgent
) -> None:
    author = Resident(agent, locale="ka")
    await problem(author)
    await author.presses("form:send")
    code = code_of(town, author)
    other = Resident(agent, locale="ka")
    followed = (await other.presses(f"submission:follow:{code}")).replies[-1]
    leave = f"submission:unfollow:{code}"
    assert [button.payload for button in followed.buttons] == [leave]
    listed = (await other.presses("start:status")).replies[-1]
    assert [button.payload for button in listed.buttons] == [f"submission:show:{code}"]
    card = (await other.presses(listed.buttons[0].payload)).replies[-1]
    assert leave in [button.payload for button in card.buttons]
    assert says("submission_unfollowed", "ka", (await other.presses(leave)).replies[-1].text)
    assert says("submissions_none", "ka", (await other.presses("start:status")).replies[-1].text)

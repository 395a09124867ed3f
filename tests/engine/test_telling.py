"""An emergency notice, told to each resident once."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from bot.actions import library
from bot.core.clock import GEORGIA
from bot.core.emergency import Notice
from bot.engine.processor import CityAgent
from tests.engine.resident import Resident

NOW = datetime.now(GEORGIA)
DAY = timedelta(days=1)
WATER = Notice("water", NOW - DAY, NOW + DAY, {"ka": "წყალი შეწყდა.", "en": "No water."})


@pytest.fixture
def announced() -> Iterator[None]:
    keeper = library.keeper()
    before = keeper.current()
    keeper._loaded = dataclasses.replace(before, notices={"rustavi": (WATER,)})
    yield
    keeper._loaded = before


@pytest.mark.anyio
@pytest.mark.usefixtures("announced")
async def test_it_comes_before_the_answer_and_only_once(
    residents: Callable[[], Resident], agent: CityAgent
) -> None:
    first, second = residents(), residents()
    key = uuid.uuid4().hex
    told = (await first.says("გამარჯობა", message_id=key)).replies
    assert len(told) == 2
    assert told[0].text == "საგანგებო შეტყობინება (რუსთავი): წყალი შეწყდა."
    agent.tracker_store.clear()
    assert (await first.says("გამარჯობა", message_id=key)).replies == told
    assert len((await first.says("nagvis fuli ramdenia")).replies) == 1
    assert "No water." in (await second.says("hello")).replies[0].text


@pytest.mark.anyio
@pytest.mark.usefixtures("announced")
async def test_residents_of_another_town_are_not_told(resident: Resident) -> None:
    resident.given["municipality"] = "bolnisi"
    assert len((await resident.says("გამარჯობა")).replies) == 1

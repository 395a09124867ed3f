"""A resident who wants answers for another town."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import UserUttered

from bot.actions import library
from bot.engine.processor import CityAgent
from tests.engine.resident import Resident

FEE = "service:local_fees.cleaning_fee"


@pytest.mark.anyio
async def test_a_town_chosen_by_hand_stays(resident: Resident) -> None:
    home = (await resident.presses(FEE)).replies[0]
    chosen = (await resident.presses("town:marneuli")).replies[0]
    assert chosen.text == library.say("municipality_changed", "ka", "marneuli").text
    away = (await resident.presses(FEE)).replies[0]
    assert away.text != home.text
    assert away.text.startswith("მარნეულში")
    person = (await resident.presses("act:human")).replies[0]
    assert "რუსთაველის ქ. 73" in person.text
    await resident.presses("town:rustavi")
    assert (await resident.presses(FEE)).replies[0].text == home.text


@pytest.mark.anyio
async def test_each_message_keeps_the_town_it_was_answered_for(
    resident: Resident, agent: CityAgent
) -> None:
    towns = [(await resident.says("nagvis fuli ramdenia")).municipality]
    towns += [(await resident.presses("town:marneuli")).municipality]
    towns += [(await resident.says("nagvis fuli ramdenia")).municipality]
    assert towns == ["rustavi", "marneuli", "marneuli"]
    tracker = await agent.tracker_store.retrieve(resident.conversation)
    assert tracker is not None
    kept = [one.metadata["town"] for one in tracker.events if isinstance(one, UserUttered)]
    assert kept == ["rustavi", "rustavi", "marneuli"]


@pytest.mark.anyio
async def test_a_button_may_be_about_another_town_than_the_conversations(
    resident: Resident,
) -> None:
    home = (await resident.presses(FEE)).replies[0]
    away = (await resident.presses(f"{FEE}:tkibuli")).replies[0]
    assert away.text.startswith("ტყიბული:")
    price = (await resident.presses("attribute:local_fees.cleaning_fee:price:tkibuli")).replies[0]
    assert "0.25" in price.text
    assert (await resident.presses(FEE)).replies[0].text == home.text


@pytest.mark.anyio
async def test_asking_for_another_town_offers_those_there_are(resident: Resident) -> None:
    menu = (await resident.presses("act:change_municipality")).replies[0]
    assert next(b.payload for b in menu.buttons) == "town:bolnisi"
    assert len(menu.buttons) == 5
    expired = (await resident.presses("town:atlantis")).replies[0]
    assert expired.buttons == menu.buttons


@pytest.mark.anyio
async def test_a_town_named_in_passing_is_answered_and_the_conversation_stays(
    resident: Resident,
) -> None:
    home = (await resident.says("nagvis fuli ramdenia")).replies[0]
    away = (await resident.says("marneulshi nagvis fuli ramdenia")).replies[0]
    assert away.service == home.service == "local_fees.cleaning_fee"
    assert away.text.startswith("მარნეული:")
    assert (await resident.says("nagvis fuli ramdenia")).replies[0].text == home.text


@pytest.mark.anyio
async def test_a_question_that_tells_the_household_is_worked_out(resident: Resident) -> None:
    reply = (await resident.says("ოთხი სული ვართ, ნაგვის ფული რამდენია?")).replies[0]
    assert reply.text.startswith("თვეში 1.6 ლარი.")

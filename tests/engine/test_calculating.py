"""A resident who has something worked out."""

from __future__ import annotations

import pytest

from bot.actions import library
from tests.engine.resident import Resident

FEE = "service:local_fees.cleaning_fee"


@pytest.mark.anyio
async def test_a_fee_is_worked_out_step_by_step(resident: Resident) -> None:
    card = (await resident.presses(FEE)).replies[0]
    button = card.buttons[0]
    assert button.payload == "calculate:cleaning_fee"
    question = (await resident.presses(button.payload)).replies[0]
    assert question.text == library.say("ask_persons", "ka").text
    refused = (await resident.says("-3")).replies[0]
    assert refused.text.endswith(question.text)
    assert len(refused.text) > len(question.text)
    result = (await resident.says("ოთხი სული")).replies[0]
    assert result.text.startswith("თვეში 1.6 ლარი.")
    assert result.sources
    # It is done: another number is worked out anew.
    assert (await resident.says("3")).replies[0].text.startswith("თვეში 1.2 ლარი.")


@pytest.mark.anyio
async def test_a_question_in_the_middle_is_answered(resident: Resident) -> None:
    await resident.presses("calculate:permit_fee")
    asked = (await resident.presses("calculate:permit_fee:house")).replies[0]
    assert asked.text == library.say("ask_area", "ka").text
    other = (await resident.says("nagvis fuli ramdenia")).replies[0]
    assert other.service == "local_fees.cleaning_fee"
    await resident.presses("calculate:permit_fee:house")
    assert "120 მ² × 1 ლარი" in (await resident.says("120")).replies[0].text


@pytest.mark.anyio
async def test_a_button_of_no_calculator_has_expired(resident: Resident) -> None:
    reply = (await resident.presses("calculate:horoscope")).replies[0]
    assert reply.text == library.say("button_expired", "ka").text


@pytest.mark.anyio
async def test_the_town_chosen_by_hand_is_the_one_worked_out_for(resident: Resident) -> None:
    await resident.presses("town:tkibuli")
    await resident.presses("calculate:cleaning_fee")
    assert (await resident.says("4")).replies[0].text.startswith("თვეში 1.5 ლარი.")
    await resident.presses("calculate:cleaning_fee:marneuli")
    assert (await resident.says("4")).replies[0].text.startswith("თვეში 4 ლარი.")


@pytest.mark.anyio
async def test_a_number_in_a_question_after_a_result_is_worked_out_too(
    resident: Resident,
) -> None:
    await resident.presses("calculate:cleaning_fee")
    await resident.says("3")
    assert (await resident.says("და 2 რომ იყოს?")).replies[0].text.startswith("თვეში 0.8 ლარი.")


@pytest.mark.anyio
async def test_a_number_after_a_result_that_counts_something_else_is_none(
    resident: Resident,
) -> None:
    await resident.presses("calculate:cleaning_fee")
    await resident.says("3")
    reply = (await resident.says("ზახრუმა 2 ბურბუმ")).replies[0]
    assert "0.8" not in reply.text


@pytest.mark.anyio
async def test_who_does_not_know_the_number_is_told_the_rule(resident: Resident) -> None:
    await resident.presses("calculate:cleaning_fee")
    reply = (await resident.says("არ ვიცი")).replies[0]
    assert reply.service == "local_fees.cleaning_fee"
    assert "0.4" in reply.text

"""Messages that say more than one thing."""

from __future__ import annotations

import pytest

from tests.engine.resident import Resident

FEE, PARKING = "local_fees.cleaning_fee", "local_fees.parking_fee"


@pytest.mark.parametrize(
    "text",
    [
        "გამარჯობა, დასუფთავება რა ღირს?",
        "გამარჯობა hello, დასუფთავების ფასი რამდენია",
        "hello there, how much is the cleaning fee?",
    ],
)
@pytest.mark.anyio
async def test_a_question_after_a_greeting_is_answered(resident: Resident, text: str) -> None:
    assert (await resident.says(text)).replies[0].service == FEE


@pytest.mark.anyio
async def test_a_greeting_alone_stays_a_greeting(resident: Resident) -> None:
    assert (await resident.says("გამარჯობა ყველას")).replies[0].service is None


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("რა ღირს დასუფთავება და რა ღირს პარკირება?", [FEE, PARKING]),
        ("რა ღირს დასუფთავება? პარკირება ფასიანია?", [FEE, PARKING]),
        ("რა ღირს დასუფთავება და კიდევ რა ღირს პარკირება?", [FEE, PARKING]),
        # One question that has an "and" in it.
        ("რა ღირს დასუფთავება დედისა და შვილისთვის?", [FEE]),
    ],
)
@pytest.mark.anyio
async def test_two_questions_get_two_answers(
    resident: Resident, text: str, services: list[str]
) -> None:
    assert [reply.service for reply in (await resident.says(text)).replies] == services


@pytest.mark.parametrize(
    "text", ["ნაგვის ფული რამდენია? ვისთვისაა?", "nagvis fuli ramdenia da visTvisaa"]
)
@pytest.mark.anyio
async def test_two_sides_of_one_service_are_one_answer(resident: Resident, text: str) -> None:
    (reply,) = (await resident.says(text)).replies
    assert reply.service == FEE
    assert reply.text.startswith("რამდენია?\n")
    assert "\n\nვის ეხება?\n" in reply.text

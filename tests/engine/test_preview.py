"""What the console shows of an answer is what the engine gives to a resident."""

from __future__ import annotations

import pytest

from bot.actions import library
from bot.core.replies import Reply
from console import answer_preview
from tests.engine.resident import Resident

pytestmark = pytest.mark.anyio

FEE, PROGRAMME = "local_fees.cleaning_fee", "participation.co_funding_programme"


def previewed(service: str, attribute: str | None = None, *, first: bool = False) -> Reply | None:
    loaded = library.keeper().current()
    return answer_preview.answer(loaded, service, "rustavi", "ka", attribute, first=first)


async def test_the_days_first_answer_and_what_its_buttons_lead_to(resident: Resident) -> None:
    first = await resident.says("ნაგვის ფული კაცზე")
    assert first.replies == (previewed(FEE, first=True),)
    price = await resident.presses(f"attribute:{FEE}:price")
    assert price.replies == (previewed(FEE, "price"),)
    card = await resident.presses(f"service:{FEE}")
    assert card.replies == (previewed(FEE),)


async def test_the_way_into_a_form_stands_under_its_card(resident: Resident) -> None:
    card = await resident.presses(f"service:{PROGRAMME}")
    assert card.replies == (previewed(PROGRAMME),)
    assert card.replies[0].buttons[0].payload == "start:co_funding"

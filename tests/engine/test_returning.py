"""Who returns to a subject by its name."""

from __future__ import annotations

import pytest

from tests.engine.resident import Resident

FEE, TAX = "local_fees.cleaning_fee", "local_fees.property_tax"


@pytest.mark.parametrize(
    "said",
    [
        "დავუბრუნდეთ დასუფთავებას, რა ღირს?",
        "dasuftavebas davubrundet, ra girs?",
        "back to the cleaning fee, how much?",
    ],
)
@pytest.mark.anyio
async def test_the_subject_named_goes_before_the_one_answered_last(
    resident: Resident, said: str
) -> None:
    price = (await resident.presses(f"attribute:{FEE}:price")).replies[0]
    await resident.presses(f"service:{TAX}")
    back = (await resident.says(said)).replies[0]
    assert back.service == FEE
    if "?" in said and "how" not in said:
        assert back.text == price.text
    # What follows is about it.
    assert (await resident.says("რა ვადაში?")).replies[0].service == FEE


@pytest.mark.anyio
async def test_a_subject_not_spoken_of_before_is_not_the_one_answered_last(
    resident: Resident,
) -> None:
    alone = (await resident.says("დასუფთავებას")).replies[0]
    await resident.presses(f"service:{TAX}")
    named = (await resident.says("დავუბრუნდეთ დასუფთავებას, რა ღირს?")).replies[0]
    assert named.service == alone.service != TAX


@pytest.mark.anyio
async def test_going_back_to_nothing_in_particular_is_as_before(resident: Resident) -> None:
    await resident.presses(f"service:{FEE}")
    assert (await resident.says("back to menu")).replies[0].service is None

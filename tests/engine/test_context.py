"""Reading a message in the light of the answer before it, on rankings the full model gave."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.context import FOLLOW_UP, Reading, read, who_knows
from bot.nlu.outcome import ANSWERED, OFFERED
from tests.engine.resident import Resident

FEE, EXEMPTION = "local_fees.cleaning_fee", "local_fees.cleaning_fee_exemption"
KINDERGARTEN, PERMIT = "social_programmes.kindergarten", "architecture.construction_permit"
DEADLINE, COST = "public_information.deadline", "public_information.cost"


def ranking(**guesses: float) -> list[dict[str, Any]]:
    return [{"name": name.replace("__", "."), "confidence": of} for name, of in guesses.items()]


def alone(outcome: str, **guesses: float) -> dict[str, Any]:
    ranked = ranking(**guesses)
    intent = ranked[0] if outcome == ANSWERED else {"name": "nlu_fallback", "confidence": 0.4}
    return {"intent": intent, "intent_ranking": ranked, "outcome": outcome}


@pytest.mark.parametrize(
    ("focus", "parsed", "here", "attribute", "meant"),
    [
        # "რამდენ ხანში გასცემენ" after the answer about a permit
        (
            PERMIT,
            alone(ANSWERED, public_information__deadline=0.99),
            ranking(architecture__construction_permit=0.99),
            "deadline",
            Reading(FOLLOW_UP, "deadline"),
        ),
        # "платно?"
        (
            KINDERGARTEN,
            alone(ANSWERED, public_information__cost=0.89),
            ranking(social_programmes__kindergarten=0.96),
            None,
            Reading(FOLLOW_UP, "price"),
        ),
        # "ჯარიმა რამდენია თუ უკითხავად მოვჭერი?": the fine, though the words ask a price
        (
            "architecture.tree_felling",
            alone(ANSWERED, conscription__failure_to_appear=0.95),
            ranking(architecture__tree_felling=1.0),
            "price",
            Reading(FOLLOW_UP, "penalty"),
        ),
        # "ვინ არის გათავისუფლებული" after the cleaning fee: not from the army
        (
            FEE,
            alone(ANSWERED, conscription__exemption=0.99),
            ranking(local_fees__cleaning_fee_exemption=0.56, conscription__exemption=0.44),
            "exceptions",
            Reading(EXEMPTION),
        ),
        # "where do I pay?" after the fee, and "and where do I go?" after parking
        (
            FEE,
            alone(ANSWERED, follow_up=0.86, local_fees__payment=0.12),
            ranking(local_fees__payment=0.88),
            "place",
            Reading("local_fees.payment"),
        ),
        (
            "local_fees.parking_fee",
            alone(ANSWERED, follow_up=0.96, local_fees__payment=0.01),
            ranking(local_fees__payment=0.9, local_fees__parking_fee=0.1),
            "place",
            Reading(FOLLOW_UP, "place"),
        ),
        # "სად ტარდება", not understood alone
        (
            "conscription.medical_exam",
            alone(OFFERED, public_information__contacts=0.2, follow_up=0.17),
            ranking(conscription__medical_exam=0.99),
            "place",
            Reading(FOLLOW_UP, "place"),
        ),
        # "мне три года ребенку, берут?" is no follow-up for sure, but offered first
        (
            KINDERGARTEN,
            alone(OFFERED, social_programmes__newborn_aid=0.52, conscription__exemption=0.16),
            ranking(social_programmes__kindergarten=0.99),
            None,
            Reading(likely=KINDERGARTEN),
        ),
    ],
)
def test_a_short_message_is_about_what_was_answered(
    focus: str,
    parsed: dict[str, Any],
    here: list[dict[str, Any]],
    attribute: str | None,
    meant: Reading,
) -> None:
    assert read(focus, parsed, here, attribute) == meant


@pytest.mark.parametrize(
    ("focus", "parsed", "here"),
    [
        # "parkng price in center" names its service
        (
            "conscription.reserve",
            alone(ANSWERED, local_fees__parking_fee=1.0),
            ranking(conscription__reserve=0.98, local_fees__parking_fee=0.02),
        ),
        # "სად არის მერია?" after the cleaning fee
        (
            FEE,
            alone(ANSWERED, public_information__contacts=0.98),
            ranking(public_information__contacts=0.9, local_fees__payment=0.05),
        ),
        # What may be a goodbye is no follow-up
        (
            "participation.ideathon",
            alone(OFFERED, dialogue__how_are_you=0.32, dialogue__goodbye=0.17),
            ranking(participation__ideathon=1.0),
        ),
    ],
)
def test_a_message_of_its_own_stays_what_it_is(
    focus: str, parsed: dict[str, Any], here: list[dict[str, Any]]
) -> None:
    assert read(focus, parsed, here, None) == Reading()


@pytest.mark.anyio
async def test_nothing_is_in_focus_an_hour_later(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    await resident.says("რა ღირს დასუფთავება?")
    now = (await resident.says("და მარნეულში?")).replies[0]
    assert now.service == FEE
    monkeypatch.setattr("bot.engine.context._FORGOTTEN", 0.0)
    later = (await resident.says("და ბოლნისში?")).replies[0]
    assert later.service is None


@pytest.mark.parametrize(
    ("service", "attribute", "knows"),
    [
        ("local_fees.payment", "price", FEE),
        (FEE, "price", FEE),
        (FEE, None, FEE),
        (FEE, "penalty", "local_fees.debt"),
        ("no.such_service", "price", "no.such_service"),
    ],
)
def test_a_neighbour_that_alone_knows_is_asked(
    service: str, attribute: str | None, knows: str
) -> None:
    assert who_knows(service, attribute) == knows

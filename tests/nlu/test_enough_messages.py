"""Every id is taught in every way of writing, those that people confuse with more messages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.core.catalogue import Catalogue, load_catalogue
from bot.core.training_data import LANGUAGES, read_examples

ROOT = Path(__file__).parents[2]
LEAST = {"ka": 40, "en": 20, "ru": 20, "az": 12, "hy": 12, "ka-Latn": 8}
#: What asks for nothing the city hall has is as varied as the world.
OUT_OF_SCOPE, TIMES = "dialogue.out_of_scope", 3
CONFUSED_KA = 60
CONFUSED = frozenset(
    """
    registration certificate call_up service_terms reserve exemption deferment medical_exam
    failure_to_appear cleaning_fee cleaning_fee_exemption cleaning_fee_business payment debt
    parking_fee illegal_construction report_problem building_conditions zoning facade_change
    outdoor_advertising outdoor_trade commissioning construction_permit demolition budget
    civil_budget petition council_sessions contacts cost deadline appeal request online_request
    application_status submission_status free_use lease land_title direct_sale
    housing_privatisation homeowners_association co_funding_programme get_help elderly_care
    disability veterans free_canteen one_time_aid overview vulnerable_status housing_support
    startup_competition ideathon youth_centre submit_idea greet thank goodbye affirm complain
    deny insult cancel delete_my_data who_are_you human out_of_scope
    """.split()  # noqa: SIM905 - a paragraph reads better
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "knowledge")


@pytest.fixture(scope="module")
def counted(catalogue: Catalogue) -> Counter[tuple[str, str]]:
    examples, _ = read_examples(ROOT, catalogue)
    return Counter((example.intent, example.language) for example in examples)


def wanted(id: str, language: str) -> int:
    if id == OUT_OF_SCOPE:
        return LEAST[language] * TIMES
    confused = language == "ka" and id.partition(".")[2] in CONFUSED
    return CONFUSED_KA if confused else LEAST[language]


def test_confused_ids_are_ids(catalogue: Catalogue) -> None:
    known = {id.partition(".")[2] for id in (*catalogue.services, *catalogue.acts)}
    assert known >= CONFUSED


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_has_enough_messages(
    catalogue: Catalogue, counted: Counter[tuple[str, str]], language: str
) -> None:
    short = [
        f"{id}: {counted[id, language]} of {wanted(id, language)}"
        for id in (*catalogue.services, *catalogue.acts)
        if counted[id, language] < wanted(id, language)
    ]
    assert short == []

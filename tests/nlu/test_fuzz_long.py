"""The same as in `test_fuzz`, with thousands of texts, and taught from texts of any kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.catalogue import load_catalogue
from bot.core.errors import InputError
from bot.core.teaching import teach
from bot.core.training_data import check_training_data
from tests.nlu.test_fuzz import TEXTS, loaded, parsed

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@settings(
    max_examples=4_000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=TEXTS)
def test_thousands_of_texts_get_a_label(small_model: Path, text: str) -> None:
    loaded(small_model)
    parsed(small_model, text)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=TEXTS, language=st.sampled_from(["ka", "en", "hy"]))
def test_any_text_is_taught_soundly_or_refused(tmp_path: Path, text: str, language: str) -> None:
    catalogue = load_catalogue(ROOT / "knowledge")
    try:
        teach(tmp_path, catalogue, "dialogue.greet", language, text)
    except InputError:
        return
    assert check_training_data(tmp_path, catalogue)[1] == []

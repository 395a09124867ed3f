from __future__ import annotations

from pathlib import Path

import pytest

from bot.actions import library
from bot.engine.parsing import parse_line
from bot.engine.processor import CityAgent
from bot.engine.start import build_agent
from tests.engine.examination import messages

KEYS = ["text", "language", "script", "outcome", "label", "confidence", "ranking", "entities"]


@pytest.fixture(scope="module")
def loaded(small_model: Path) -> CityAgent:
    return build_agent(small_model, None)


STRANGE = [
    "",
    " ",
    "😀",
    "?",
    "\x00",
    "\ud800",
    "/dialogue.greet",
    "ა" * 50_000,
    "中文",
    "1",
    "\u202e",
]


@pytest.mark.anyio
async def test_line_has_the_keys_and_values_that_were_agreed(loaded: CityAgent) -> None:
    catalogue = library.catalogue()
    for text in [*messages(150), *STRANGE]:
        line = await parse_line(loaded, text)
        assert list(line) == KEYS
        assert line["text"] == text
        assert line["language"] in ("ka", "en", "ru", "az", "hy")
        assert line["script"] in ("Geor", "Latn", "Cyrl", "Armn", None)
        assert line["outcome"] in ("answered", "offered", "not_understood")
        assert line["label"] in catalogue
        assert 0 <= line["confidence"] <= 1
        assert len(line["ranking"]) == 5
        assert line["ranking"][0] == {"label": line["label"], "confidence": line["confidence"]}
        guesses = [guess["confidence"] for guess in line["ranking"]]
        assert guesses == sorted(guesses, reverse=True)
        assert all(guess["label"] in catalogue for guess in line["ranking"])
        for entity in line["entities"]:
            assert set(entity) == {"entity", "value", "start", "end", "text"}
            assert line["text"][entity["start"] : entity["end"]] == entity["text"]


@pytest.mark.parametrize(
    ("text", "language", "script", "label"),
    [
        ("რამდენია დასუფთავების გადასახადი?", "ka", "Geor", "local_fees.cleaning_fee"),
        ("nagvis fuli ramdenia", "ka", "Latn", "local_fees.cleaning_fee"),
        ("how much is the garbage bill?", "en", "Latn", "local_fees.cleaning_fee"),
        ("гамарджоба", "ru", "Cyrl", None),
        ("ողջույն", "hy", "Armn", None),
    ],
)
@pytest.mark.anyio
async def test_message_is_understood(
    loaded: CityAgent, text: str, language: str, script: str, label: str | None
) -> None:
    line = await parse_line(loaded, text)
    assert (line["language"], line["script"]) == (language, script)
    assert label in (None, line["label"])


@pytest.mark.anyio
async def test_cue_is_an_entity(loaded: CityAgent) -> None:
    line = await parse_line(loaded, "რა ღირს პარკირება?")
    (entity,) = line["entities"]
    assert (entity["entity"], entity["value"], entity["text"]) == ("attribute", "price", "რა ღირს")


@pytest.mark.anyio
async def test_question_that_follows_up_is_at_most_offered(loaded: CityAgent) -> None:
    parsed = await loaded.parse_message("და ეს რა ღირს?")
    assert parsed["intent"]["name"] == "follow_up"
    line = await parse_line(loaded, "და ეს რა ღირს?")
    assert line["outcome"] == "offered"
    assert line["label"] != "follow_up"

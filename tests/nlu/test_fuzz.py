"""Whatever somebody types, the understanding gives a label, soon."""

from __future__ import annotations

import asyncio
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions import library
from bot.engine.parsing import parse_line
from bot.engine.processor import CityAgent
from bot.engine.start import build_agent

#: A message's share of a busy core, seconds; usual is a thousandth of it. What grows with the
#: square of a long text would take minutes.
LONGEST = 10.0

SCRIPTS = "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ abcdefghijklmnopqrstuvwxyz əığşçöü абвгдё աբգդե ᲐᲑᲒ"
PIECES = st.sampled_from(
    [
        "/",
        "{",
        '"',
        "\x00",
        "\ud800",
        "\udfff",
        "\u202e",
        "\u200d",
        "😀",
        "́" * 50,
        "ﷺ",
        "\n",
        "1" * 30,
        "/dialogue.greet{}",
        "ნაგვის ფული",
        "%s",
        "\\u0000",
        "ა" * 700,
        "🏳️‍🌈",
        "\ufeff",
        "\u2028",
    ]
)
ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=400)
TEXTS = (
    ANY | st.text(alphabet=SCRIPTS, max_size=400) | st.lists(PIECES | ANY, max_size=8).map("".join)
)


@lru_cache(maxsize=1)
def loaded(model: Path) -> CityAgent:
    return build_agent(model, None)


def parsed(model: Path, text: str) -> dict[str, Any]:
    begun = time.process_time()
    line = asyncio.run(parse_line(loaded(model), text))
    assert time.process_time() - begun < LONGEST
    assert line["label"] in library.catalogue()
    assert line["text"] == text
    assert 0 <= line["confidence"] <= 1
    return line


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=TEXTS)
def test_any_text_gets_a_label(small_model: Path, text: str) -> None:
    loaded(small_model)
    parsed(small_model, text)


LONG = {
    "one letter": "ა" * 100_000,
    "words": "ნაგვის ფული " * 9_000,
    "combining marks": "a" + "\u0301" * 50_000,
    "one letter that stands for many": "\ufdfa" * 33_000,
    "surrogates": "\ud800" * 100_000,
    "emoji": "😀" * 25_000,
    "spaces": " " * 100_000,
    "joiners": "ა\u200d" * 30_000,
    "brackets": "{[(" * 33_000,
    "digits": "0123456789" * 10_000,
    "digraphs": "tchtsh" * 17_000,
    "repeated pairs": "აბ" * 50_000,
    "lines": "\n" * 100_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_hundred_kilobytes_take_no_longer(small_model: Path, text: str) -> None:
    loaded(small_model)
    parsed(small_model, text)


def test_same_text_gets_the_same_answer(small_model: Path) -> None:
    for text in ("ნაგვის ფული", "asdf", "", "\ud800"):
        assert parsed(small_model, text) == parsed(small_model, text)

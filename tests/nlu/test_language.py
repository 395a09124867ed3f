from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.engine.processor import CityAgent
from bot.engine.start import build_agent
from bot.nlu.language import Detected, LanguageDetector, script_of

FILE = Path(__file__).parents[1] / "evaluation" / "dev.jsonl"


@pytest.fixture(scope="module")
def agent(small_model: Path) -> CityAgent:
    return build_agent(small_model, None)


async def language_of(agent: CityAgent, text: str) -> Detected:
    return Detected(**(await agent.parse_message(text))["language"])


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("გამარჯობა", "Geor"),
        ("gamarjoba", "Latn"),
        ("здравствуйте", "Cyrl"),
        ("բարեւ", "Armn"),
        ("şəhər", "Latn"),
        ("ok ნაგვის ვალი", "Geor"),
        ("rs.ge-ზე", "Latn"),
        ("123 ?!", None),
        ("", None),
        ("中文", None),
    ],
)
def test_script_is_that_of_most_letters(text: str, script: str | None) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("რა ღირს პარკირება?", Detected("ka", "Geor", True)),
        ("ᲠᲐ ᲦᲘᲠᲡ?", Detected("ka", "Geor", True)),
        ("ra ghirs parkireba?", Detected("ka", "Latn", True)),
        ("how much is parking?", Detected("en", "Latn", True)),
        ("сколько стоит парковка?", Detected("ru", "Cyrl", True)),
        ("ինչ արժե կայանատեղին", Detected("hy", "Armn", True)),
        ("zibil pulu nə qədərdir?", Detected("az", "Latn", True)),
        ("😀 123", Detected(None, None, False)),
        ("", Detected(None, None, False)),
    ],
)
@pytest.mark.anyio
async def test_language_is_told(agent: CityAgent, text: str, found: Detected) -> None:
    assert await language_of(agent, text) == found


@pytest.mark.parametrize("text", ["ok", "hi", "a", "??k"])
@pytest.mark.anyio
async def test_few_latin_letters_are_a_guess(agent: CityAgent, text: str) -> None:
    found = await language_of(agent, text)
    assert found.script == "Latn"
    assert not found.sure


@pytest.mark.anyio
async def test_residents_messages_are_told_apart(agent: CityAgent) -> None:
    with FILE.open(encoding="utf-8") as lines:
        asked = [json.loads(line) for line in lines]
    asked = [line for line in asked if line["label"].startswith(("local_fees", "dialogue"))]
    right: dict[str, list[bool]] = {}
    for line in asked:
        found = await language_of(agent, line["text"])
        right.setdefault(line["lang"], []).append(found.code == line["lang"].removesuffix("-Latn"))
    shares = {tag: sum(results) / len(results) for tag, results in right.items()}
    assert min(shares["ka"], shares["hy"]) > 0.98, shares
    assert min(shares.values()) > 0.85, shares


def test_untaught_detector_takes_latin_letters_for_georgian() -> None:
    detector = LanguageDetector({}, None, None)
    assert detector.detect("gamarjoba") == Detected("ka", "Latn", False)
    assert detector.detect("გამარჯობა") == Detected("ka", "Geor", True)

"""How often the shipped data make the right id the best guess, on messages never taught."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.engine.parsing import parse_line
from bot.engine.processor import CityAgent
from bot.engine.start import build_agent

FILE = Path(__file__).parents[1] / "evaluation" / "dev.jsonl"
TOPICS = ("local_fees", "public_information", "dialogue")
LANGUAGES = ("ka", "ka-Latn", "en")
#: The share that must be right at first place.
LEAST = 0.75

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def agent(full_model: Path) -> CityAgent:
    return build_agent(full_model, None)


def asked(*languages: str) -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8") as lines:
        examination = [json.loads(line) for line in lines]
    return [
        line
        for line in examination
        if line["lang"] in languages and line["label"].partition(".")[0] in TOPICS
    ]


@pytest.mark.parametrize("languages", [*[(tag,) for tag in LANGUAGES], LANGUAGES], ids=" ".join)
@pytest.mark.anyio
async def test_best_guess_is_right(agent: CityAgent, languages: tuple[str, ...]) -> None:
    lines = asked(*languages)
    assert len(lines) > 80
    wrong = []
    for line in lines:
        found = await parse_line(agent, line["text"])
        if found["label"] != line["label"]:
            wrong.append(f"{line['text']} | {line['label']} | {found['label']}")
    share = 1 - len(wrong) / len(lines)
    assert share >= LEAST, "\n".join([f"{share:.3f} of {len(lines)}", *wrong])


@pytest.mark.anyio
async def test_answer_given_for_sure_is_seldom_wrong(agent: CityAgent) -> None:
    answered = []
    for line in asked(*LANGUAGES):
        found = await parse_line(agent, line["text"])
        if found["outcome"] == "answered":
            answered.append(found["label"] == line["label"])
    assert len(answered) > 100
    assert sum(answered) / len(answered) >= 0.9

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core.languages import LANGUAGES
from bot.engine.nlg import KnowledgeTexts
from bot.engine.processor import CityAgent
from tests.engine.resident import Resident

DOMAIN = yaml.safe_load((Path(__file__).parents[2] / "domain.yml").read_text(encoding="utf-8"))


def tracker(**slots: str) -> DialogueStateTracker:
    domain = Domain.from_dict({"slots": DOMAIN["slots"]})
    events = [SlotSet(name, value) for name, value in slots.items()]
    return DialogueStateTracker.from_events("web:a", events, domain.slots)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("response", DOMAIN["responses"])
@pytest.mark.anyio
async def test_each_response_has_its_text_in_each_language(response: str, language: str) -> None:
    message = await KnowledgeTexts().generate(response, tracker(language=language), "web")
    assert message["text"] == library.say(response.removeprefix("utter_"), language).text
    assert "{" not in message["text"]
    assert message["custom"]["service"] is None


def test_response_names_its_text() -> None:
    for name, variants in DOMAIN["responses"].items():
        assert variants == [{"text": name.removeprefix("utter_")}]


@pytest.mark.anyio
async def test_without_a_language_the_text_is_georgian() -> None:
    message = await KnowledgeTexts().generate("utter_thank", tracker(), "web")
    assert message["text"] == library.say("thank", "ka").text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.anyio
async def test_texts_differ_between_the_languages(language: str) -> None:
    message = await KnowledgeTexts().generate("utter_thank", tracker(language=language), "web")
    others = [library.say("thank", other).text for other in LANGUAGES if other != language]
    assert message["text"] not in others


@pytest.mark.anyio
async def test_rule_says_the_text_to_the_resident(resident: Resident, agent: CityAgent) -> None:
    result = await resident.says("thank you very much")
    assert result.replies[0].text == library.say("thank", "en").text

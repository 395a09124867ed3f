from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.parsing import parse_line
from bot.engine.start import build_agent
from bot.nlu.entities import EntityExtractor
from bot.nlu.language import LANGUAGE

TABLES = [
    {"name": "municipality_marneuli", "elements": ["მარნეული", "Марнеули"]},
    {"name": "attribute_price", "elements": ["ფასი"]},
]


@pytest.fixture
def extractor(tmp_path: Path) -> EntityExtractor:
    """A taught extractor, saved and loaded again."""
    storage, resource = LocalModelStorage(tmp_path), Resource("entities")
    EntityExtractor({}, storage, resource).train(TrainingData(lookup_tables=TABLES))
    return EntityExtractor.load({}, storage, resource, None)


def test_entities_are_added_to_those_found_before(extractor: EntityExtractor) -> None:
    earlier = {"entity": "attribute", "value": "price"}
    message = Message({"text": "ფასი მარნეულში", LANGUAGE: {"code": "ka"}, ENTITIES: [earlier]})
    (processed,) = extractor.process([message])
    first, second = processed.get(ENTITIES)
    assert first == earlier
    assert (second["entity"], second["value"]) == ("municipality", "marneuli")
    assert (second["start"], second["end"], second["text"]) == (5, 14, "მარნეულში")


def test_message_without_entities_or_text_is_left_alone(extractor: EntityExtractor) -> None:
    for message in (Message({"text": "გამარჯობა"}), Message({})):
        (processed,) = extractor.process([message])
        assert processed.get(ENTITIES) is None


@pytest.mark.anyio
async def test_service_town_and_household_of_one_question(small_model: Path) -> None:
    agent = build_agent(small_model, None)
    text = "რამდენია დასუფთავება ოთხ სულზე მარნეულში"
    line = await parse_line(agent, text)
    assert line["label"] == "local_fees.cleaning_fee"
    entities = {entity["entity"]: entity for entity in line["entities"]}
    assert entities["persons"]["value"] == 4
    assert entities["municipality"]["value"] == "marneuli"
    assert entities["attribute"]["value"] == "price"
    for entity in entities.values():
        assert text[entity["start"] : entity["end"]] == entity["text"]

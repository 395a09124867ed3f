from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import IntentClassifier
from bot.nlu.normaliser import Normaliser

TAUGHT = {
    "local_fees.cleaning_fee": ["რა ღირს ნაგავი", "ნაგვის ფული", "ნაგვის გადასახადი რამდენია"],
    "local_fees.parking_fee": ["რა ღირს პარკირება", "პარკირების საფასური", "პარკინგის ფასი"],
    "dialogue.greet": ["გამარჯობა", "სალამი", "გამარჯობათ ყველას"],
}


def training_data(taught: dict[str, list[str]]) -> TrainingData:
    messages = [
        Message({TEXT: text, INTENT: intent}) for intent, texts in taught.items() for text in texts
    ]
    return Normaliser({}, None, None).process_training_data(TrainingData(messages))


def trained(folder: Path, **config: Any) -> IntentClassifier:
    """Give a classifier that was trained, saved and loaded."""
    storage, resource = LocalModelStorage(folder), Resource("intents")
    config = {**IntentClassifier.get_default_config(), "min_documents": 1, **config}
    IntentClassifier(config, storage, resource).train(training_data(TAUGHT))
    return IntentClassifier.load(config, storage, resource, None)


def understood(classifier: IntentClassifier, text: str) -> Message:
    (message,) = classifier.process(Normaliser({}, None, None).process([Message({TEXT: text})]))
    return message


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ნაგვის ფული რამდენია?", "local_fees.cleaning_fee"),
        ("nagvis puli ramdenia", "local_fees.cleaning_fee"),
        ("NAGVIS FULI", "local_fees.cleaning_fee"),
        ("parkirebis fasi", "local_fees.parking_fee"),
        ("gamarjobaaaa", "dialogue.greet"),
    ],
)
def test_mkhedruli_teaches_latin_letters(tmp_path: Path, text: str, intent: str) -> None:
    message = understood(trained(tmp_path), text)
    assert message.get(INTENT)["name"] == intent


def test_ranking_is_sorted_and_begins_with_the_intent(tmp_path: Path) -> None:
    message = understood(trained(tmp_path), "რა ღირს პარკირება")
    ranking = message.get(INTENT_RANKING_KEY)
    assert {guess["name"] for guess in ranking} == set(TAUGHT)
    assert ranking[0] == message.get(INTENT)
    confidences = [guess["confidence"] for guess in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=1e-4)
    assert {INTENT, INTENT_RANKING_KEY} <= message.output_properties


def test_ranking_is_as_long_as_configured(tmp_path: Path) -> None:
    message = understood(trained(tmp_path, ranking_length=2), "გამარჯობა")
    assert len(message.get(INTENT_RANKING_KEY)) == 2


def test_message_without_text_has_an_intent_too(tmp_path: Path) -> None:
    assert understood(trained(tmp_path), "").get(INTENT)["name"] in TAUGHT


def test_untrained_classifier_knows_nothing() -> None:
    classifier = IntentClassifier(IntentClassifier.get_default_config(), None, None)
    assert understood(classifier, "გამარჯობა").get(INTENT) == {"name": None, "confidence": 0.0}


def test_one_intent_alone_cannot_be_taught(tmp_path: Path) -> None:
    classifier = IntentClassifier(
        IntentClassifier.get_default_config(), LocalModelStorage(tmp_path), Resource("intents")
    )
    with pytest.raises(InvalidConfigException, match="data/nlu"):
        classifier.train(training_data({"dialogue.greet": TAUGHT["dialogue.greet"]}))

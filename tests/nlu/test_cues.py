from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.nlu.cues import CueExtractor
from bot.nlu.normaliser import NORMALISED

ROOT = Path(__file__).parents[2]
TABLES = [
    {"name": "attribute_price", "elements": ["რა ღირს", "ღირს", "how much is", "ფასი"]},
    {"name": "attribute_place", "elements": ["სად", "სად მივიდე", "where", "որտեղ"]},
    {"name": "attribute_documents", "elements": ["საბუთი", "რა საბუთი"]},
    {"name": "language_en", "elements": ["english", "ინგლისურად"]},
    {"name": "attribute_law", "elements": ["ფასი", "?!"]},
]


@pytest.fixture
def extractor(tmp_path: Path) -> CueExtractor:
    """A taught extractor, saved and loaded again."""
    storage, resource = LocalModelStorage(tmp_path), Resource("cues")
    CueExtractor({}, storage, resource).train(TrainingData(lookup_tables=TABLES))
    return CueExtractor.load({}, storage, resource, None)


def found(extractor: CueExtractor, text: str) -> dict[str, str]:
    return extractor.find(skeleton(normalise(text)))


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("და რა ღირს?", {"attribute": "price"}),
        ("ra ghirs parkireba", {"attribute": "price"}),
        ("RA GIRS", {"attribute": "price"}),
        ("How much is it?", {"attribute": "price"}),
        ("sad mivide", {"attribute": "place"}),
        ("ინგლისურად მითხარი სად", {"language": "en", "attribute": "place"}),
        ("რა საბუთია საჭირო", {"attribute": "documents"}),
        ("ფასია რამე", {"attribute": "price"}),
        ("ღირსება", {}),
        ("სადაც", {}),
        ("", {}),
        ("გამარჯობა", {}),
    ],
)
def test_cue_is_found_in_any_script_as_whole_words(
    extractor: CueExtractor, text: str, entities: dict[str, str]
) -> None:
    assert found(extractor, text) == entities


def test_a_mark_within_an_armenian_word_hides_no_cue(extractor: CueExtractor) -> None:
    text = "իսկ որտե՞ղ վճարեմ"
    message = Message({TEXT: text, NORMALISED: normalise(text)})
    (entity,) = extractor.process([message])[0].get(ENTITIES)
    assert (entity["value"], entity["text"]) == ("place", "որտե՞ղ")


def test_longest_cue_counts_whatever_the_order(extractor: CueExtractor) -> None:
    assert found(extractor, "ღირს და რა საბუთი მინდა") == {"attribute": "documents"}
    assert found(extractor, "რა საბუთი მინდა და ღირს") == {"attribute": "documents"}


def test_first_of_equally_long_cues_counts(extractor: CueExtractor) -> None:
    extractor.cues = {"girs": "attribute_price", "saad": "attribute_place"}
    assert extractor.find("girs saad") == {"attribute": "price"}
    assert extractor.find("saad girs") == {"attribute": "place"}


def test_cue_of_two_tables_belongs_to_the_first(extractor: CueExtractor) -> None:
    assert found(extractor, "ფასი") == {"attribute": "price"}


def test_entities_are_added_to_those_there_are(extractor: CueExtractor) -> None:
    earlier = {"entity": "street", "value": "რუსთაველის"}
    message = Message({NORMALISED: "რა ღირს", ENTITIES: [earlier]})
    (done,) = extractor.process([message])
    assert done.get(ENTITIES) == [
        earlier,
        {"entity": "attribute", "value": "price", "extractor": "CueExtractor"},
    ]


def test_message_without_cues_stays_as_it_was(extractor: CueExtractor) -> None:
    (done,) = extractor.process([Message({NORMALISED: "გამარჯობა"})])
    assert done.get(ENTITIES) is None


def test_message_of_very_many_words_is_searched_in_no_time(extractor: CueExtractor) -> None:
    assert extractor.find("a " * 600 + skeleton("ღირს")) == {"attribute": "price"}


def shipped(folder: Path) -> CueExtractor:
    """An extractor taught with the lookup tables of the project."""
    tables = [
        {"name": block["lookup"], "elements": [line[2:] for line in block["examples"].splitlines()]}
        for file in sorted((ROOT / "data" / "nlu" / "lookups").glob("*.yml"))
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
    ]
    extractor = CueExtractor({}, LocalModelStorage(folder), Resource("cues"))
    extractor.train(TrainingData(lookup_tables=tables))
    return extractor


def test_attributes_in_messages_by_another_hand(tmp_path: Path) -> None:
    extractor = shipped(tmp_path)
    file = ROOT / "tests" / "evaluation" / "entities_by_another.jsonl"
    right = given = there = 0
    wrong = []
    for raw in file.read_text(encoding="utf-8").splitlines():
        line = json.loads(raw)
        wanted = {value for name, value in line["entities"] if name == "attribute"}
        got = {v for k, v in found(extractor, line["text"]).items() if k == "attribute"}
        right, given, there = right + len(got & wanted), given + len(got), there + len(wanted)
        if got != wanted:
            wrong.append(f"{line['text']}: {got} instead of {wanted}")
    assert right / given >= 0.8, wrong
    assert right / there >= 0.9, wrong


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("zibil borcunun cəriməsi nə qədərdir", "penalty"),
        ("icazə üçün hansı kağızlar lazımdır", "documents"),
        ("bu kimlərə düşür?", "who"),
        ("նախ ի՞նչ թուղթ տանեմ", "documents"),
        ("տուգանքն ինչքա՞ն է", "penalty"),
        ("ո՞ւմ համար է", "who"),
        ("թեժ գծի համարը ո՞րն է", "contact"),
        ("какой штраф за это?", "penalty"),
        ("сколько ждать ответа", "deadline"),
        ("куда обращаться?", "contact"),
    ],
)
def test_sides_are_heard_as_people_ask_in_the_added_languages(
    tmp_path: Path, text: str, side: str
) -> None:
    assert found(shipped(tmp_path), text).get("attribute") == side

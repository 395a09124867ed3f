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


def found(extractor: CueExtractor, text: str) -> dict[str, list[str]]:
    """The values found of each entity, in the order of the text."""
    values: dict[str, list[str]] = {}
    for cue in extractor.find(normalise(text)):
        values.setdefault(cue.entity, []).append(cue.value)
    return values


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("და რა ღირს?", {"attribute": ["price"]}),
        ("ra ghirs parkireba", {"attribute": ["price"]}),
        ("RA GIRS", {"attribute": ["price"]}),
        ("How much is it?", {"attribute": ["price"]}),
        ("sad mivide", {"attribute": ["place"]}),
        ("ინგლისურად მითხარი სად", {"language": ["en"], "attribute": ["place"]}),
        ("რა საბუთია საჭირო", {"attribute": ["documents"]}),
        ("ფასია რამე", {"attribute": ["price"]}),
        ("ღირსება", {}),
        ("სადაც", {}),
        ("", {}),
        ("გამარჯობა", {}),
    ],
)
def test_cue_is_found_in_any_script_as_whole_words(
    extractor: CueExtractor, text: str, entities: dict[str, list[str]]
) -> None:
    assert found(extractor, text) == entities


def test_a_mark_within_an_armenian_word_hides_no_cue(extractor: CueExtractor) -> None:
    text = "իսկ որտե՞ղ վճարեմ"
    message = Message({TEXT: text, NORMALISED: normalise(text)})
    (entity,) = extractor.process([message])[0].get(ENTITIES)
    assert (entity["value"], entity["text"]) == ("place", "որտե՞ղ")


def test_longest_cue_of_a_question_counts(extractor: CueExtractor) -> None:
    assert found(extractor, "საბუთი მინდა რომ ღირს რამე") == {"attribute": ["documents"]}


def test_first_of_equally_long_cues_counts(extractor: CueExtractor) -> None:
    extractor.cues = {"girs": "attribute_price", "saad": "attribute_place"}
    assert found(extractor, "girs saad") == {"attribute": ["price"]}
    assert found(extractor, "saad girs") == {"attribute": ["place"]}


def test_cue_of_two_tables_belongs_to_the_first(extractor: CueExtractor) -> None:
    assert found(extractor, "ფასი") == {"attribute": ["price"]}


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
    assert [cue.value for cue in extractor.find("a " * 600 + "ღირს")] == ["price"]


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


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> CueExtractor:
    return shipped(tmp_path_factory.mktemp("cues"))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("რა ღირს და რა საბუთები მინდა ნებართვაზე?", ["price", "documents"]),
        ("რა ღირს რა საბუთები მინდა", ["price", "documents"]),
        ("რა საბუთები მინდა და რა ღირს?", ["documents", "price"]),
        ("და სად და რა საბუთებით?", ["place", "documents"]),
        ("ra girs da sad mivide", ["price", "place"]),
        ("price and how long?", ["price", "deadline"]),
        ("How much is it, which papers and where do I go?", ["price", "documents", "place"]),
        ("сколько стоит и куда идти", ["price", "place"]),
        ("neçəyədir və hansı sənədlər lazımdır?", ["price", "documents"]),
        ("ի՞նչ արժե և որտե՞ղ դիմեմ", ["price", "place"]),
        # Of four the first three, and none twice.
        ("ფასი, საბუთები, ვადა, მისამართი", ["price", "documents", "deadline"]),
        ("როდის? როდემდე? და სად?", ["deadline", "place"]),
        ("არ ვიცი რა საბუთები მინდა და რა ღირს", ["documents", "price"]),
    ],
)
def test_all_that_a_message_asks_is_found(
    taught: CueExtractor, text: str, values: list[str]
) -> None:
    assert found(taught, text)["attribute"] == values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # What is only mentioned beside the question,
        ("სად ჩავაბარო საბუთები?", "place"),
        ("ჯარიმა უკვე გადავიხადე, როდის დაიხურება საქმე?", "deadline"),
        ("do I pay the fine when I am late?", "penalty"),
        # what has a price,
        ("ჯარიმა რამდენია?", "penalty"),
        ("ვინ თავისუფლდება გადახდისგან?", "exceptions"),
        # and how something else is found out.
        ("როგორ გავიგო, რა ღირს", "price"),
        # What is known already,
        ("როგორ მოვითხოვო ვიცი უკვე, რა ვადა აქვს?", "deadline"),
        ("сколько стоит знаю, какие документы нужны?", "documents"),
        # A story that is longer asks one thing at most.
        (f"{'ძალიან ' * 20} რა ღირს და რა საბუთები მინდა", "documents"),
    ],
)
def test_one_question_stays_one(taught: CueExtractor, text: str, value: str) -> None:
    assert found(taught, text) == {"attribute": [value]}


@pytest.mark.parametrize("text", ["ჩემი ნომერია 577 40 51 62", "ნომერი P-26-0117-S"])
def test_a_number_that_is_given_is_not_asked_for(taught: CueExtractor, text: str) -> None:
    assert found(taught, text) == {}


@pytest.mark.parametrize("of", ["entities_by_another", "entities_third"])
def test_attributes_in_messages_by_another_hand(taught: CueExtractor, of: str) -> None:
    file = ROOT / "tests" / "evaluation" / f"{of}.jsonl"
    right = given = there = 0
    wrong = []
    for raw in file.read_text(encoding="utf-8").splitlines():
        line = json.loads(raw)
        wanted = [value for name, value in line["entities"] if name == "attribute"]
        got = found(taught, line["text"]).get("attribute", [])
        right += len(set(got) & set(wanted))
        given, there = given + len(got), there + len(wanted)
        if got != wanted:
            wrong.append(f"{line['text']}: {got} instead of {wanted}")
    assert right / given >= 0.9, wrong
    assert right / there >= 0.95, wrong


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
    ],
)
def test_sides_are_heard_as_people_ask_in_the_added_languages(
    taught: CueExtractor, text: str, side: str
) -> None:
    assert found(taught, text).get("attribute") == [side]

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core import examination
from bot.core.catalogue import Catalogue, load_catalogue
from bot.core.errors import InputError, MissingError
from bot.core.examination import Question
from bot.core.training_data import Example

ROOT = Path(__file__).parents[2]
ASKED = Question("ნაგვის ფული: რამდენია?", "ka", "local_fees.cleaning_fee")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "knowledge")


def line(**changes: object) -> str:
    whole = {"text": "გამარჯობა", "lang": "ka", "label": "dialogue.greet", **changes}
    return json.dumps({key: value for key, value in whole.items() if value is not None})


def test_questions_are_read_in_their_order(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(line() + "\n\n" + line(text="salami", lang="ka-Latn", other=1) + "\n")
    assert examination.load(path, catalogue, tmp_path) == [
        Question("გამარჯობა", "ka", "dialogue.greet"),
        Question("salami", "ka-Latn", "dialogue.greet"),
    ]


def test_every_wrong_line_is_named_at_once(tmp_path: Path, catalogue: Catalogue) -> None:
    lines = [
        line(),
        "{not json",
        '["a list"]',
        line(text=None),
        line(text=5),
        line(lang="fr"),
        line(label="dialogue.greeet"),
        line(label="nothing"),
        "[" * 100_000,
    ]
    path = tmp_path / "set.jsonl"
    path.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe{}\n")
    with pytest.raises(InputError, match=r"9 lines of set\.jsonl") as error:
        examination.load(path, catalogue, tmp_path)
    found = error.value.findings
    assert [finding.line for finding in found] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert {finding.path for finding in found} == {"set.jsonl"}
    assert "did you mean dialogue.greet?" in found[5].message
    assert "UTF-8" in found[-1].message


def test_set_that_is_not_there_is_named(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(MissingError, match=r"nowhere\.jsonl"):
        examination.load(tmp_path / "nowhere.jsonl", catalogue, tmp_path)


def test_message_becomes_a_test_once_and_can_be_taken_out(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    assert examination.add(tmp_path, ASKED)
    assert not examination.add(tmp_path, Question("ᲜᲐᲒᲕᲘᲡ ფული: რამდენია?", "ka", ASKED.label))
    with pytest.raises(InputError, match=r"test of local_fees\.cleaning_fee"):
        examination.add(tmp_path, Question(ASKED.text, "ka", "local_fees.debt"))
    examination.add(tmp_path, Question("სხვა", "ka", "local_fees.debt"))
    path = tmp_path / examination.FILE
    assert examination.load(path, catalogue, tmp_path)[0] == ASKED
    assert examination.remove(tmp_path, ASKED.text) == ASKED
    assert examination.remove(tmp_path, ASKED.text) is None
    assert [q.text for q in examination.load(path, catalogue, tmp_path)] == ["სხვა"]


@pytest.mark.parametrize("text", ["", " \u200d", "ა" * 601])
def test_empty_and_endless_messages_are_no_tests(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        examination.add(tmp_path, Question(text, "ka", "dialogue.greet"))


def test_file_somebody_broke_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / examination.FILE
    path.parent.mkdir()
    path.write_text("{broken\n")
    with pytest.raises(InputError) as error:
        examination.add(tmp_path, ASKED)
    assert error.value.findings[0].line == 1
    assert path.read_text() == "{broken\n"


def test_message_that_is_taught_and_a_test_is_found(tmp_path: Path, catalogue: Catalogue) -> None:
    taught = [Example("ᲜᲐᲒᲕᲘᲡ ფული", "local_fees.cleaning_fee", "ka", "data/nlu/a.yml", 7)]
    assert examination.check(tmp_path, catalogue, taught) == []
    examination.add(tmp_path, Question("ნაგვის ფული", "ka", "local_fees.cleaning_fee"))
    (finding,) = examination.check(tmp_path, catalogue, taught)
    assert str(finding).startswith("data/nlu/a.yml:7: this message is a test")
    (tmp_path / examination.FILE).write_text("{\n")
    (finding,) = examination.check(tmp_path, catalogue, taught)
    assert str(finding).startswith("data/examination.jsonl:1: ")

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from bot.core.catalogue import Catalogue, load_catalogue
from bot.core.errors import Finding
from bot.core.training_data import Counts, check_training_data, read_examples

CATALOGUE = """\
version: 1
topics:
  waste:
    name: {ka: ნარჩენები, en: Waste}
    services:
      fee:     {what: how much the fee is}
      payment: {what: where to pay}
dialogue:
  greet: {what: hello}
"""

GOOD = """\
version: "3.1"
nlu:
- intent: waste.fee
  metadata: {language: ka}
  examples: |
    - რა ღირს ნაგავი
    - რამდენია დასუფთავება
- intent: waste.fee
  metadata: {language: ka-Latn}
  examples: |
    - ra ghirs nagavi
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "catalogue.yml").write_text(CATALOGUE, encoding="utf-8")
    return load_catalogue(tmp_path / "knowledge")


def put(root: Path, name: str, text: str | bytes) -> None:
    path = root / "data" / "nlu" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())


def findings_of(root: Path, catalogue: Catalogue) -> list[str]:
    return [str(finding) for finding in check_training_data(root, catalogue)[1]]


def test_good_data_has_no_finding(tmp_path: Path, catalogue: Catalogue) -> None:
    put(tmp_path, "waste/fee.yml", GOOD)
    assert check_training_data(tmp_path, catalogue) == (Counts(1, 3), [])


def test_messages_are_read_with_their_place(tmp_path: Path, catalogue: Catalogue) -> None:
    put(tmp_path, "waste/fee.yml", GOOD)
    examples, _ = read_examples(tmp_path, catalogue)
    assert [(e.text, e.intent, e.language, e.line) for e in examples] == [
        ("რა ღირს ნაგავი", "waste.fee", "ka", 6),
        ("რამდენია დასუფთავება", "waste.fee", "ka", 7),
        ("ra ghirs nagavi", "waste.fee", "ka-Latn", 11),
    ]


def test_lookup_tables_are_passed_over(tmp_path: Path, catalogue: Catalogue) -> None:
    put(
        tmp_path,
        "lookups/attributes.yml",
        "nlu:\n- lookup: attribute_price\n  examples: |\n    - ღირს\n",
    )
    assert check_training_data(tmp_path, catalogue) == (Counts(0, 0), [])


def test_question_that_follows_up_is_no_id_and_may_be_taught(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    put(tmp_path, "dialogue/follow_up.yml", GOOD.replace("waste.fee", "follow_up"))
    assert findings_of(tmp_path, catalogue) == []


def block(intent: str, lines: str, metadata: str = "metadata: {language: ka}") -> str:
    return f"nlu:\n- intent: {intent}\n  {metadata}\n  examples: |\n{lines}"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("nlu:\n- intent: waste.fee\n\tmetadata: {}\n", 3, "tab"),
        ("nlu:\n\t- intent: waste.fee\n", 2, "tab"),
        (block("waste.fee", "    - ერთი\n\t- ორი\n"), 6, "tab"),
        ("nlu:\n- intent: [waste.fee\n", 2, "bracket"),
        ("nlu:\n- intent: waste.fee: ka\n", 2, "colon"),
        ("nlu:\n- intent: waste.fee\n# \x01\n", 3, "control character"),
        ("nlu:\n- intent: ნაგავი\n".encode("utf-16"), 1, "UTF-8"),
        (block("waste.fees", "    - ერთი\n"), 5, "no id of"),
        ("nlu:\n- intent: waste.fee\n  metadata: {language: ka}\n", 2, "no examples"),
        (block("waste.fee", "\n"), 2, "no examples"),
        (block("waste.fee", "    - ერთი\n").replace("|", ""), 4, "examples: |"),
        (block("waste.fee", "    -\n    - ერთი\n"), 5, "empty"),
        (block("waste.fee", "    - ერთი\n    - 😀\n"), 6, "no readable word"),
        (block("waste.fee", "    - ერთი\n    - 🙂\u200d\n"), 6, "no readable word"),
        (
            block("waste.fee", "    - ერთი\n") + "  example: |\n    - ორი\n",
            6,
            "unknown key example",
        ),
        (block("waste.fee", "    - ერთი\n") + "- intnet: waste.fee\n", 6, "mean intent?"),
        (block("waste.fee", "    - ერთი\n") + "  examples: |\n    - ორი\n", 6, "second time"),
        (block("waste.fee", "    - ერთი\n") + "- waste.fee\n", 6, "no block"),
        (block("waste.fee", "    - ერთი\n    -  \n"), 6, "empty"),
        (block("waste.fee", "    - ერთი\n    ორი\n"), 6, "dash"),
        (block("waste.fee", f"    - {'ა' * 601}\n"), 5, "longer than 600"),
        (block("waste.fee", "    - ერთი\n", "metadata: {language: fr}"), 2, "fr is no language"),
        ("nlu:\n- intent: waste.fee\n  examples: |\n    - ერთი\n", 2, "language"),
        (block("waste.payment", "    - სად ვიხდი\n"), 5, "file of waste.fee"),
        (
            block("waste.fee", "    - რა ღირს?\n    - სხვა\n    - რა  ღირს?\n"),
            7,
            "fee.yml:5 here too",
        ),
    ],
)
def test_mistake_is_found_with_its_line(
    tmp_path: Path, catalogue: Catalogue, text: str | bytes, line: int, says: str
) -> None:
    put(tmp_path, "waste/fee.yml", text)
    (finding,) = check_training_data(tmp_path, catalogue)[1]
    assert (finding.path, finding.line) == ("data/nlu/waste/fee.yml", line)
    assert says in finding.message
    assert finding.message.endswith((".", "?"))


def test_message_of_600_characters_is_taken(tmp_path: Path, catalogue: Catalogue) -> None:
    put(tmp_path, "waste/fee.yml", block("waste.fee", f"    - {'ა ბ' * 200}\n"))
    assert findings_of(tmp_path, catalogue) == []


def test_message_under_two_ids_names_both_places(tmp_path: Path, catalogue: Catalogue) -> None:
    put(tmp_path, "waste/fee.yml", GOOD)
    put(tmp_path, "waste/payment.yml", block("waste.payment", "    - ᲠᲐ ღირს ნაგავი\n"))
    (finding,) = check_training_data(tmp_path, catalogue)[1]
    assert (finding.path, finding.line) == ("data/nlu/waste/payment.yml", 5)
    assert "data/nlu/waste/fee.yml:6 for waste.fee" in finding.message


def test_unknown_id_is_told_once_with_what_may_be_meant(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    put(tmp_path, "waste/fee.yml", block("waste.fees", "    - ერთი\n    - ორი\n    - სამი\n"))
    (finding,) = check_training_data(tmp_path, catalogue)[1]
    assert finding.line == 5
    assert "did you mean waste.fee?" in finding.message


def test_all_mistakes_are_told_in_one_go(tmp_path: Path, catalogue: Catalogue) -> None:
    put(tmp_path, "dialogue/greet.yml", "nlu:\n\t- intent: dialogue.greet\n")
    put(tmp_path, "waste/fee.yml", block("waste.fees", "    - ერთი\n    - \n", "metadata: {}"))
    put(tmp_path, "waste/payment.yml", block("waste.payment", "    - ერთი\n"))
    found = check_training_data(tmp_path, catalogue)[1]
    assert [(finding.path.rpartition("/")[2], finding.line) for finding in found] == [
        ("greet.yml", 2),
        ("fee.yml", 2),
        ("fee.yml", 5),
        ("fee.yml", 6),
        ("payment.yml", 5),
    ]
    assert all(isinstance(finding, Finding) for finding in found)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "nlu: []\n", "- a list\n", "text\n"])
def test_file_without_messages_is_no_mistake(
    tmp_path: Path, catalogue: Catalogue, text: str
) -> None:
    put(tmp_path, "waste/fee.yml", text)
    assert findings_of(tmp_path, catalogue) == []


def test_shipped_data_has_no_finding(root: Path) -> None:
    counts, findings = check_training_data(root, load_catalogue(root / "knowledge"))
    assert [str(finding) for finding in findings] == []
    assert counts.intents > 20
    assert counts.examples > 2_000

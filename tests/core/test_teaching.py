from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from bot.core import examination, teaching
from bot.core.catalogue import Catalogue, load_catalogue
from bot.core.errors import InputError
from bot.core.examination import Question
from bot.core.teaching import Conflict
from bot.core.training_data import check_training_data

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

FEE = """\
# waste.fee: how much it is.   Not: where to pay (payment).
version: "3.1"

nlu:
- intent: waste.fee   # the plain question
  metadata: {language: ka}
  examples: |
    - რა ღირს ნაგავი
    - რამდენია: დასუფთავება?

# those who write in Latin letters
- intent: waste.fee
  metadata: {language: ka-Latn}
  examples: |
    - ra ghirs nagavi
"""

PAYMENT = (
    "nlu:\n- intent: waste.payment\n  metadata: {language: ka}\n  examples: |\n    - სად ვიხდი\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, content in (
        ("knowledge/catalogue.yml", CATALOGUE),
        ("data/nlu/waste/fee.yml", FEE),
        ("data/nlu/waste/payment.yml", PAYMENT),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(content), encoding="utf-8")
    return tmp_path


@pytest.fixture
def catalogue(root: Path) -> Catalogue:
    return load_catalogue(root / "knowledge")


def text_of(root: Path) -> str:
    return (root / "data/nlu/waste/fee.yml").read_text(encoding="utf-8")


def test_message_is_added_under_its_language_and_all_else_stays(
    root: Path, catalogue: Catalogue
) -> None:
    taught = teaching.teach(root, catalogue, "waste.fee", "ka", "  ჯარიმა:\n რამდენია? # ")
    wanted = FEE.replace(
        "    - რამდენია: დასუფთავება?\n",
        "    - რამდენია: დასუფთავება?\n    - ჯარიმა: რამდენია? #\n",
    )
    assert text_of(root) == wanted
    assert (taught.path, taught.line) == ("data/nlu/waste/fee.yml", 10)
    assert taught.hash == teaching.seen(root, "waste.fee")
    assert check_training_data(root, catalogue)[1] == []


def test_first_message_of_a_language_begins_a_block(root: Path, catalogue: Catalogue) -> None:
    teaching.teach(root, catalogue, "waste.fee", "ru", "сколько стоит мусор")
    block = "- intent: waste.fee\n  metadata: {language: ru}\n  examples: |\n    - сколько"
    assert text_of(root).startswith(FEE)
    assert block in text_of(root)
    assert check_training_data(root, catalogue)[1] == []


def test_id_without_a_file_gets_one(root: Path, catalogue: Catalogue) -> None:
    taught = teaching.teach(root, catalogue, "dialogue.greet", "en", "hello: there")
    assert taught.path == "data/nlu/dialogue/greet.yml"
    assert check_training_data(root, catalogue)[1] == []


def test_file_changed_by_hand_is_shown_not_overwritten(root: Path, catalogue: Catalogue) -> None:
    seen = teaching.seen(root, "waste.fee")
    changed = FEE.replace("ნაგავი", "ნაგავი თვეში")
    (root / "data/nlu/waste/fee.yml").write_text(changed, encoding="utf-8")
    with pytest.raises(Conflict, match="was changed meanwhile"):
        teaching.teach(root, catalogue, "waste.fee", "ka", "ჯარიმა რამდენია", seen)
    assert text_of(root) == changed
    seen = teaching.seen(root, "waste.fee")
    teaching.teach(root, catalogue, "waste.fee", "ka", "ჯარიმა რამდენია", seen)
    assert "    - ჯარიმა რამდენია\n" in text_of(root)


@pytest.mark.parametrize(
    ("label", "language", "text", "says"),
    [
        ("waste.fees", "ka", "ჯარიმა", "no id"),
        ("waste.fee", "fr", "ჯარიმა", "no way of writing"),
        ("waste.fee", "ka", " \u200d😀 ", "no readable word"),
        ("waste.fee", "ka", "ა" * 601, "longer than 600"),
        ("waste.payment", "ka", "ᲠᲐ ღირს  ნაგავი", "already, for waste.fee"),
        ("waste.fee", "ka", "რა ღირს ნაგავი", "taught already"),
    ],
)
def test_what_cannot_be_taught_is_told_and_nothing_is_written(
    root: Path, catalogue: Catalogue, label: str, language: str, text: str, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        teaching.teach(root, catalogue, label, language, text)
    assert text_of(root) == FEE


def test_file_with_mistakes_is_mended_by_hand_first(root: Path, catalogue: Catalogue) -> None:
    broken = FEE + "\t- nonsense\n"
    (root / "data/nlu/waste/fee.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(InputError, match="mend them first") as error:
        teaching.teach(root, catalogue, "waste.fee", "ka", "ჯარიმა")
    assert "tab" in str(error.value.findings[0])
    assert text_of(root) == broken


@pytest.mark.parametrize(
    "text", ["- - x", "'quoted' \"twice\"", "{a: b}", "&x *y !z", "# no", "a\\b%"]
)
def test_any_characters_come_back_as_they_were(root: Path, catalogue: Catalogue, text: str) -> None:
    teaching.teach(root, catalogue, "waste.fee", "en", text)
    assert text in [e.text for e in teaching.read_examples(root, catalogue)[0]]
    assert check_training_data(root, catalogue)[1] == []


def test_what_rasa_would_read_as_an_entity_stays_text(root: Path, catalogue: Catalogue) -> None:
    teaching.teach(root, catalogue, "waste.fee", "en", "see [this](link) and [that]{x}")
    assert "    - see [this] (link) and [that] {x}\n" in text_of(root)


def test_taught_message_is_no_test_any_more(root: Path, catalogue: Catalogue) -> None:
    examination.add(root, Question("ჯარიმა რამდენია", "ka", "waste.fee"))
    teaching.teach(root, catalogue, "waste.fee", "ka", "ჯარიმა რამდენია")
    assert examination.remove(root, "ჯარიმა რამდენია") is None


def test_shipped_files_stay_byte_for_byte_but_for_the_message(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    shipped = Path(__file__).parents[2] / "data" / "nlu"
    for path in sorted(shipped.glob("*/*.yml")):
        if path.parent.name == "lookups":
            continue
        before = path.read_text(encoding="utf-8").splitlines()
        label = f"{path.parent.name}.{path.stem}"
        label = path.stem if label == "dialogue.follow_up" else label
        after = teaching._with(path, label, "en", "A MESSAGE").splitlines()
        assert [line for line in after if line != "    - A MESSAGE"] == before, path
        assert len(after) == len(before) + 1

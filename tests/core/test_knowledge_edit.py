from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.core import knowledge_edit
from bot.core.errors import InputError, MissingError
from bot.core.knowledge_edit import Change, Conflict, NewPeriod, attempt, look, save

FEE = "local_fees.cleaning_fee"


@pytest.fixture
def knowledge(root: Path, tmp_path: Path) -> Path:
    shutil.copytree(root / "knowledge", tmp_path / "knowledge")
    return tmp_path / "knowledge"


@pytest.mark.parametrize("folder", ["national", "rustavi"])
def test_writing_what_is_there_changes_no_letter_of_the_file(knowledge: Path, folder: str) -> None:
    entry = look(knowledge, folder, FEE)
    content = knowledge_edit._with(entry.path, FEE, Change(entry.fields))
    assert content == entry.path.read_text(encoding="utf-8")


def test_changed_text_is_written_and_nothing_else_moves(knowledge: Path) -> None:
    entry = look(knowledge, "rustavi", FEE)
    before = entry.path.read_text().splitlines()
    words = "კითხვები მისწერეთ მერიას. ცხელი ხაზი: {hotline}, ტელეფონი: {phone}."
    english = "Hotline: {hotline}, phone: {phone}"
    texts = {"attributes.contact.ka": words, "attributes.contact.en": english}
    change = Change({**entry.fields, **texts})
    after = save(knowledge, knowledge.parent / "var", "rustavi", FEE, change, entry.hash)
    assert after.fields["attributes.contact.ka"] == words
    assert after.hash != entry.hash
    lines = entry.path.read_text().splitlines()
    kept = [line for line in before if line in lines]
    assert len(before) - len(kept) <= 6
    assert before[0] == lines[0]


def test_long_text_is_written_a_sentence_a_line(knowledge: Path) -> None:
    entry = look(knowledge, "rustavi", FEE)
    words = "პირველი წინადადება გრძელია და მთელ ხაზს იკავებს. " * 3
    content = knowledge_edit._with(entry.path, FEE, Change({"owner": words}))
    assert "  owner: >-\n    პირველი" in content
    assert content.count("    პირველი წინადადება") == 3


def test_a_new_line_stands_above_the_empty_one_between_two_entries(knowledge: Path) -> None:
    entry = look(knowledge, "rustavi", FEE)
    before = entry.path.read_text().splitlines()
    lines = knowledge_edit._with(entry.path, FEE, Change({"owner": "სამსახური"})).splitlines()
    assert [line for line in lines if line != "  owner: სამსახური"] == before
    at = lines.index("  owner: სამსახური")
    assert lines[at + 1].strip()
    assert lines[at - 1].strip()


def test_list_is_written_as_a_block(knowledge: Path) -> None:
    entry = look(knowledge, "rustavi", FEE)
    content = knowledge_edit._with(entry.path, FEE, Change({"attributes.steps.en": "1. a\n2. b"}))
    assert "      en: |\n        1. a\n        2. b\n" in content


def test_conflict_with_an_edit_by_hand_writes_nothing(knowledge: Path) -> None:
    entry = look(knowledge, "rustavi", FEE)
    by_hand = entry.path.read_text() + "# a clerk was here\n"
    entry.path.write_text(by_hand)
    with pytest.raises(Conflict):
        save(knowledge, knowledge.parent / "var", "rustavi", FEE, Change({}), entry.hash)
    assert entry.path.read_text() == by_hand


def test_what_the_check_refuses_is_not_written(knowledge: Path) -> None:
    entry = look(knowledge, "national", FEE)
    before = entry.path.read_text()
    for fields in (
        {"title.ka": "სათაური, რომელიც ღილაკზე ვერ დაეტევა"},
        {"answer.en": ""},
        {"answer.ka": "{nonsense} ლარი"},
    ):
        change = Change({**entry.fields, **fields})
        with pytest.raises(InputError) as refused:
            save(knowledge, knowledge.parent / "var", "national", FEE, change, entry.hash)
        assert refused.value.findings
        assert refused.value.findings[0].path == "knowledge/national/local_fees.yml"
    assert entry.path.read_text() == before


def test_new_period_ends_the_one_before(knowledge: Path) -> None:
    entry = look(knowledge, "rustavi", FEE)
    name = next(iter(entry.figures))
    change = Change({}, {name: NewPeriod("4.5", date(2027, 1, 1))})
    after = save(knowledge, knowledge.parent / "var", "rustavi", FEE, change, entry.hash)
    *_, old, new = after.figures[name]
    assert (old.valid_until, new.value, new.valid_from) == ("2026-12-31", "4.5", "2027-01-01")
    assert new.unit == old.unit


def test_attempt_tells_what_residents_would_read(knowledge: Path) -> None:
    entry = look(knowledge, "rustavi", FEE)
    trial = attempt(knowledge, "rustavi", FEE, Change({**entry.fields, "owner": "finance"}))
    assert trial.findings == ()
    assert trial.loaded is not None


@pytest.mark.parametrize(
    ("folder", "id"), [("rustavi", "nonsense.x"), ("..", FEE), ("nowhere", FEE), ("texts", "ka.x")]
)
def test_unknown_entry_is_missing(knowledge: Path, folder: str, id: str) -> None:
    with pytest.raises(MissingError):
        look(knowledge, folder, id)

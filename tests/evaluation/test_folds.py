from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.core.catalogue import load_catalogue
from bot.core.progress import Silent
from bot.core.training_data import Example, check_training_data, read_examples
from bot.evaluation import folds

ROOT = Path(__file__).parents[2]
IDS = {"local_fees.debt": 11, "dialogue.greet": 5, "follow_up": 3}


def examples() -> list[Example]:
    return [
        Example(f"{intent} {language} {number}", intent, language, "f.yml", number)
        for intent, count in IDS.items()
        for language in ("ka", "en")
        for number in range(count)
    ]


def test_parts_hold_every_message_once_and_each_id_evenly() -> None:
    dealt = folds.parts(examples(), 3)
    assert sorted(e.text for part in dealt for e in part) == sorted(e.text for e in examples())
    for part in dealt:
        counted = Counter((e.intent, e.language) for e in part)
        for intent, number in IDS.items():
            assert counted[intent, "ka"] in (number // 3, number // 3 + 1)
    assert dealt == folds.parts(reversed(examples()), 3)


def test_smaller_share_is_a_part_of_a_larger_one() -> None:
    small = {e.text for e in folds.share_of(examples(), 0.2)}
    large = {e.text for e in folds.share_of(examples(), 0.6)}
    assert small < large
    assert {e.intent for e in folds.share_of(examples(), 0.01)} == set(IDS)
    assert len(folds.share_of(examples(), 1.0)) == len(examples())


def test_files_can_be_read_as_training_data(tmp_path: Path) -> None:
    for name, content in folds.as_files(examples()).items():
        path = tmp_path / "data" / "nlu" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    catalogue = load_catalogue(ROOT / "knowledge")
    assert check_training_data(tmp_path, catalogue)[1] == []
    found = {(e.text, e.intent, e.language) for e in read_examples(tmp_path, catalogue)[0]}
    assert found == {(e.text, e.intent, e.language) for e in examples()}


@pytest.mark.slow
def test_training_data_are_examined_with_themselves() -> None:
    found, _ = read_examples(ROOT, load_catalogue(ROOT / "knowledge"))
    some = [e for e in found if e.intent in ("local_fees.debt", "dialogue.greet", "dialogue.thank")]
    some = [e for e in some if e.language == "ka"][:90]
    judged = folds.cross_validate(ROOT, some, 2, Silent())
    assert {one.text for one in judged} == {e.text for e in some}
    assert sum(one.right for one in judged) / len(judged) > 0.7

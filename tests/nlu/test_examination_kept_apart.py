"""The evaluation messages are an examination: none may stand in the training data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.core.catalogue import load_catalogue
from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.core.training_data import Example, read_examples

ROOT = Path(__file__).parents[2]
#: Cosine of the character trigrams from which two messages count as reworded.
NEAR = 0.9


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    found, findings = read_examples(ROOT, load_catalogue(ROOT / "knowledge"))
    assert not findings
    return found


@pytest.fixture(scope="module")
def examination() -> list[str]:
    path = ROOT / "tests" / "evaluation" / "dev.jsonl"
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def letters(text: str) -> str:
    return "".join(character for character in normalise(text) if character.isalnum())


def test_no_training_message_stands_in_the_examination(
    examples: list[Example], examination: list[str]
) -> None:
    asked = {letters(text) for text in examination}
    same = [f"{e.path}:{e.line} {e.text}" for e in examples if letters(e.text) in asked]
    assert same == []


def test_no_training_message_is_a_reworded_one(
    examples: list[Example], examination: list[str]
) -> None:
    taught = [skeleton(normalise(example.text)) for example in examples]
    asked = [skeleton(normalise(text)) for text in examination]
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), lowercase=False)
    matrix = vectorizer.fit_transform(taught)
    likeness = np.asarray((matrix @ vectorizer.transform(asked).T).max(axis=1).todense()).ravel()
    near = [
        f"{examples[i].path}:{examples[i].line} {examples[i].text}"
        for i in np.flatnonzero(likeness >= NEAR)
    ]
    assert near == []

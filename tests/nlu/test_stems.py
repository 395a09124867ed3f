from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.normaliser import NORMALISED
from bot.nlu.speller import READING
from bot.nlu.stems import STEMS, Stemmer, stem, stems


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("სახლი სახლს სახლში სახლიდან სახლებიდან სახლისთვის სახლამდე სახლებმა", "სახლ"),
        ("კოსტავა კოსტავას კოსტავაზე კოსტავასთან", "კოსტავ"),
        ("ბავშვი ბავშვებიც ბავშვებისგან ბავშვად", "ბავშვ"),
        ("გადასახადი გადასახადის გადასახადიც", "გადასახად"),
    ],
)
def test_forms_of_a_word_have_one_stem(words: str, expected: str) -> None:
    assert {stem(word) for word in words.split()} == {expected}


@pytest.mark.parametrize("word", ["და", "რა", "ვინ", "house", "дома", "evdən", "2026", ""])
def test_short_words_and_other_languages_stay(word: str) -> None:
    assert stem(word) == word


@given(st.text(alphabet="აბგდევიოსშნრლთმ", min_size=3, max_size=15))
def test_a_stem_begins_the_word_and_keeps_three_letters(word: str) -> None:
    assert word.startswith(stem(word))
    assert len(stem(word)) >= 3


def test_words_are_set_apart_and_punctuation_goes() -> None:
    assert stems("ქუჩაში, სახლთან... what's up") == "ქუჩ სახლ what's up"


def test_what_is_read_is_stemmed_and_else_what_was_typed() -> None:
    messages = [Message({NORMALISED: "saxlshi", READING: "სახლში"}), Message({NORMALISED: "სახლი"})]
    data = Stemmer({}, None, None).process_training_data(TrainingData(messages))
    assert [message.get(STEMS) for message in data.training_examples] == ["სახლ", "სახლ"]
    (empty,) = Stemmer({}, None, None).process([Message({})])
    assert empty.get(STEMS) == ""

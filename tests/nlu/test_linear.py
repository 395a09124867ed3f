from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.nlu.linear import LinearClassifier, character_ngrams, word_ngrams

QUESTIONS = {
    "fee": ["რა ღირს ნაგავი", "რამდენია დასუფთავება", "nagvis fuli ramdenia", "ნაგვის გადასახადი"],
    "parking": ["პარკირების საფასური", "parkireba ra girs", "სად დავაყენო მანქანა", "პარკინგი"],
    "greet": ["გამარჯობა", "gamarjoba", "სალამი ყველას", "დილა მშვიდობისა"],
}
UNKNOWN = [
    "",
    "x",
    "zzz qqq",
    "რა",
    "ნაგავი ნაგავი ნაგავი პარკირება",
    "გამარჯობა რა ღირს პარკინგი",
    "5",
]


def taught(labels: list[str]) -> tuple[list[str], list[str]]:
    pairs = [(skeleton(normalise(text)), label) for label in labels for text in QUESTIONS[label]]
    return [text for text, _ in pairs], [label for _, label in pairs]


def stock(ngrams: tuple[int, int], strength: float, least: int) -> Pipeline:
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=ngrams, min_df=least, sublinear_tf=True, lowercase=False
    )
    regression = LogisticRegression(
        C=strength, class_weight="balanced", max_iter=500, multi_class="multinomial"
    )
    return make_pipeline(vectorizer, regression)


@pytest.mark.parametrize("labels", [["fee", "greet"], ["fee", "parking", "greet"]], ids=len)
@pytest.mark.parametrize("ngrams", [(2, 5), (1, 4)])
def test_saved_classifier_gives_the_probabilities_of_scikit_learn(
    tmp_path: Path, labels: list[str], ngrams: tuple[int, int]
) -> None:
    texts, classes = taught(labels)
    fitted = LinearClassifier.fit(texts, classes, ngrams, 30.0, min_documents=1, iterations=500)
    fitted.save(tmp_path, "table")
    loaded = LinearClassifier.load(tmp_path, "table")
    pipeline = stock(ngrams, 30.0, 1).fit(texts, classes)
    assert loaded.classes == tuple(pipeline.classes_)
    for text in [*texts, *(skeleton(normalise(text)) for text in UNKNOWN)]:
        expected = pipeline.predict_proba([text])[0]
        assert np.abs(fitted.probabilities(text) - expected).max() < 3e-3
        assert np.abs(loaded.probabilities(text) - expected).max() < 1e-2
        assert loaded.probabilities(text).sum() == pytest.approx(1, abs=1e-5)


def test_rare_ngrams_are_left_out(tmp_path: Path) -> None:
    texts, classes = taught(["fee", "greet"])
    LinearClassifier.fit(texts, classes, (2, 5), 30.0, min_documents=2).save(tmp_path, "table")
    content = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    counts = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5), lowercase=False, min_df=2)
    assert set(content["rows"]) == set(counts.fit(texts).vocabulary_)


def test_text_without_known_ngrams_gives_the_bare_odds() -> None:
    texts, classes = taught(["fee", "parking", "greet"])
    fitted = LinearClassifier.fit(texts, classes, (2, 5), 30.0)
    assert np.array_equal(fitted.probabilities(""), fitted.probabilities("0123456789"))


analyse = {
    ngrams: CountVectorizer(
        analyzer="char_wb", ngram_range=ngrams, lowercase=False
    ).build_analyzer()
    for ngrams in [(2, 5), (1, 4), (3, 3), (1, 1)]
}


@pytest.mark.parametrize("ngrams", list(analyse))
@given(text=st.text(alphabet="აბ წabc7 .-\n", max_size=40) | st.text(max_size=40))
def test_ngrams_are_those_of_char_wb(ngrams: tuple[int, int], text: str) -> None:
    assert sorted(character_ngrams(text, *ngrams)) == sorted(analyse[ngrams](text))


@given(text=st.text(alphabet="აბ წab ", max_size=30), ngrams=st.sampled_from([(1, 2), (1, 1)]))
def test_word_ngrams_are_those_of_scikit_learn(text: str, ngrams: tuple[int, int]) -> None:
    counts = CountVectorizer(
        analyzer="word", token_pattern=r"\S+", ngram_range=ngrams, lowercase=False
    )
    assert sorted(word_ngrams(text, *ngrams)) == sorted(counts.build_analyzer()(text))


def test_classifier_of_words_is_kept_as_such(tmp_path: Path) -> None:
    texts, classes = taught(["fee", "greet"])
    fitted = LinearClassifier.fit(texts, classes, (1, 2), 30.0, min_documents=1, unit="words")
    fitted.save(tmp_path, "table")
    loaded = LinearClassifier.load(tmp_path, "table")
    for text in texts:
        assert loaded.classes[loaded.scores(text).argmax()] == classes[texts.index(text)]
    # A part of a word says nothing.
    assert np.array_equal(loaded.scores("gamarjo"), loaded.scores(""))

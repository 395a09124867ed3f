from __future__ import annotations

import pytest

from bot.core.grams import folded, grams, rarity, scores, vector


def test_grams_are_alike_in_both_scripts() -> None:
    assert grams(folded("რუსთავი")) == grams(folded("rustavi"))
    assert grams(folded("{rate} ლარი")) == grams(folded("lari"))


@pytest.mark.parametrize("text", ["", "🙂🙂", "\ud800"])
def test_what_holds_no_letters_has_no_grams(text: str) -> None:
    assert grams(folded(text)) == {}


def test_rare_runs_weigh_more() -> None:
    weights = vector({"aaa": 1, "bbb": 1}, {"aaa": rarity(100, 1), "bbb": rarity(100, 50)})
    assert weights["aaa"] > weights["bbb"]
    assert sum(weight**2 for weight in weights.values()) == pytest.approx(1)


def test_a_title_counts_more_and_the_second_best_text_adds() -> None:
    found = [("a", "title", 0.5), ("b", "attribute", 0.5), ("b", "attribute", 0.5)]
    assert scores(found) == {"a": 0.5, "b": pytest.approx(0.3 + 0.5 * 0.3)}

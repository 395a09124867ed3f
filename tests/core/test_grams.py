from __future__ import annotations

import pytest

from bot.core.grams import folded, grams, query, rarity, scores, vector


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


def alike(words: str, text: str) -> float:
    runs = {*grams(folded(words)), *grams(folded(text))}
    length = sum(number**2 for number in grams(folded(text)).values()) ** 0.5
    return query(folded(words), dict.fromkeys(runs, 1.0)).likeness(folded(text), length)


@pytest.mark.parametrize(
    ("word", "text", "only_letters"),
    [
        ("პენსია", "პენსიის დანიშვნა", "კომპენსიის დანიშვნა"),
        ("pensia", "пенсионер живёт", "суспенсионер живёт"),
        ("ხე", "მოჭრილი ხე", "მოჭრილი ხეს"),
        ("dasuftaveba", "დასუფთავებისთვის", "გადასუფთავებისთვის"),
    ],
)
def test_a_word_is_found_whatever_its_ending_and_not_inside_another(
    word: str, text: str, only_letters: str
) -> None:
    assert alike(word, text) > alike(word, only_letters) + 0.15


def test_nothing_is_alike_to_no_words() -> None:
    assert alike("", "ხე") == 0


def test_the_very_words_are_as_alike_as_can_be() -> None:
    assert alike("ნაგვის ფული", "ნაგვის ფული") == pytest.approx(1)

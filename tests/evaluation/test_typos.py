from __future__ import annotations

from bot.core.examination import Question
from bot.evaluation.typos import with_typos

TEXTS = (
    "რამდენია დასუფთავების გადასახადი ოთხსულიან ოჯახზე რუსთავში",
    "как получить справку о составе семьи в мэрии",
    "parking near the city hall, how much?",
    "და აი ეს რა",
)


def questions(count: int = 300) -> list[Question]:
    return [Question(f"{TEXTS[n % 4]} {n}", "ka", "a.b") for n in range(count)]


def test_same_seed_gives_the_same_mistakes() -> None:
    assert with_typos(questions()) == with_typos(questions())
    assert with_typos(questions()) != with_typos(questions(), seed=1)


def test_a_third_of_the_longer_words_is_mistyped_and_no_short_one() -> None:
    long = changed = 0
    for before, after in zip(questions(), with_typos(questions()), strict=True):
        pairs = zip(before.text.split(" "), after.text.split(" "), strict=True)
        for old, new in pairs:
            letters = sum(character.isalpha() for character in old)
            long += letters >= 4
            changed += old != new
            assert letters >= 4 or old == new
            assert abs(len(old) - len(new)) <= 1
        assert (before.language, before.label) == (after.language, after.label)
    # An edit that swaps two equal letters changes nothing.
    assert 0.24 < changed / long < 0.36


def test_texts_of_any_kind_are_left_whole() -> None:
    for text in ("", " ", "a", "1234567 (555)", "ააააა", "😀😀😀😀", "-----"):
        (found,) = with_typos([Question(text, "ka", "a.b")])
        assert found.text.count(" ") == text.count(" ")

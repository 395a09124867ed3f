from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.categories import guess, load_categories, read_categories
from bot.core.errors import InputError
from bot.core.submissions.model import Kind

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
CATEGORIES = load_categories(KNOWLEDGE)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("გზაზე დიდი ორმოა", "roads"),
        ("ლამპიონი არ ანათებს", "lighting"),
        ("ნაგავი სამი დღეა არ გააქვთ", "waste"),
        ("წყლის მილი გასკდა", "water"),
        ("ხე წაიქცა", "greenery"),
        ("საქანელა გატეხილია ეზოში", "yards"),
        ("მაწანწალა ძაღლები დადიან", "animals"),
        ("შუქნიშანი არ მუშაობს", "transport"),
        ("ღამით ხმაურია", "noise"),
        ("nagavi ar gaaqvt", "waste"),
        ("Яма на дороге", "roads"),
        ("the street lamp is dark", "lighting"),
        ("küçədə işıq yoxdur", "lighting"),
        ("ծառը ընկել է", "greenery"),
    ],
)
def test_the_category_of_a_problem_is_guessed(text: str, category: str) -> None:
    assert guess(CATEGORIES, Kind.PROBLEM, text)[0].id == category


def test_three_different_ones_of_the_kind_are_offered_never_other() -> None:
    for kind in (Kind.IDEA, Kind.PROBLEM):
        for text in ("", "…", "ველობილიკი პარკში სკოლასთან"):
            found = guess(CATEGORIES, kind, text)
            assert len({one.id for one in found}) == 3
            assert all(kind.value in one.kinds and one.id != "other" for one in found)


def test_short_words_count_whole() -> None:
    assert guess(CATEGORIES, Kind.PROBLEM, "ხელი მომკიდეთ")[0].id != "greenery"


def test_titles_fall_back() -> None:
    assert CATEGORIES["roads"].name("xx") == "გზები და ტროტუარი"
    for one in CATEGORIES.values():
        assert set(one.title) == {"ka", "en", "ru", "az", "hy"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("roads:\n  kinds: [idea]\n  title: {ka: გ, en: R}\n  words: []\n", "the category other"),
        ("other:\n  kinds: [thing]\n  title: {ka: ს, en: O}\n  words: []\n", "unknown kind thing"),
        ("other:\n  kinds: [idea]\n  title: {ka: ს}\n  words: []\n", "3: the title lacks en"),
        ("other:\n  kinds: [idea]\n  title: {ka: ს, en: A very long title indeed}\n  words: []\n",
         "3: “A very long title indeed” has 24"),
        ("other:\n  kinds: [idea]\n  title: {ka: ს, en: O}\n  color: x\n  words: []\n",
         "4: unknown key color"),
        ("other: [\n", "1: a bracket opens here"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "categories.yml").write_text(text, encoding="utf-8")
    _, findings = read_categories(tmp_path)
    assert any(message in str(finding) for finding in findings), findings
    with pytest.raises(InputError):
        load_categories(tmp_path)


def test_a_folder_without_categories_has_none(tmp_path: Path) -> None:
    assert load_categories(tmp_path) == {}

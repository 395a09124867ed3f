from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.nlu.spelling import WITHOUT_SHIFT, Spelling

TAUGHT = (
    "რამდენია დასუფთავების მოსაკრებელი ოთხ სულზე",
    "ნაგვის ფული კაცზე რამდენია",
    "შეღავათი მინდა ქალაქში",
    "წყალი არ მოდის",
    "ჩემი ჯარიმა",
    "კარგი დღე",
)


@pytest.fixture(scope="module")
def spelling(tmp_path_factory: pytest.TempPathFactory) -> Spelling:
    """Learnt, saved and loaded again."""
    folder = tmp_path_factory.mktemp("spelling")
    messages = [*((text, "ka") for text in TAUGHT), ("how much is the garbage fee", "en")]
    Spelling.learn(messages).save(folder)
    return Spelling.load(folder)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("nagvis fuli 4 kacze ramdenia?", "ნაგვის ფული 4 კაცზე რამდენია?"),
        ("wyali ar modis", "წყალი არ მოდის"),
        ("tskali ar modis", "წყალი არ მოდის"),
        ("ra jarima, sheghavati", "რა ჯარიმა, შეღავათი"),
        ("k'argi dghe", "კარგი დღე"),
        ("", ""),
        ("12.05.2026", "12.05.2026"),
        ("უკვე ქართულია", "უკვე ქართულია"),
    ],
)
def test_latin_letters_become_georgian(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.from_latin(typed) == read


@pytest.mark.parametrize("text", TAUGHT)
def test_text_typed_without_shift_is_repaired(spelling: Spelling, text: str) -> None:
    typed = text.translate(WITHOUT_SHIFT)
    assert spelling.with_shift(typed) == (text if len(typed) > 13 else typed)


@pytest.mark.parametrize(
    "text", [*TAUGHT, "სულ სხვა რამ შემთხვევა", "კი", "", "როდის მოვიდა ის ქალი"]
)
def test_text_typed_with_shift_stays(spelling: Spelling, text: str) -> None:
    assert spelling.with_shift(text) == text


@given(text=st.text(alphabet="abcdefghijklmnopqrstuvwxyz' ,?5", max_size=40))
def test_reading_has_the_skeleton_of_what_was_typed(spelling: Spelling, text: str) -> None:
    typed = normalise(text).replace("'", "")
    assert skeleton(spelling.from_latin(typed)) == skeleton(typed)


@pytest.mark.parametrize(
    ("typed", "language", "read"),
    [
        ("რამდნეია დასუფთავების", "ka", "რამდენია დასუფთავების"),
        ("დასუფთვების მოსაკრებელლი", "ka", "დასუფთავების მოსაკრებელი"),
        ("how much is teh grabage fee", "en", "how much is teh garbage fee"),
        ("grabage", "ka", "grabage"),
        ("grabage", "xx", "grabage"),
        ("დასუფთავებები", "ka", "დასუფთავებები"),
        ("ფლი", "ka", "ფლი"),
        ("", "ka", ""),
    ],
)
def test_longer_word_with_one_slip_is_read_as_the_known_one(
    spelling: Spelling, typed: str, language: str, read: str
) -> None:
    assert spelling.without_slips(typed, language) == read


@pytest.mark.parametrize("text", TAUGHT)
def test_known_words_stay(spelling: Spelling, text: str) -> None:
    assert spelling.without_slips(text, "ka") == text


def test_only_so_many_words_are_looked_up(spelling: Spelling) -> None:
    text = " ".join(["რამდნეია"] * 40)
    assert spelling.without_slips(text, "ka").split().count("რამდენია") == 12

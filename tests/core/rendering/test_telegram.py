from __future__ import annotations

import pytest

from bot.core.rendering.telegram import Labels, Part, Telephone, button_of, render
from bot.core.replies import Button, Link, Reply, Source


def titles(part: Part) -> list[list[str]]:
    return [[key.title for key in row] for row in part.rows]


def test_short_buttons_share_a_row_and_long_ones_have_their_own() -> None:
    words = ["კი", "არა", "მერიასთან დაკავშირება", "ფასი", "სად", "ვინ"]
    (part,) = render(Reply("?", tuple(Button(word, "act:help") for word in words)), 1)
    assert titles(part) == [["კი", "არა"], ["მერიასთან დაკავშირება"], ["ფასი", "სად"], ["ვინ"]]


def test_48_a_button_carries_its_place_within_64_bytes() -> None:
    payload = "attribute:" + "a" * 100
    buttons = tuple(Button(f"{number}", payload) for number in range(100))
    (part,) = render(Reply("?", buttons), 2**40)
    made = [key for row in part.rows for key in row]
    assert len(made) == 100
    for index, key in enumerate(made):
        assert len(key.place.encode()) <= 64
        assert button_of(key.place) == (2**40, index)


@pytest.mark.parametrize("data", ["", "1", "1.", ".1", "1.100", "g.1", "1.1\n", "-1.1", "1.1.1"])
def test_48_other_data_is_no_place(data: str) -> None:
    assert button_of(data) is None


def test_45_5000_georgian_letters_come_in_parts_of_4096_at_most() -> None:
    sentence = "დასუფთავების მოსაკრებელი თვეში სამი ლარია 😀. "
    text = (sentence * 200)[:5000].strip()
    parts = render(Reply(text, (Button("მენიუ", "act:help"),)), 1)
    assert [len(part.text.encode("utf-16-le")) // 2 <= 4096 for part in parts] == [True] * 2
    assert " ".join(part.text for part in parts) == text
    assert parts[0].text.endswith(".")
    assert [part.plain for part in parts] == [True, False]


def test_sources_links_and_pictures_are_shown() -> None:
    reply = Reply(
        "პასუხი",
        sources=(Source("დადგენილება", "https://example.ge/d", "2026-01-01"),),
        links=(Link("პორტალი", "https://my.gov.ge"), Link("შიდა", "http://10.0.0.1")),
        images=("https://example.ge/1.png", "file:///etc/passwd"),
    )
    picture, part = render(reply, 1, Labels("წყარო"))
    assert picture.picture == "https://example.ge/1.png"
    assert part.text == "პასუხი\n\nწყარო: დადგენილება\nhttps://example.ge/d"
    assert titles(part) == [["პორტალი"]]


def test_an_empty_reply_has_no_messages() -> None:
    assert render(Reply("  "), 1) == []


def test_25_the_telephone_may_answer_with_a_button_of_its_own() -> None:
    labels = Labels("წყარო", "ან ღილაკით:", "მდებარეობა")
    (alone,) = render(Reply("სად?", asks="location"), 1, labels)
    assert alone.text == "სად?"
    question, telephone = render(
        Reply("სად?", (Button("არ ვიცი", "act:help"),), asks="location"), 1, labels
    )
    assert (question.text, titles(question)) == ("სად?", [["არ ვიცი"]])
    assert telephone.text == "ან ღილაკით:"
    for part in (alone, telephone):
        assert part.telephone == Telephone("მდებარეობა", "location")
    (number,) = render(Reply("ნომერი?", asks="contact"), 1, labels)
    assert number.telephone == Telephone("მდებარეობა", "contact")

from __future__ import annotations

from typing import Any

from console.comparison import beside

SHORT = {"text": "გამარჯობა!", "buttons": []}


def reply(text: str, *titles: str, service: str | None = None) -> dict[str, Any]:
    buttons = [{"title": title, "payload": "act:help"} for title in titles]
    return {"text": text, "buttons": buttons, "service": service}


def marked(replies: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[str]:
    return [
        "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in bubble.pieces)
        for bubble in beside(replies, other)
    ]


def test_the_same_answer_has_no_marks() -> None:
    same = [reply("თვეში 3 ლარი.", "მენიუ", service="local_fees.cleaning_fee")]
    (bubble,) = beside(same, same)
    assert not bubble.differs
    assert (bubble.service, [piece.text for piece in bubble.buttons]) == (
        "local_fees.cleaning_fee",
        ["მენიუ"],
    )


def test_words_that_the_other_has_not_are_marked_on_either_side() -> None:
    mine, theirs = [reply("თვეში 3 ლარი ერთ სულზე.")], [reply("თვეში 2.5 ლარი ერთ სულზე.")]
    assert marked(mine, theirs) == ["თვეში [3] ლარი ერთ სულზე."]
    assert marked(theirs, mine) == ["თვეში [2.5] ლარი ერთ სულზე."]


def test_another_answer_is_marked_as_a_whole() -> None:
    assert marked([reply("თვეში 3 ლარი.")], [reply("ვერ გავიგე, სხვანაირად მითხარით")]) == [
        "[თვეში 3 ლარი.]"
    ]


def test_buttons_and_messages_that_the_other_has_not_are_marked() -> None:
    mine = [reply("აირჩიეთ", "ფასი", "მენიუ"), SHORT]
    first, second = beside(mine, [reply("აირჩიეთ", "მენიუ")])
    assert [(piece.text, piece.differs) for piece in first.buttons] == [
        ("ფასი", True),
        ("მენიუ", False),
    ]
    assert first.differs
    assert second.differs
    assert [bubble.differs for bubble in beside([reply("აირჩიეთ", "მენიუ")], mine)] == [False]


def test_whether_it_helped_is_no_part_of_an_answer() -> None:
    thumbs = [{"title": "👍 დამეხმარა", "payload": "feedback:up"}]
    asked = [{"text": "თვეში 3 ლარი.", "buttons": thumbs}]
    (bubble,) = beside(asked, [reply("თვეში 3 ლარი.")])
    assert (bubble.differs, bubble.buttons) == (False, ())


def test_nothing_beside_something() -> None:
    assert beside([], [SHORT]) == []
    assert marked([SHORT], []) == ["[გამარჯობა!]"]

from __future__ import annotations

import time

from bot.core.likeness import grouped
from bot.core.normalise import normalise
from bot.core.skeleton import skeleton


def groups(*texts: str) -> list[list[str]]:
    return grouped(texts, lambda text: skeleton(normalise(text)))


def test_scripts_typos_and_word_order_stand_together() -> None:
    assert groups(
        "ნაგავი არ გააქვთ", "nagavi ar gaaqvt", "nagavi ar gaakvs", "არ გააქვთ ნაგავი"
    ) == [["ნაგავი არ გააქვთ", "nagavi ar gaaqvt", "nagavi ar gaakvs", "არ გააქვთ ნაგავი"]]


def test_different_messages_stay_apart_in_their_order() -> None:
    assert groups("ლიფტი გაფუჭდა", "რა ღირს პარკინგი", "ლიფტი გაფუჭდა!") == [
        ["ლიფტი გაფუჭდა", "ლიფტი გაფუჭდა!"],
        ["რა ღირს პარკინგი"],
    ]


def test_short_message_does_not_swallow_a_long_one() -> None:
    assert len(groups("რა ღირს", "რა ღირს პარკინგი ცენტრში საღამოს")) == 2


def test_nothing_gives_no_group() -> None:
    assert groups() == []


def test_thousands_are_grouped_without_comparing_for_ever() -> None:
    texts = [f"შეკითხვა ნომერი {n * 7919} რომელიც {n * 104729} სხვაა" for n in range(1_500)]
    begun = time.process_time()
    groups(*texts)
    assert time.process_time() - begun < 20

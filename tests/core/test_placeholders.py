from __future__ import annotations

import pytest

from bot.core import placeholders

VALUES = {"rate": "3", "hotline": "1300"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("იხდით {rate} ლარს.", "იხდით 3 ლარს."),
        ("სახელის გარეშე", "სახელის გარეშე"),
        ("იხდით {rate} ლარს. დარეკეთ {phone}. ნახვამდის!", "იხდით 3 ლარს. ნახვამდის!"),
        ("Ո՞ւմ։ Զանգեք {phone}։", "Ո՞ւմ։"),
        ("ხაზი: {hotline}\nტელეფონი: {phone}\nბოლო", "ხაზი: 1300\nბოლო"),
        ("ერთი\n\n{phone}\n\nორი", "ერთი\n\nორი"),
        ("{phone}", ""),
        ("{Rate} {} { rate }", "{Rate} {} { rate }"),
    ],
)
def test_fill_leaves_out_what_has_no_value(text: str, expected: str) -> None:
    assert placeholders.fill(text, VALUES.get) == expected


def test_fill_does_not_fill_inside_values() -> None:
    assert placeholders.fill("{a}", {"a": "{b}", "b": "x"}.get) == "{b}"


def test_names_each_once_in_order() -> None:
    assert placeholders.names("{b} {a} {b}") == ("b", "a")


@pytest.mark.parametrize(("text", "stray"), [("{rate} ლარი", False), ("{rate", True), ("}", True)])
def test_has_stray_brace(text: str, stray: bool) -> None:
    assert placeholders.has_stray_brace(text) is stray

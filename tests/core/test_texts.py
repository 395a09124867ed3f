from __future__ import annotations

import pytest

from bot.core.replies import Button
from tests.fakes.knowledge_tree import Tree


def test_get_fills_values_and_the_towns_contacts(tree: Tree) -> None:
    reply = tree.load().texts.get("greet", "ka", "rustavi", count=3)
    assert reply.text == "გამარჯობა, რუსთავის მერია!\nცხელი ხაზი: 1300\nგამოდის 3"
    assert reply.buttons == (Button("მენიუ", "act:help"),)
    assert reply.service is None


def test_get_leaves_out_lines_without_a_value(tree: Tree) -> None:
    texts = tree.load().texts
    assert texts.get("greet", "en", "bolnisi").text == "Hello, Bolnisi City Hall!"
    assert texts.get("greet", "en").text == ""
    assert texts.get("human", "en", "bolnisi").text == "Call us."


def test_get_takes_a_missing_text_from_the_next_language_with_its_names(tree: Tree) -> None:
    texts = tree.load().texts
    assert texts.text("greet", "ru", "rustavi", count=1) == "Привет!\nЛиния: 1300\nВыходит 1"
    assert texts.text("national_only", "ru", "rustavi") == "The general rule (Rustavi)"
    assert texts.text("national_only", "hy", "rustavi") == "The general rule (Rustavi)"


def test_values_win_over_contacts(tree: Tree) -> None:
    assert "Hotline: 112" in tree.load().texts.text("greet", "en", "rustavi", hotline="112")


def test_get_of_an_unknown_text_raises(tree: Tree) -> None:
    texts = tree.load().texts
    assert texts.has("greet")
    assert not texts.has("greeting")
    with pytest.raises(KeyError):
        texts.get("greeting", "ka")


def test_page_attribute_and_topic_fall_back(tree: Tree) -> None:
    texts = tree.load().texts
    assert texts.page("ru") == {"send": "Отправить", "again": "Again"}
    assert texts.attribute("price", "ru") == "Price"
    assert texts.topic("waste", "ka") == "ნაგავი"
    assert texts.topic("waste", "hy") == "ნაგავი"
    assert texts.topic("parks", "ka") is None

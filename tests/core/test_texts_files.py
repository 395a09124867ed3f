from __future__ import annotations

import pytest

from tests.fakes.knowledge_tree import Tree


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("en", "offer: Which one?\n", "", "texts/en.yml:1: the text offer is missing"),
        ("ru", "greet:", "hello:", "texts/ru.yml:1: the text hello is not in knowledge/texts/ka"),
        ("en", "({municipality})", "", "texts/en.yml:21: {municipality} stands in only one of en"),
        ("ru", "Линия: {hotline}", "Линия", "texts/ru.yml:1: {hotline} stands in only one of ru"),
        ("en", "act:help", "act:human", "texts/en.yml:7: the buttons' payloads differ"),
        ("ka", "act:help", "act:helpp", "ka.yml:8: helpp in the payload act:helpp is unknown"),
        ("ka", "act:help", "act", "ka.yml:8: act is no payload; write one like"),
        ("ka", "title: მენიუ", f"title: {'მ' * 21}", "ka.yml:8: the button title"),
        ("ka", "არცერთი", "არცერთი ამ სამიდან რა", "ka.yml:13: the button title “არცერთი ამ"),
        ("ka", "ადამიანი", "ადამიანთან დაკავშირება", "ka.yml:24: the button title"),
        ("ka", "price: ფასი", f"price: {'ფ' * 21}", "ka.yml:26: the button title"),
        ("ka", "waste: ნაგავი", f"waste: {'ნ' * 21}", "ka.yml:36: the button title"),
        ("en", "  law: Law\n", "", "en.yml:25: the attribute law has no button title"),
        ("en", "  law: Law\n", "  low: Law\n", "unknown key low; did you mean law?"),
        ("ka", "topics: {waste", "topics: {wast", "ka.yml:36: unknown key wast; did you mean"),
        ("ka", "{count}", "{count", "ka.yml:1: a brace stands alone"),
        ("en", "page: {send: Send, again: Again}", "page: {send: Send}", "page.again is missing"),
        ("ka", "  buttons:", "  button:", "ka.yml:7: unknown key button; did you mean buttons?"),
        ("ka", "offer: რომელი?", "offer:", "ka.yml:12: offer is empty"),
    ],
)
def test_mistakes_are_named(tree: Tree, file: str, old: str, new: str, expected: str) -> None:
    tree.change(f"texts/{file}.yml", old, new)
    assert any(expected in finding for finding in tree.findings()), tree.findings()


def test_required_languages_must_be_there(tree: Tree) -> None:
    (tree.root / "texts/en.yml").unlink()
    (tree.root / "texts/ru.yml").unlink()
    assert tree.findings() == [
        "knowledge/texts/en.yml:1: the file is missing; the bot needs its texts in Georgian "
        "and English"
    ]


def test_a_file_of_no_language_is_reported(tree: Tree) -> None:
    tree.write("texts/de.yml", "greet: Hallo")
    (finding,) = tree.findings()
    assert finding.startswith("knowledge/texts/de.yml:1: no language of the bot")


def test_the_town_may_go_unnamed_in_other_languages(tree: Tree) -> None:
    assert "{city_hall}" not in (tree.root / "texts/ru.yml").read_text(encoding="utf-8")
    assert tree.findings() == []

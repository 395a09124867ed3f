from __future__ import annotations

import pytest

from bot.core.knowledge_search import KnowledgeSearch, grams
from tests.fakes.knowledge_tree import Tree


@pytest.fixture
def search(tree: Tree) -> KnowledgeSearch:
    return KnowledgeSearch(tree.load().knowledge)


@pytest.mark.parametrize(
    ("query", "service"),
    [
        ("დასუფთავება", "waste.fee"),
        ("დასუფტავების მოსაკრებელი რამდენია", "waste.fee"),
        ("dasuftaveba", "waste.fee"),
        ("dasuptavebis mosakrebeli", "waste.fee"),
        ("CLEANNING fee", "waste.fee"),
        ("gadaxda sad", "waste.payment"),
        ("где оплата", "waste.payment"),
        ("at a bnak?", "waste.payment"),
    ],
)
def test_search_forgives_typos_and_scripts(
    search: KnowledgeSearch, query: str, service: str
) -> None:
    assert search.search(query, "rustavi")[0][0] == service


def test_search_reads_the_towns_own_texts(search: KnowledgeSearch) -> None:
    own = dict(search.search("rustavi", "rustavi"))
    assert own["waste.fee"] > dict(search.search("rustavi", "bolnisi")).get("waste.fee", 0)


def test_search_is_limited_and_best_first(search: KnowledgeSearch) -> None:
    found = search.search("გადახდა დასუფთავება", "rustavi", limit=2)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert len(search.search("გადახდა დასუფთავება", "rustavi", limit=1)) == 1


@pytest.mark.parametrize("query", ["", "🙂🙂", "ჯჯჯჰჰჰ", "\ud800"])
def test_search_of_nothing_finds_nothing(search: KnowledgeSearch, query: str) -> None:
    assert search.search(query, "rustavi") == []


def test_grams_are_alike_in_both_scripts() -> None:
    assert grams("რუსთავი") == grams("rustavi")

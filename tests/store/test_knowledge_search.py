"""Searching the knowledge, on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store import knowledge_index, knowledge_search
from bot.store.database import Database
from tests.fakes.knowledge_tree import Tree, make_tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return make_tree(tmp_path / "knowledge")


@pytest.fixture
def filled(database: Database, tree: Tree) -> Database:
    assert load(database, tree)
    return database


def load(database: Database, tree: Tree) -> bool:
    contents = knowledge_index.contents(tree.load().knowledge)
    return database.call(knowledge_index.replace, contents, contents.digest())


def search(
    database: Database, query: str, town: str | None = "rustavi", limit: int = 5
) -> list[tuple[str, float]]:
    return database.call(knowledge_search.search, query, town, limit)


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
def test_search_forgives_typos_and_scripts(filled: Database, query: str, service: str) -> None:
    assert search(filled, query)[0][0] == service


def test_search_reads_the_towns_own_texts(filled: Database) -> None:
    own, other = dict(search(filled, "rustavi")), dict(search(filled, "rustavi", "bolnisi"))
    assert own["waste.fee"] > other.get("waste.fee", 0)
    assert search(filled, "dasuftaveba", None)


def test_search_is_limited_and_best_first(filled: Database) -> None:
    found = search(filled, "გადახდა დასუფთავება", limit=2)
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
    assert len(search(filled, "გადახდა დასუფთავება", limit=1)) == 1


@pytest.mark.parametrize(
    "query", ["", "🙂🙂", "ჯჯჯჰჰჰ", "\ud800", "\x00", "' OR 1=1 --", '"*"', "a" * 100_000]
)
def test_search_of_nothing_finds_nothing(filled: Database, query: str) -> None:
    assert search(filled, query) == []


def test_an_empty_database_finds_nothing(database: Database) -> None:
    assert search(database, "dasuftaveba") == []


def test_the_same_state_is_loaded_once_and_a_changed_one_replaces_it(
    filled: Database, tree: Tree
) -> None:
    assert not load(filled, tree)
    old, new = "title: {ka: გადახდა, en: Payment", "title: {ka: ა, en: Wombat"
    tree.change("national/waste.yml", old, new)
    assert load(filled, tree)
    assert search(filled, "wombat")[0][0] == "waste.payment"
    assert search(filled, "payment")[0][0] == "waste.fee"


def test_entries_read_as_in_the_town(filled: Database) -> None:
    for town, start in (("rustavi", "In Rustavi"), ("bolnisi", "You pay at most")):
        rows = filled.call(knowledge_index.entries, town)
        assert [row["service"] for row in rows] == ["waste.fee", "waste.payment"]
        assert start in rows[0]["content"]
    assert filled.call(knowledge_index.towns) == ["rustavi"]

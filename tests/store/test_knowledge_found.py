"""Whether the search finds what residents and staff mean in the shipped knowledge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.core.knowledge import Knowledge
from bot.core.knowledge_checks import load_knowledge
from bot.store import knowledge_index, knowledge_search
from bot.store.database import Database, open_database
from bot.store.migrate import upgrade
from tests.bench.knowledge_search import ROOT, TOWN, measure, paraphrases, titles, words


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(ROOT / "knowledge")


@pytest.fixture(scope="module")
def filled(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('found') / 'knowledge.sqlite'}"
    upgrade(url)
    database = open_database(url)
    contents = knowledge_index.contents(knowledge)
    database.call(knowledge_index.replace, contents, contents.digest())
    yield database
    database.close()


def test_the_right_entry_is_among_the_first_three(filled: Database, knowledge: Knowledge) -> None:
    # Every other title, to be quick; `python -m tests.bench.knowledge_search` looks all up.
    assert measure(filled, titles(knowledge)[::2]).three >= 0.98
    found = measure(filled, paraphrases())
    assert found.questions >= 200
    assert found.three >= 0.97


def test_a_single_word_finds_its_service_among_the_first_three(filled: Database) -> None:
    found = {
        word: [id for id, _ in filled.call(knowledge_search.search, word, TOWN, 3)]
        for word, _ in words()
    }
    missed = {word: found[word] for word, service in words() if service not in found[word]}
    assert missed == {}


@pytest.mark.parametrize("word", ["magic", "ჟირაფი", "динозавр", "spaceship"])
def test_what_only_shares_letters_is_hardly_alike(filled: Database, word: str) -> None:
    for _, score in filled.call(knowledge_search.search, word, TOWN, 1):
        assert score < 0.35

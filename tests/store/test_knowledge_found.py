"""Whether the search finds what residents mean in the shipped knowledge."""

from __future__ import annotations

from pathlib import Path

from bot.core.knowledge_checks import load_knowledge
from bot.store import knowledge_index
from bot.store.database import open_database
from bot.store.migrate import upgrade
from tests.bench.knowledge_search import ROOT, measure, paraphrases, titles


def test_the_right_entry_is_among_the_first_three(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'knowledge.sqlite'}"
    upgrade(url)
    database = open_database(url)
    knowledge = load_knowledge(ROOT / "knowledge")
    contents = knowledge_index.contents(knowledge)
    database.call(knowledge_index.replace, contents, contents.digest())
    # Every other title, to be quick; `python -m tests.bench.knowledge_search` looks all up.
    assert measure(database, titles(knowledge)[::2]).three >= 0.98
    found = measure(database, paraphrases())
    database.close()
    assert found.questions >= 200
    assert found.three >= 0.93

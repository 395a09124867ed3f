from __future__ import annotations

import logging
import os
import threading
import time

import pytest

from bot.core import knowledge_watch
from bot.core.errors import InputError
from bot.core.knowledge_watch import KnowledgeKeeper
from tests.fakes.knowledge_tree import Tree


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keeper(tree: Tree, clock: Clock) -> KnowledgeKeeper:
    settle(tree)
    return KnowledgeKeeper(tree.root, clock)


def settle(tree: Tree) -> None:
    """Make what was written just now look as if it lay there for a while."""
    then = time.time_ns() - 5_000_000_000
    for path in tree.root.rglob("*.yml"):
        if path.stat().st_mtime_ns > then:
            os.utime(path, ns=(then, then))


def title(keeper: KnowledgeKeeper) -> str:
    entry = keeper.current().knowledge.entry("waste.fee", "rustavi")
    assert entry is not None
    return entry.title["en"]


def test_refresh_takes_changed_files(tree: Tree, keeper: KnowledgeKeeper, clock: Clock) -> None:
    before = keeper.loaded_at
    tree.change("national/waste.yml", "Cleaning fee", "Waste fee")
    settle(tree)
    assert title(keeper) == "Cleaning fee"
    clock.now += 1
    assert keeper.refresh() is keeper.current()
    assert title(keeper) == "Waste fee"
    assert keeper.loaded_at > before


def test_refresh_looks_at_most_once_a_second(
    tree: Tree, keeper: KnowledgeKeeper, clock: Clock
) -> None:
    clock.now += 1
    keeper.refresh()
    tree.change("national/waste.yml", "Cleaning fee", "Waste fee")
    settle(tree)
    clock.now += 0.9
    keeper.refresh()
    assert title(keeper) == "Cleaning fee"
    clock.now += 0.1
    keeper.refresh()
    assert title(keeper) == "Waste fee"


def test_refresh_sees_new_and_deleted_files(
    tree: Tree, keeper: KnowledgeKeeper, clock: Clock
) -> None:
    (tree.root / "texts/ru.yml").unlink()
    settle(tree)
    clock.now += 1
    assert "ru" not in keeper.refresh().texts.languages
    tree.write("texts/hy.yml", "offer: Ո՞րը")
    settle(tree)
    clock.now += 1
    assert keeper.refresh().texts.text("offer", "hy") == "Ո՞րը"


def test_unchanged_files_are_not_read_again(keeper: KnowledgeKeeper, clock: Clock) -> None:
    before = keeper.current()
    clock.now += 10
    assert keeper.refresh() is before


def told(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Give what this part wrote: threads that earlier tests left may have something to say too."""
    return [record for record in caplog.records if record.name == knowledge_watch.__name__]


@pytest.mark.parametrize("file", ["national/waste.yml", "texts/ka.yml", "catalogue.yml"])
def test_the_last_good_knowledge_stays_while_the_new_one_is_wrong(
    tree: Tree,
    keeper: KnowledgeKeeper,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    file: str,
) -> None:
    good, text = keeper.current(), (tree.root / file).read_text(encoding="utf-8")
    with caplog.at_level(logging.INFO):
        tree.write(file, text + "wrong: [\n")
        settle(tree)
        for _ in range(3):
            clock.now += 1
            assert keeper.refresh() is good
    assert [finding.path for finding in keeper.problems] == [f"knowledge/{file}"]
    assert len(told(caplog)) == 1
    assert f"knowledge/{file}" in caplog.text
    tree.write(file, text)
    settle(tree)
    clock.now += 1
    assert keeper.refresh() is not good
    assert keeper.problems == ()


def test_a_missing_catalogue_is_a_problem_and_no_crash(
    tree: Tree, keeper: KnowledgeKeeper, clock: Clock
) -> None:
    good = keeper.current()
    (tree.root / "catalogue.yml").unlink()
    settle(tree)
    clock.now += 1
    assert keeper.refresh() is good
    assert len(keeper.problems) == 1


def test_wrong_knowledge_at_the_start_raises(tree: Tree) -> None:
    tree.change("national/waste.yml", "  owner: finance\n", "")
    settle(tree)
    with pytest.raises(InputError):
        KnowledgeKeeper(tree.root)


def test_a_file_being_written_is_left_until_it_is_whole(
    tree: Tree, keeper: KnowledgeKeeper, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than a busy machine stands still, and less than `settle` goes back.
    monkeypatch.setattr(knowledge_watch, "SETTLING", 4_000_000_000)
    good, text = keeper.current(), (tree.root / "texts/ka.yml").read_text(encoding="utf-8")
    (tree.root / "texts/ka.yml").write_text(text[:50], encoding="utf-8")
    now = time.time_ns()
    os.utime(tree.root / "texts/ka.yml", ns=(now, now))
    clock.now += 1
    assert keeper.refresh() is good
    assert keeper.problems == ()
    settle(tree)
    clock.now += 1
    keeper.refresh()
    assert keeper.problems != ()


def test_a_time_in_the_future_does_not_hold_a_change_back(
    tree: Tree, keeper: KnowledgeKeeper, clock: Clock
) -> None:
    tree.change("national/waste.yml", "Cleaning fee", "Cleaning due")
    then = time.time_ns() + 10**12
    os.utime(tree.root / "national/waste.yml", ns=(then, then))
    clock.now += 1
    keeper.refresh()
    assert title(keeper) == "Cleaning due"


def test_threads_refresh_at_once_and_read_it_once(
    tree: Tree, keeper: KnowledgeKeeper, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    tree.change("national/waste.yml", "Cleaning fee", "Waste fee")
    settle(tree)
    clock.now += 1
    seen: list[object] = []
    threads = [threading.Thread(target=lambda: seen.append(keeper.refresh())) for _ in range(8)]
    with caplog.at_level(logging.INFO):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(seen) == 8
    assert len(told(caplog)) == 1
    assert title(keeper) == "Waste fee"

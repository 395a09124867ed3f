"""Another model is published while residents write: real processes, one after the other."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path

import psutil
import pytest

from bot.core import serving
from bot.core.model_registry import Registry
from bot.store import journal
from bot.store.database import open_database
from tests.commands.deployment import Running
from tests.commands.running import cbot
from tests.commands.traffic import Residents

pytestmark = pytest.mark.slow

OLD, NEW = "20260101-000000", "20260102-000000"


@pytest.fixture
def registry(project: Path) -> Registry:
    """A second model, so far unused."""
    shutil.copy(project / "models" / f"{OLD}.tar.gz", project / "models" / f"{NEW}.tar.gz")
    return Registry(project / "models")


def engines(running: Running) -> list[int]:
    """Give the processes that are engines."""
    found = []
    for child in psutil.Process(running.process.pid).children():
        with contextlib.suppress(psutil.Error):
            if "engine" in child.cmdline():
                found.append(child.pid)
    return found


def serves(project: Path, model: str, state: str = serving.SERVING) -> bool:
    told = serving.told(project / "var")
    return told is not None and (told.state, told.model) == (state, model)


def test_nobody_is_lost_when_a_model_is_published_and_rolled_back(
    registry: Registry, running: Running, settings: dict[str, str], project: Path
) -> None:
    running.wait_until(lambda: serves(project, OLD))
    (before,) = engines(running)
    with Residents(running.url) as residents:
        time.sleep(3)
        result = cbot("models", "publish", NEW, **settings)
        assert result.returncode == 1
        assert "no examination" in result.stderr.replace("\n", " ")
        assert registry.live() is None
        begun = time.monotonic()
        result = cbot("models", "publish", NEW, "--override", "გამოცდა", **settings)
        publishing = time.monotonic() - begun
        assert result.returncode == 0, result.stderr
        assert serves(project, NEW)
        running.wait_until(lambda: before not in engines(running))
        (middle,) = engines(running)
        result = cbot("models", "publish", OLD, "--override", "გამოცდა", **settings)
        assert result.returncode == 0, result.stderr
        running.wait_until(lambda: middle not in engines(running))
        result = cbot("models", "rollback", **settings)
        assert result.returncode == 0, result.stderr
        assert serves(project, NEW)
        running.wait_until(lambda: len(engines(running)) == 1)
        time.sleep(2)
    seen = residents.seen
    assert len(seen.waits) > 50
    assert (seen.lost, seen.extra, seen.refused) == (0, 0, 0)
    # Nobody waited for a model to be loaded; how long a turn takes is the machine's affair.
    assert seen.longest < publishing, sorted(seen.waits)[-10:]
    assert sorted(seen.waits)[len(seen.waits) // 2] < publishing / 4
    database = open_database(f"sqlite:///{project / 'var' / 'cbot.sqlite'}")
    lines = database.call(journal.entries)
    database.close()
    assert [(line.action, line.subject) for line in lines] == [
        ("models.rollback", NEW),
        ("models.override", OLD),
        ("models.override", NEW),
        ("models.refuse", NEW),
    ]
    assert lines[1].details["override"] == "გამოცდა"
    assert lines[1].actor.startswith("cli:")


def test_model_that_cannot_be_loaded_changes_nothing_for_residents(
    registry: Registry, running: Running, settings: dict[str, str], project: Path
) -> None:
    broken = project / "models" / f"{NEW}.tar.gz"
    broken.write_bytes(b"\x1f\x8b\x08\x00broken")
    running.wait_until(lambda: serves(project, OLD))
    (before,) = engines(running)
    result = cbot("models", "publish", NEW, "--override", "გამოცდა", **settings)
    assert result.returncode == 3
    assert "no readable model" in result.stderr.replace("\n", " ")
    assert registry.live() is None
    # And when it gets past the gate, as by a hand on the file:
    registry.publish(NEW, "somebody")
    running.wait_until(lambda: serves(project, OLD, serving.FAILED))
    running.say("nagvis fuli ramdenia")
    assert running.reply()["service"] == "local_fees.cleaning_fee"
    running.wait_until(lambda: engines(running) == [before])


def test_published_model_that_is_broken_is_passed_over_at_the_next_start(
    registry: Registry, settings: dict[str, str], tmp_path: Path, project: Path
) -> None:
    registry.publish(OLD, "somebody")
    registry.publish(NEW, "somebody")
    (project / "models" / f"{NEW}.tar.gz").write_bytes(b"broken")
    started = Running(settings, tmp_path / "run.log")
    try:
        started.wait_until(started.ready)
        started.say("nagvis fuli ramdenia")
        assert started.reply()["service"] == "local_fees.cleaning_fee"
        assert "passed over" in started.log.read_text()
    finally:
        started.end()

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.training import fingerprint
from tests.commands.deployment import Running
from tests.fakes.ports import free_ports

#: What `cbot run` reads: no training happens, for the model beside it is up to date.
PARTS = ("knowledge", "data/rules", "data/nlu/dialogue")


@pytest.fixture
def project(root: Path, tmp_path: Path, small_model: Path) -> Path:
    """A project whose model is up to date."""
    for name in PARTS:
        shutil.copytree(root / name, tmp_path / name)
    for name in ("config.yml", "domain.yml"):
        shutil.copy(root / name, tmp_path)
    (tmp_path / "models").mkdir()
    shutil.copy(small_model, tmp_path / "models" / "20260101-000000.tar.gz")
    note = f'{{"fingerprint": "{fingerprint(tmp_path)}"}}'
    (tmp_path / "models" / "20260101-000000.json").write_text(note)
    return tmp_path


@pytest.fixture
def settings(project: Path) -> dict[str, str]:
    names = ("CBOT_CONNECTORS_PORT", "CBOT_ENGINE_PORT", "CBOT_CONSOLE_PORT")
    ports = dict(zip(names, map(str, free_ports(3)), strict=True))
    return {"CBOT_ROOT": str(project), **ports}


@pytest.fixture
def running(settings: dict[str, str], tmp_path: Path) -> Iterator[Running]:
    started = Running(settings, tmp_path / "run.log")
    try:
        started.wait_until(started.ready)
        yield started
    finally:
        started.end()

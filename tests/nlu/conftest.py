from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.nlu.entity_finder import EntityFinder


@pytest.fixture(scope="session")
def finder() -> EntityFinder:
    file = Path(__file__).parents[2] / "data" / "nlu" / "lookups" / "places.yml"
    names = {
        line.removeprefix("- "): block["lookup"]
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    }
    return EntityFinder(names)

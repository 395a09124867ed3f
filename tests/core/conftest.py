from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.knowledge_tree import Tree, make_tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Give a small knowledge folder that passes every check."""
    return make_tree(tmp_path / "knowledge")

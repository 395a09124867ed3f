"""Actions are tried as in a process without an engine's database, unless a test brings one."""

from __future__ import annotations

import pytest

from bot.actions import knowledge_base


@pytest.fixture(scope="module", autouse=True)
def no_knowledge_base() -> None:
    """Forget the database of an engine that an earlier test ran in this process."""
    knowledge_base.use(None, "rustavi")
